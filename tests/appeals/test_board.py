"""The supervisor's board: what waits stands with whoever answers today, and what is kept from somebody with nobody."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from appeals.access import as_staff
from appeals.board import Board, Load, board
from appeals.errors import NotYours, TextMissing
from appeals.models import Appeal, KeepFrom
from appeals.services import hand_up, reassign, reply
from people.models import Officer, Posting, User
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON, TODAY

DUE = TODAY + datetime.timedelta(days=2)
"""A message of NOON is due two working days later."""
numbers = st.integers(0, 50)
loads = st.builds(Load, numbers, numbers, numbers, numbers)


def seen_by(user: User, office: Office, *, on: datetime.date = TODAY) -> Board:
    """The board as one of the staff is shown it on a day."""
    with as_staff(user, on=on):
        return board(office.world.city, user, on=on)


def by_district(shown: Board) -> dict[str, Load]:
    return {row.district.code: row.load for row in shown.districts}


@given(loads, loads, loads)
def test_loads_add_up_in_any_order(one: Load, two: Load, three: Load) -> None:
    assert one + two + three == three + (two + one)
    assert one + Load() == one


@pytest.mark.parametrize(
    ("day", "load"),
    [
        (TODAY, Load(1, 0, 0, 1)),
        (DUE, Load(1, 0, 1, 0)),
        (DUE + datetime.timedelta(days=1), Load(1, 1, 0, 0)),
    ],
)
def test_letter_is_due_soon_then_today_then_overdue(office: Office, day: datetime.date, load: Load) -> None:
    new_letter(office.world)
    shown = seen_by(office.supervisor, office, on=day)
    assert by_district(shown)["1"] == shown.total == load
    assert [(row.officer, row.load) for row in shown.officers if row.load != Load()] == [(office.world.officer, load)]


@pytest.mark.parametrize(("days", "soon"), [(0, 0), (1, 1), (3, 1), (4, 0)])
def test_board_and_filter_agree_on_what_is_due_soon(office: Office, days: int, soon: int) -> None:
    day = new_letter(office.world).appeal.answer_due_on - datetime.timedelta(days=days)
    assert seen_by(office.supervisor, office, on=day).total.soon == soon
    with as_staff(office.supervisor, on=day):
        assert Appeal.objects.due_soon_after(day).count() == soon


def test_answered_letter_waits_no_more(office: Office) -> None:
    sent = new_letter(office.world)
    with as_staff(office.supervisor, on=TODAY):
        reply(
            appeal=sent.appeal, author=office.supervisor, body="Done.", sent_at=NOON,
            key="11111111-1111-1111-1111-111111111111",
        )  # fmt: skip
    assert seen_by(office.supervisor, office).total == Load()


def test_letter_stands_with_who_acts_and_district_without_anybody_is_named(office: Office) -> None:
    new_letter(office.world, district="2", point=office.world.in_mid)
    new_letter(office.world, district="3", point=office.world.in_south)
    shown = seen_by(office.supervisor, office)
    waiting = {row.officer: row.load.waiting for row in shown.officers}
    assert waiting == {office.world.officer: 0, office.world.acting: 1}
    assert [(row.district.code, row.load.waiting) for row in shown.unassigned] == [("3", 1)]


def test_letter_kept_from_the_officer_stands_in_no_row_but_above(office: Office) -> None:
    new_letter(office.world, keep_from=KeepFrom.OFFICER)
    shown = seen_by(office.supervisor, office)
    assert by_district(shown)["1"] == Load()
    assert (shown.above.waiting, shown.total.waiting) == (1, 1)


def test_supervisor_about_whom_somebody_complained_does_not_see_it_in_any_count(office: Office) -> None:
    other = user_with_role(office.world, "supervisor", "other@example.org")
    new_letter(office.world, keep_from=KeepFrom.SUPERVISOR, kept_supervisor=other.pk)
    assert seen_by(other, office).total == Load()
    assert seen_by(office.supervisor, office).above.waiting == 1


def test_letter_of_a_left_officer_is_left_behind_until_it_is_reassigned_in_its_district(office: Office) -> None:
    world = office.world
    sent = new_letter(world)
    Posting.objects.filter(officer=world.officer).delete()
    Posting.objects.create(officer=world.acting, district=world.north, during=(datetime.date(2025, 1, 1), None))
    shown = seen_by(office.supervisor, office)
    assert [(left.officer, left.letters) for left in shown.left_behind] == [(world.officer, 1)]
    assert {row.officer: row.load.waiting for row in shown.officers}[world.acting] == 1

    with as_staff(office.supervisor, on=TODAY):
        done = reassign(appeals=[sent.appeal], to=None, by=office.supervisor, at=NOON, reason="She has left.")
    assert [each.officer for each in done.handed] == [world.acting]
    assert seen_by(office.supervisor, office).left_behind == ()
    event = Appeal.objects.with_key().get().events.get(kind="transfer")
    assert (event.by, event.facts["from"], event.facts["to"]) == (office.supervisor, "1", "1")
    assert event.facts["officer"] == world.acting.key


def test_letters_are_reassigned_together_and_what_cannot_be_is_said(office: Office) -> None:
    world = office.world
    one, two, kept = new_letter(world), new_letter(world), new_letter(world, keep_from=KeepFrom.OFFICER)
    letters = [each.appeal for each in (one, two, kept)]
    with as_staff(office.supervisor, on=TODAY):
        done = reassign(appeals=letters, to=world.mid, by=office.supervisor, at=NOON, reason="Too many.")
    assert len(done.handed) == 2
    assert [appeal for appeal, _why in done.refused] == [kept.appeal]
    assert set(Appeal.objects.filter(district=world.mid).values_list("officer", flat=True)) == {world.acting.pk}
    with as_staff(office.supervisor, on=TODAY):
        reasons = {Appeal.objects.with_key().get(pk=each.pk).events.last().reason for each in done.handed}  # type: ignore[union-attr]
    assert reasons == {"Too many."}


def test_what_was_handed_up_goes_back_to_who_answers_in_its_district(office: Office) -> None:
    sent = new_letter(office.world)
    with as_staff(office.supervisor, on=TODAY):
        hand_up(appeal=sent.appeal, by=office.supervisor, at=NOON, reason="Mine.")
        reassign(appeals=[sent.appeal], to=None, by=office.supervisor, at=later(hours=1), reason="Not mine.")
    assert Appeal.objects.get().officer == office.world.officer


def test_only_a_supervisor_reassigns_and_never_without_a_reason(office: Office) -> None:
    sent = new_letter(office.world)
    with as_staff(office.officer, on=TODAY), pytest.raises(NotYours):
        reassign(appeals=[sent.appeal], to=office.world.mid, by=office.officer, at=NOON, reason="So.")
    with as_staff(office.supervisor, on=TODAY), pytest.raises(TextMissing):
        reassign(appeals=[sent.appeal], to=office.world.mid, by=office.supervisor, at=NOON, reason=" ")


def test_board_asks_as_often_for_many_letters_and_officers_as_for_one(office: Office) -> None:
    new_letter(office.world)
    with CaptureQueriesContext(connection) as few:
        seen_by(office.supervisor, office)
    for n in range(6):
        new_letter(office.world, district="3", point=office.world.in_south)
        gone = Officer.objects.create(city=office.world.city, key=f"gone-{n}", name_uk=f"Зниклий {n}", checked_on=TODAY)
        Appeal.objects.filter(officer=None, district=office.world.south, number=n + 2).update(officer=gone, why="main")
    with CaptureQueriesContext(connection) as many:
        shown = seen_by(office.supervisor, office)
    assert len(shown.left_behind) == 6
    assert len(many) <= len(few) + 1  # the names of those who left, at once
