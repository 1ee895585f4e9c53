"""The calendar of leaves: looked over before a district is left empty, undone with one button."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geo.moments import local_day
from mapui.leaves import Month
from people.leaves import Absence, put_down
from people.models import Leave, Officer, Posting, StaffDeed
from tests.appeals.conftest import Office, build_office, user_with_role

PAGE = "/staff/navchannia/leaves/"
NEW = f"{PAGE}new/"


def typed(office: Office, **changes: object) -> dict[str, object]:
    """A leave of the north's officer, from tomorrow for a week."""
    today = local_day(timezone.now())
    first, last = (today + datetime.timedelta(days=n) for n in (1, 7))
    return {"officer": office.world.officer.pk, "first": first, "last": last, "substitute": ""} | changes


def leaves_of(office: Office) -> list[Leave]:
    return list(Leave.objects.filter(officer=office.world.officer))


def newcomer(office: Office) -> Officer:
    return Officer.objects.create(
        city=office.world.city, key="new", name_uk="Новий Заступник", checked_on="2026-01-01"
    )  # fmt: skip


def test_leave_that_empties_a_district_is_put_down_only_after_a_second_look(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    page = english.post(NEW, typed(office))
    assert page.status_code == 422
    assert "Nobody would answer in North" in page.text
    assert leaves_of(office) == []
    assert english.post(NEW, typed(office, anyway="1")).status_code == 302
    assert len(leaves_of(office)) == 1


def test_leave_with_a_substitute_is_put_down_at_once_shown_and_undone(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    page = english.post(NEW, typed(office, substitute=newcomer(office).pk), follow=True)
    assert "The leave is put down." in page.text
    assert "Новий Заступник stands in" in page.text
    deed = StaffDeed.objects.get(deed="leave")
    page = english.post(f"{PAGE}deeds/{deed.pk}/undo/", follow=True)
    assert leaves_of(office) == []
    assert "Leave of Test Officer 1 taken back" in page.text


def test_substitute_is_changed_and_an_officer_comes_back(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    english.post(NEW, typed(office, anyway="1"))
    [leave] = leaves_of(office)
    change = typed(office, substitute=newcomer(office).pk)
    assert english.get(f"{PAGE}{leave.pk}/").status_code == 200
    assert english.post(f"{PAGE}{leave.pk}/", change).status_code == 302
    assert Posting.objects.filter(leave=leave, officer__key="new").count() == 1
    assert english.post(f"{PAGE}{leave.pk}/end/").status_code == 302
    assert leaves_of(office) == []


@pytest.mark.parametrize(("last", "offered"), [(-1, False), (0, True)])
def test_nobody_comes_back_from_a_leave_that_has_ended(
    english: Client, office: Office, last: int, offered: bool
) -> None:
    english.force_login(office.supervisor)
    today = local_day(timezone.now())
    first, after = (today + datetime.timedelta(days=n) for n in (-2, last + 1))
    leave = Leave.objects.create(officer=office.world.officer, during=(first, after))
    page = english.get(f"{PAGE}?month={first:%Y-%m}").text
    assert f"{PAGE}{leave.pk}/" in page
    assert (f"{PAGE}{leave.pk}/end/" in page) == offered
    answer = english.post(f"{PAGE}{leave.pk}/end/", follow=True)
    assert ("This leave has ended already." in answer.text) != offered


def test_refusals_stand_beside_what_was_typed(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    page = english.post(NEW, typed(office, substitute=office.world.officer.pk))
    assert "The substitute is another officer of the same city." in page.text
    today = local_day(timezone.now())
    page = english.post(NEW, typed(office, last=today - datetime.timedelta(days=9)))
    assert "The last day is before the first." in page.text


def test_month_shows_who_is_away_and_where_nobody_answers(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    page = english.get(f"{PAGE}?month=2026-06")
    rows = {row["name"]: row["cells"] for row in page.context["table"]["rows"]}
    assert set(rows["South"]) == {"away"}
    assert set(rows["Test Officer 2"]) == {"away"}
    assert set(rows["Test Officer 3"]) == {"acts"}
    assert len(rows["South"]) == 30


@pytest.mark.parametrize("text", ["", "soon", "2026-13", "0001-01", "9999-12"])
def test_month_that_cannot_be_read_is_the_month_of_today(text: str) -> None:
    today = datetime.date(2026, 2, 28)
    month = Month.read(text, today=today)
    assert (month.key, len(month.days), month.before.key, month.after.key) == ("2026-02", 28, "2026-01", "2026-03")


def test_november_is_called_what_it_is_called(client: Client, office: Office) -> None:
    client.force_login(office.supervisor)
    assert "Листопад 2026" in client.get(f"{PAGE}?month=2026-11").text  # the spelling alphabet has a Новембер


def test_page_asks_as_often_for_many_leaves_as_for_few(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    english.get(PAGE)
    counts = []
    for round_ in range(2):
        with CaptureQueriesContext(connection) as asked:
            english.get(PAGE)
        counts.append(len(asked))
        for n in range(5 * (1 - round_)):
            officer = Officer.objects.create(
                city=office.world.city, key=f"n{n}", name_uk=f"Офіцер {n}", checked_on="2026-01-01"
            )  # fmt: skip
            today = local_day(timezone.now())
            put_down(
                by=office.supervisor, officer=officer, absence=Absence(today, today), at=timezone.now()
            )  # fmt: skip
    assert counts[1] <= counts[0] + 1


def test_coordinator_keeps_leaves_too_and_nobody_those_of_another_city(client: Client, office: Office) -> None:
    elsewhere = build_office("inshe", west=26.0)
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    client.force_login(coordinator)
    assert client.get(PAGE).status_code == 200
    foreign = Leave.objects.get(officer=elsewhere.world.officer_on_leave)
    assert client.post(f"{PAGE}{foreign.pk}/end/").status_code == 404
    assert client.get("/staff/inshe/leaves/").status_code == 403
