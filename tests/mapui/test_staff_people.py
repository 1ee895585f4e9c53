"""Pages on which a coordinator manages the staff, and where the invited join."""

import re
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from people.models import Invitation, Membership, User
from tests.world import World

PEOPLE = "/staff/kvadraty/people/"
JOIN = "/account/invitation/"
NEW = {"name": "Нова Людина", "email": "new@example.org", "roles": ["analyst"]}
WORDS = {"password": "correct horse battery", "again": "correct horse battery"}


def member(world: World, role: str) -> User:
    user = User.objects.create_user(f"{role}@example.org", password=WORDS["password"], first_name=f"Пані {role}")
    Membership.objects.create(user=user, city=world.city, role=role)
    return user


@pytest.fixture
def coordinator(client: Client, world: World) -> Client:
    client.force_login(member(world, "coordinator"))
    return client


def long_ago(client: Client) -> None:
    """Let the last confirmation be 16 minutes old."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 16 * 60
    session.save()


def link_for(coordinator: Client, **changes: Any) -> str:
    page = coordinator.post(f"{PEOPLE}invite/", NEW | changes)
    assert page.status_code == 200
    found = re.search(r"http://testserver(/account/invitation/\?key=[\w-]+)", page.text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("role", "status"), [("supervisor", 200), ("officer", 403), ("moderator", 403), ("analyst", 403)]
)
def test_supervisors_look_on_and_nobody_else(client: Client, world: World, role: str, status: int) -> None:
    client.force_login(member(world, role))
    page = client.get(PEOPLE)
    assert page.status_code == status
    assert f"{PEOPLE}invite/" not in page.text
    assert client.post(f"{PEOPLE}invite/", NEW).status_code == 403
    assert not Invitation.objects.exists()


def test_the_list_shows_roles_and_who_lacks_a_second_factor(coordinator: Client, world: World) -> None:
    member(world, "analyst")
    page = coordinator.get(PEOPLE).text
    assert "Пані analyst" in page
    assert "аналітик" in page
    assert "ще немає" in page


def test_the_invited_choose_a_password_and_come_to_the_second_factor(coordinator: Client, world: World) -> None:
    link = link_for(coordinator)
    key = link.partition("=")[2]
    assert key not in coordinator.get(PEOPLE).text
    invitee = Client()
    assert invitee.get(link)["Location"] == JOIN
    assert "new@example.org" in invitee.get(JOIN).text
    answer = invitee.post(JOIN, WORDS)
    assert answer["Location"] == reverse("mfa_activate_totp")
    assert invitee.get("/staff/")["Location"] == reverse("mfa_activate_totp")
    assert Client().get(link, follow=True).status_code == 410
    assert "Нова Людина" in coordinator.get(PEOPLE).text


def test_opening_the_link_uses_nothing_up(coordinator: Client, world: World) -> None:
    link = link_for(coordinator)
    for _ in range(3):
        assert Client().get(link, follow=True).status_code == 200


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"password": "short", "again": "short"}, "короткий"),
        ({"password": "correct horse battery", "again": "another"}, "не збігаються"),
    ],
)
def test_a_poor_password_is_refused_in_words(
    coordinator: Client, world: World, words: dict[str, str], told: str
) -> None:
    invitee = Client()
    invitee.get(link_for(coordinator))
    answer = invitee.post(JOIN, words)
    assert answer.status_code == 422
    assert told in answer.text
    assert not User.objects.filter(email="new@example.org").exists()


def test_whoever_has_an_account_signs_in_to_accept(coordinator: Client, world: World) -> None:
    somebody = User.objects.create_user("new@example.org")
    link = link_for(coordinator)
    other = Client()
    assert f"/account/login/?next={JOIN}" in other.get(link, follow=True).text
    assert other.post(JOIN, WORDS).status_code == 200
    other.force_login(somebody)
    other.get(link)
    assert other.post(JOIN)["Location"] == "/staff/"
    assert somebody.memberships.get().role == "analyst"


def test_without_an_invitation_the_page_says_whom_to_ask(client: Client, db: None) -> None:
    for address in (JOIN, f"{JOIN}?key=guessed"):
        answer = client.get(address, follow=True)
        assert answer.status_code == 410
        assert "координатора" in answer.text


@pytest.mark.parametrize(
    "path", ["invite/", "{pk}/roles/", "{pk}/reset/", "{pk}/password/", "{pk}/disable/", "{pk}/enable/"]
)
def test_managing_people_asks_who_is_there_after_a_quarter_of_an_hour(
    coordinator: Client, world: World, path: str
) -> None:
    analyst = member(world, "analyst")
    long_ago(coordinator)
    address = PEOPLE + path.format(pk=analyst.pk)
    asked = coordinator.post(address, NEW)
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not Invitation.objects.exists()
    analyst.refresh_from_db()
    assert analyst.is_active


def test_what_was_posted_is_done_after_the_confirmation(coordinator: Client, world: World) -> None:
    long_ago(coordinator)
    asked = coordinator.post(f"{PEOPLE}invite/", NEW)
    page = coordinator.post(asked["Location"], {"password": WORDS["password"], "next": f"{PEOPLE}invite/"})
    assert page.status_code == 200
    assert "/account/invitation/?key=" in page.text
    assert Invitation.objects.count() == 1


def test_a_disabled_leavers_session_dies_at_once(coordinator: Client, world: World) -> None:
    analyst = member(world, "analyst")
    theirs = Client()
    theirs.force_login(analyst)
    assert theirs.get("/staff/").status_code == 200
    coordinator.post(f"{PEOPLE}{analyst.pk}/disable/")
    assert theirs.get("/staff/").status_code == 302
    coordinator.post(f"{PEOPLE}{analyst.pk}/enable/")
    assert theirs.get("/staff/").status_code == 302


def test_roles_are_changed_and_a_refusal_stands_beside_them(coordinator: Client, world: World) -> None:
    analyst = member(world, "analyst")
    address = f"{PEOPLE}{analyst.pk}/roles/"
    refused = coordinator.post(address, {"roles": ["officer"]})
    assert refused.status_code == 422
    assert "Роль офіцера і картку офіцера" in refused.text
    assert coordinator.post(address, {"roles": ["supervisor"]}).status_code == 302
    assert analyst.memberships.get().role == "supervisor"


def test_nobody_elses_people_are_found(coordinator: Client, world: World) -> None:
    stranger = User.objects.create_user("stranger@example.org")
    assert coordinator.get(f"{PEOPLE}{stranger.pk}/").status_code == 404
    assert coordinator.post(f"{PEOPLE}{stranger.pk}/disable/").status_code == 404


def test_a_forgotten_password_is_replaced_by_its_owner(coordinator: Client, world: World) -> None:
    analyst = member(world, "analyst")
    page = coordinator.post(f"{PEOPLE}{analyst.pk}/password/")
    found = re.search(r"http://testserver(/account/invitation/\?key=[\w-]+)", page.text)
    assert found
    theirs = Client()
    theirs.get(found[1])
    answer = theirs.post(JOIN, {"password": "staple battery horse", "again": "staple battery horse"})
    assert answer["Location"] == reverse("account_login")
    analyst.refresh_from_db()
    assert analyst.check_password("staple battery horse")
    assert theirs.get("/staff/").status_code == 302


def test_a_long_list_has_pages_and_finds_people_by_a_part_of_name_or_e_mail(coordinator: Client, world: World) -> None:
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", first_name=f"Людина {n:02}", last_name="Довга") for n in range(30)
    )
    Membership.objects.bulk_create(Membership(user=each, city=world.city, role="analyst") for each in people)
    page = coordinator.get(PEOPLE)
    assert len(page.context["rows"]) == 25
    assert "?page=2" in page.text
    assert len(coordinator.get(f"{PEOPLE}?page=2").context["rows"]) == 6
    refused = coordinator.post(f"{PEOPLE}invite/", NEW | {"email": "nowhere"})
    assert f'href="{PEOPLE}?page=2"' in refused.text, "pages of a refused invitation lead to the list"
    for words in ("довга 07", "p7@"):
        [row] = coordinator.get(PEOPLE, {"q": words}).context["rows"]
        assert row.person.email == "p7@example.org"
    assert "Нікого з таким ім’ям не знайдено." in coordinator.get(PEOPLE, {"q": "ніхто"}).text
