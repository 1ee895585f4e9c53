"""The log of the staff's deeds explains what changed: who, when, what was and what became; all of it, page by page."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from mapui.deed_words import lines_of
from people.cities import change_settings
from people.leaves import Absence, put_down
from people.managing import Deed, change_roles, record
from people.models import Membership, StaffDeed, User
from people.phones import save_line
from tests.world import World

DEEDS = "/staff/kvadraty/people/deeds/"
NOW = timezone.now()


@pytest.fixture
def coordinator(client: Client, world: World) -> User:
    """A coordinator of the city, signed in, who reads English."""
    user = User.objects.create_user("coordinator@example.org", first_name="Пані Ольга")
    Membership.objects.create(user=user, city=world.city, role="coordinator")
    client.force_login(user)
    client.cookies["language"] = "en"
    return user


def lines(page: str) -> list[str]:
    """The words of a page, line by line, without tags."""
    return [line.strip() for line in re.sub(r"<[^>]+>", "\n", page).splitlines() if line.strip()]


def test_settings_tell_what_was_and_what_became(client: Client, coordinator: User, world: World) -> None:
    change_settings(by=coordinator, city=world.city, changes={"accent": "blue"}, at=NOW)
    change_settings(by=coordinator, city=world.city, changes={"welcome_en": "Write to us."}, at=NOW)
    told = lines(client.get(DEEDS).text)
    assert "teal" in told
    assert "blue" in told
    assert "Write to us." in told
    assert "Пані Ольга changed settings of the city: colour" in told


def test_roles_tell_those_of_before(client: Client, coordinator: User, world: World) -> None:
    whom = User.objects.create_user("somebody@example.org", first_name="Пан Іван")
    Membership.objects.create(user=whom, city=world.city, role="analyst")
    change_roles(by=coordinator, whom=whom, city=world.city, roles=["moderator"], officer=None, at=NOW)
    told = lines(client.get(DEEDS).text)
    assert "analyst" in told
    assert "moderator" in told


def test_a_help_line_tells_its_number_of_before(client: Client, coordinator: User, world: World) -> None:
    values = {"phone": "0 800 111 111", "name_uk": "Гаряча лінія", "name_en": "", "purpose": "violence", "position": 1}
    line = save_line(by=coordinator, city=world.city, line=None, values=values, at=NOW)
    save_line(by=coordinator, city=world.city, line=line, values=values | {"phone": "0 800 222 222"}, at=NOW)
    assert client.get(DEEDS).status_code == 200
    changed, added = StaffDeed.objects.filter(deed=Deed.LINE)
    assert [(line.was.text, line.new.text) for line in lines_of(changed)] == [("0 800 111 111", "0 800 222 222")]
    assert ("", "Гаряча лінія") in [(line.was.text, line.new.text) for line in lines_of(added)]


def test_a_leave_tells_its_days(client: Client, coordinator: User, world: World) -> None:
    day = datetime.date(2026, 3, 2)
    put_down(by=coordinator, officer=world.officer, absence=Absence(day, day, None), at=NOW)
    assert re.search(r"Leave of [^:]+: 02\.03\.2026", client.get(DEEDS).text)


def test_a_deed_older_than_any_page_is_found_by_its_day(client: Client, coordinator: User, world: World) -> None:
    for days in range(60):
        facts = {"name": f"phone {days}", "number": "102"}
        at = NOW - datetime.timedelta(days=days)
        record(Deed.CHECKED, by=coordinator, whom=None, city=world.city, at=at, facts=facts)
    assert "phone 59" not in client.get("/staff/kvadraty/people/").text
    assert DEEDS in client.get("/staff/kvadraty/people/").text
    assert "phone 59" in client.get(f"{DEEDS}?page=3").text
    day = (NOW - datetime.timedelta(days=58)).date().isoformat()
    asked = client.get(f"{DEEDS}?until={day}").text
    assert "phone 59" in asked
    assert "phone 3," not in asked


def test_a_setting_and_a_role_that_are_called_otherwise_by_now_keep_their_names() -> None:
    setting = StaffDeed(deed="settings", facts={"before": {"colour": "red"}, "after": {"colour": "blue"}})
    [line] = lines_of(setting)
    assert (line.label, line.was.text, line.new.text) == ("Colour", "red", "blue")
    [roles] = lines_of(StaffDeed(deed="roles", roles_before=["inspector"], roles_after=["officer"]))
    assert roles.was.text == "inspector"
