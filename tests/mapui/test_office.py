"""The office's first page: every link on it works for whoever reads it."""

import re

import pytest
from django.test import Client

from appeals.models import Notice
from geo.models import City
from people.models import User
from tests.appeals.conftest import Office, user_with_role
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
