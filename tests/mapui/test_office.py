"""The office: every link of its first page works for whoever reads it, and letters open to nobody else."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appeals.models import Appeal, Notice
from geo.models import City
from geo.moments import local_day
from mapui.offices import facts_by_city, facts_in, most_urgent_first, offices_of
from people.models import Membership, User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.mapui.letter_pages import KEY
from tests.world import NOON, build_world

CITY_LINKS = re.compile(r'href="(/staff/[a-z]+/[a-z]+/)"')


def city_links(client: Client, user: User) -> list[str]:
    client.force_login(user)
    return CITY_LINKS.findall(client.get("/staff/").text)


@pytest.mark.parametrize("stage", City.Stage.values)
@pytest.mark.parametrize("role", ["officer", "supervisor", "coordinator", "moderator", "analyst", "superuser"])
def test_every_link_of_the_office_opens(client: Client, office: Office, stage: str, role: str) -> None:
    City.objects.update(stage=stage)
    if role == "superuser":
        reader = User.objects.create_superuser("root@example.org")
    else:
        reader = {"officer": office.officer, "supervisor": office.supervisor}.get(role) or user_with_role(
            office.world, role, "reader@example.org"
        )
    links = city_links(client, reader)
    assert {path: client.get(path).status_code for path in links} == dict.fromkeys(links, 200)
    if role in {"supervisor", "coordinator", "superuser"}:
        assert "/staff/navchannia/officers/" in links


def test_facts_of_cities_are_those_of_the_letters_that_a_person_may_read(office: Office) -> None:
    elsewhere, today = build_office("inshe", west=26.0), local_day(NOON)
    administrator = User.objects.create_superuser("root@example.org")
    for supervisor in (office.officer, elsewhere.officer):  # of the district that is their own, and of another city
        supervisor.memberships.create(city=office.world.city, role="supervisor")
    for world in (office.world, office.world, elsewhere.world, elsewhere.world):
        kept = new_letter(world, received_at=NOON).appeal
        new_letter(world, district="2", point=None, received_at=NOON)
    Appeal.objects.filter(pk=kept.pk).update(
        addressee="supervisor", officer=None, why="kept", recused_supervisor=elsewhere.supervisor
    )
    waiting = []
    for user in (office.officer, elsewhere.officer, office.supervisor, elsewhere.supervisor, administrator):
        found = facts_by_city(user, on=today)
        for city in City.objects.all():
            letters = Appeal.objects.visible_to(user, on=today).filter(city=city)
            days = list(letters.waiting().values_list("answer_due_on", flat=True))
            facts = {"waiting": len(days), "due_today": days.count(today), "overdue": sum(day < today for day in days)}
            assert found.get(city.pk, dict.fromkeys(facts, 0)) == facts_in(city, user, on=today) == facts
        waiting.append(sum(each["waiting"] for each in found.values()))
    assert waiting == [4, 5, 4, 3, 0]


@pytest.mark.parametrize(("stage", "led"), [("draft", False), ("training", True), ("open", True), ("closed", True)])
def test_letters_are_led_to_where_there_may_be_some(client: Client, office: Office, stage: str, led: bool) -> None:
    City.objects.update(stage=stage)
    assert ("/staff/navchannia/letters/" in city_links(client, office.supervisor)) is led


def test_superuser_has_every_city_and_no_letters(client: Client, office: Office) -> None:
    build_world("inshe", stage="draft", west=26.0)
    links = city_links(client, User.objects.create_superuser("root@example.org"))
    of_cities = [
        f"/staff/{slug}/{page}/"
        for slug in ("inshe", "navchannia")
        for page in (
            "addresses",
            "boundaries",
            "cards",
            "changes",
            "city",
            "leaves",
            "mail",
            "mistakes",
            "officers",
            "opening",
            "pages",
            "people",
            "phones",
            "territories",
            "training",
        )
    ]
    assert sorted(links) == [*of_cities, "/staff/site/pages/", "/staff/site/phones/"]


def test_person_without_a_role_is_told_whom_to_ask(client: Client, office: Office) -> None:
    client.force_login(User.objects.create_user("nobody@example.org"))
    assert "У вас немає ролі в жодному місті" in client.get("/staff/").text


def test_mail_that_did_not_arrive_is_counted_on_its_button(client: Client, office: Office) -> None:
    for state in ("failed", "unknown", "sent"):
        Notice.objects.create(
            event=state, reader=office.officer, side="officer", kind="due", state=state, announced_at=NOON,
            settled_at=NOON, claimed_at=NOON,
        )  # fmt: skip
    client.force_login(office.supervisor)
    client.cookies["language"] = "en"
    assert "2 did not arrive" in client.get("/staff/").text
    client.force_login(office.officer)
    assert "did not arrive" not in client.get("/staff/").text


# --- Letters -------------------------------------------------------------------------------------------------

STAFF_PAGES = ["staff_appeals", "staff_heatmap"]


@pytest.mark.parametrize("name", STAFF_PAGES)
@pytest.mark.parametrize("role", ["moderator", "analyst", "coordinator", "superuser", ""])
def test_pages_of_letters_are_closed_to_others(office: Office, client: Client, role: str, name: str) -> None:
    if role == "superuser":
        client.force_login(User.objects.create_superuser("root@example.org"))
    elif role:
        client.force_login(user_with_role(office.world, role, "other@example.org"))
    opens = (role, name) == ("analyst", "staff_heatmap")  # by what is released
    status = client.get(reverse(name, args=["navchannia"])).status_code
    assert status == (200 if opens else 403 if role else 302)


@pytest.mark.parametrize(
    ("name", "more"), [("staff_appeal", []), ("staff_appeal_reply", []), ("staff_appeal_move", ["close"])]
)
def test_a_letter_of_another_district_does_not_exist_for_an_officer(
    office: Office, client: Client, name: str, more: list[str]
) -> None:
    foreign = new_letter(office.world, district="3", point=None, received_at=timezone.now()).appeal
    client.force_login(office.officer)
    url = reverse(name, args=["navchannia", foreign.public_number, *more])
    answer = client.get(url) if name == "staff_appeal" else client.post(url, {"key": KEY, "body": "Mine?"})
    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert (foreign.state, foreign.messages.count()) == ("received", 0)


def test_an_officer_accepts_and_closes_a_letter(office: Office, client: Client) -> None:
    letter = new_letter(office.world, received_at=timezone.now()).appeal
    client.force_login(office.officer)
    for name, state in (("accept", "accepted"), ("close", "closed"), ("accept", "closed")):
        client.post(reverse("staff_appeal_move", args=["navchannia", letter.public_number, name]), {"reason": "Done."})
        letter.refresh_from_db()
        assert letter.state == state
    unknown = reverse("staff_appeal_move", args=["navchannia", letter.public_number, "answer"])
    assert client.post(unknown).status_code == 404


def test_a_wrong_filter_of_the_heatmap_is_told(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = english.get(reverse("staff_heatmap", args=["navchannia"]), {"from": "yesterday"})
    assert "must be a day" in page.content.decode()


def test_the_office_shows_only_what_the_role_opens(office: Office, english: Client) -> None:
    english.force_login(office.officer)
    page = english.get(reverse("staff_home")).content.decode()
    assert reverse("staff_appeals", args=["navchannia"]) in page
    english.force_login(user_with_role(office.world, "analyst", "analyst@example.org"))
    assert reverse("staff_appeals", args=["navchannia"]) not in english.get(reverse("staff_home")).content.decode()


def test_cities_with_overdue_letters_come_first_and_all_are_summed_up(english: Client, office: Office) -> None:
    now, reader = timezone.now(), office.supervisor
    worlds = {slug: build_world(slug, west=30.0 + n, stage="training") for n, slug in enumerate(("aaa", "bbb", "ccc"))}
    for each in worlds.values():
        Membership.objects.create(user=reader, city=each.city, role="supervisor")
    new_letter(worlds["bbb"], received_at=now)
    new_letter(worlds["ccc"])  # long ago
    english.force_login(reader)
    page = english.get("/staff/")
    slugs = [each["city"].slug for each in page.context["page"]]
    assert slugs[0] == "ccc"
    assert page.context["sums"]["overdue"] == 1
    assert page.context["sums"]["waiting"] == 2
    assert "All cities together" in page.text
    today = Appeal.objects.get(city=worlds["bbb"].city).answer_due_on
    assert [each["city"].slug for each in most_urgent_first(offices_of(reader, on=today))][:2] == ["ccc", "bbb"]


def test_sums_are_not_told_of_one_city(english: Client, office: Office) -> None:
    english.force_login(office.supervisor)
    assert "All cities together" not in english.get("/staff/").text
