"""Phones that the public sees: one rule says which were not checked for long, and one press says that one was."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from geo.models import City
from people.models import HelpLine, Membership, Officer, StaffDeed, Station, User
from people.pages import NotSiteKeeper
from people.phones import (
    NoSuchPhone,
    NotPhoneKeeper,
    check_phone,
    phones_of,
    remove_line,
    save_line,
    unchecked_by_city,
)
from people.rights import NotCoordinator
from tests.world import NOON, TODAY, World, build_world

DAY = datetime.timedelta(days=1)
LINE = {"phone": "044 200", "name_uk": "Притулок", "name_en": "", "purpose": "violence", "position": 9}


@pytest.fixture(autouse=True)
def checked_long_since(db: None) -> None:
    """The lines that every site begins with were checked ten days ago."""
    HelpLine.objects.update(checked_on=TODAY - 10 * DAY)


def member(world: World, role: str = "coordinator") -> User:
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(user=user, city=world.city, role=role)
    return user


def names(phones: Any) -> list[str]:
    return [phone.name for phone in phones if phone.is_stale]


def test_a_city_shows_its_cards_stations_and_lines_those_checked_longest_ago_first(world: World) -> None:
    Station.objects.update(checked_on=None)
    own = HelpLine.objects.create(city=world.city, checked_on=TODAY, **LINE)
    other = build_world("inshe", west=26.0)
    HelpLine.objects.create(city=other.city, checked_on=TODAY, **LINE)
    phones = phones_of(world.city, on=TODAY)
    assert len(phones) == 3 + 1 + 5 + 1
    assert (phones[0].name, phones[0].checked_on) == ("Станція", None)
    assert phones[-1].pk == own.pk
    assert {phone.owner for phone in phones_of(None, on=TODAY)} == {"line"}


@pytest.mark.parametrize(("days", "stale"), [(90, False), (91, True)])
def test_every_phone_goes_by_the_same_ninety_days(world: World, days: int, stale: bool) -> None:
    on = TODAY - days * DAY
    for rows in (Officer.objects.all(), Station.objects.all(), HelpLine.objects.all()):
        rows.update(checked_on=on)
    phones = phones_of(world.city, on=TODAY)
    assert [phone.is_stale for phone in phones] == [stale] * 9
    assert unchecked_by_city([world.city.pk], on=TODAY) == {world.city.pk: 9 if stale else 0}


def test_a_phone_that_nobody_sees_is_not_asked_for(world: World) -> None:
    Station.objects.update(phone="", checked_on=None)
    Officer.objects.filter(pk=world.officer.pk).update(checked_on=TODAY - 100 * DAY)
    world.officer.postings.all().delete()
    assert names(phones_of(world.city, on=TODAY)) == []
    assert unchecked_by_city([world.city.pk], on=TODAY) == {world.city.pk: 0}


@pytest.mark.parametrize("role", ["coordinator", "supervisor", "moderator"])
def test_one_press_says_that_a_phone_was_checked_and_by_whom(world: World, role: str) -> None:
    user = member(world, role)
    for phone in phones_of(world.city, on=TODAY):
        check_phone(by=user, city=world.city, key=phone.key, number=phone.number, at=NOON)
    assert {phone.checked_on for phone in phones_of(world.city, on=TODAY)} == {TODAY}
    deed = StaffDeed.objects.latest("pk")
    assert (deed.by, deed.deed, set(deed.facts)) == (user, "checked", {"name", "number"})


def test_phones_of_other_cities_and_of_nobody_cannot_be_checked(world: World) -> None:
    other = build_world("inshe", west=26.0)
    user = member(world)
    for key in (f"card:{other.officer.pk}", f"station:{other.station.pk}", "card:0", "card:", "x:1", "", "card:²"):
        with pytest.raises(NoSuchPhone):
            check_phone(by=user, city=world.city, key=key, number="", at=NOON)
    for who in (user, User.objects.create_user("nobody@example.org")):
        with pytest.raises(NotPhoneKeeper):
            check_phone(by=who, city=other.city, key=f"card:{other.officer.pk}", number="", at=NOON)
    with pytest.raises(NotSiteKeeper):
        check_phone(by=user, city=None, key="line:1", number="102", at=NOON)
    assert not StaffDeed.objects.exists()


def test_number_that_changed_since_it_was_shown_is_checked_by_nobody(world: World) -> None:
    user = member(world)
    [shown] = [phone for phone in phones_of(world.city, on=TODAY) if phone.key == f"card:{world.officer.pk}"]
    Officer.objects.filter(pk=world.officer.pk).update(phone="+380443000777")
    with pytest.raises(NoSuchPhone, match="інший номер"):
        check_phone(by=user, city=world.city, key=shown.key, number=shown.number, at=NOON)
    assert Officer.objects.get(pk=world.officer.pk).checked_on == shown.checked_on
    assert not StaffDeed.objects.exists()


def test_new_phone_of_a_station_is_unchecked_whichever_way_it_comes(world: World) -> None:
    station = Station.objects.get(pk=world.station.pk)
    station.name_uk = "Інша назва"
    station.save()
    assert Station.objects.get().checked_on == station.checked_on
    Station.objects.update(phone="+380443000777")
    assert Station.objects.get().checked_on is None
    Station.objects.update(phone="+380443000778", checked_on=TODAY)
    assert Station.objects.get().checked_on == TODAY


def test_a_line_is_added_changed_and_taken_away_each_written_down(world: World) -> None:
    user = member(world)
    City.objects.update(texts_reviewed_on=TODAY)
    line = save_line(by=user, city=world.city, line=None, values=LINE, at=NOON)
    assert line.checked_on == TODAY
    assert City.objects.get().texts_reviewed_on is None
    save_line(by=user, city=world.city, line=line, values=LINE | {"phone": "044 201"}, at=NOON)
    save_line(by=user, city=world.city, line=line, values=LINE | {"phone": "044 201"}, at=NOON)
    remove_line(by=user, city=world.city, line=line, at=NOON)
    facts = list(StaffDeed.objects.order_by("pk").values_list("facts", flat=True))
    assert [bool(each["before"]) for each in facts] == [False, True, True]
    assert facts[1]["before"]["phone"] == "044 200"
    assert facts[2]["after"] is None


def test_a_line_of_the_site_is_an_administrators_and_anothers_is_not_found(world: World) -> None:
    user, site = member(world), HelpLine.objects.get(phone="102")
    with pytest.raises(NoSuchPhone):
        save_line(by=user, city=world.city, line=site, values=LINE, at=NOON)
    with pytest.raises(NotSiteKeeper):
        remove_line(by=user, city=None, line=site, at=NOON)
    with pytest.raises(NotCoordinator):
        save_line(by=user, city=build_world("inshe", west=26.0).city, line=None, values=LINE, at=NOON)


def test_a_phone_stands_once_in_a_city(world: World) -> None:
    user = member(world)
    save_line(by=user, city=world.city, line=None, values=LINE, at=NOON)
    with pytest.raises(ValidationError, match="уже є серед телефонів допомоги"):
        save_line(by=user, city=world.city, line=None, values=LINE, at=NOON)
