"""Days off of a city as its coordinator keeps them."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from appeals.models import Holiday, MartialLaw, MovedDay
from people.models import Membership, StaffDeed, User
from tests.world import World, build_world

DAYS = "/staff/kvadraty/days/"
YEAR = timezone.localdate().year + 1


def first(weekday: int) -> datetime.date:
    """The first such day of the week in the September of next year: no holiday of Ukraine is there."""
    day = datetime.date(YEAR, 9, 1)
    return day + datetime.timedelta(days=(weekday - day.weekday()) % 7)


TUESDAY, SATURDAY = first(1), first(5)
DAY_OFF = {"day": TUESDAY.isoformat(), "name_uk": "День міста", "name_en": "", "source": "рішення ради", "to": "save"}
MOVED = {"day": SATURDAY.isoformat(), "kind": "working", "source": "розпорядження", "to": "save"}


@pytest.fixture
def coordinator(client: Client, world: World) -> Client:
    """A client of the city's coordinator, who reads English."""
    user = User.objects.create_user("coordinator@example.org", first_name="Ольга", is_staff=True)
    Membership.objects.create(user=user, city=world.city, role="coordinator")
    client.force_login(user)
    client.cookies["language"] = "en"
    return client


def test_a_coordinator_puts_days_down_changes_and_takes_them_away_and_undoes_it(
    coordinator: Client, world: World
) -> None:
    assert coordinator.get("/staff/kvadraty/city/").text.count(DAYS) == 1
    back = f"{DAYS}?year={YEAR}"
    assert coordinator.post(f"{DAYS}off/new/", DAY_OFF)["Location"] == back
    assert coordinator.post(f"{DAYS}moved/new/", MOVED)["Location"] == back
    page = coordinator.get(back).text
    assert "День міста" in page
    assert "Working day" in page
    day = Holiday.objects.get(city=world.city)
    coordinator.post(f"{DAYS}off/{day.pk}/", DAY_OFF | {"name_uk": "Свято міста"})
    assert "instead of" in coordinator.get(back).text
    coordinator.post(f"{DAYS}off/{day.pk}/", {"to": "remove"})
    assert not Holiday.objects.filter(city=world.city).exists()
    taken = StaffDeed.objects.filter(deed="day").latest("pk")
    assert f"Ольга took a day away: {TUESDAY:%d.%m.%Y}, Свято міста" in coordinator.get(back).text
    assert coordinator.post(f"{DAYS}deeds/{taken.pk}/undo/")["Location"] == back
    assert Holiday.objects.get(city=world.city).name_uk == "Свято міста"
    log = coordinator.get("/staff/kvadraty/people/deeds/").text
    assert "Свято міста" in log
    assert "working day" in log


@pytest.mark.parametrize(
    ("path", "values", "said"),
    [
        ("off", DAY_OFF, "stands in the list already: День міста"),
        ("off", DAY_OFF | {"day": f"{YEAR}-12-25"}, "stands in the list already"),
        ("off", DAY_OFF | {"day": "2020-01-13"}, "is past and stays"),
        ("off", DAY_OFF | {"day": ""}, "This field is required"),
        ("off", DAY_OFF | {"name_uk": ""}, "This field is required"),
        ("moved", MOVED | {"day": TUESDAY.isoformat()}, "stands in the list already: День міста"),
        ("moved", MOVED | {"day": first(2).isoformat()}, "is a working day already"),
        ("moved", MOVED | {"kind": "day_off"}, "is a day off already"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    coordinator: Client, world: World, path: str, values: dict[str, str], said: str
) -> None:
    coordinator.post(f"{DAYS}off/new/", DAY_OFF)
    page = coordinator.post(f"{DAYS}{path}/new/", values)
    assert page.status_code == 422
    assert said in page.text
    assert not MovedDay.objects.exists()


def test_days_of_all_of_ukraine_are_shown_and_not_changed(coordinator: Client, world: World) -> None:
    given = Holiday.objects.get(city=None, day=f"{YEAR}-12-25")
    page = coordinator.get(f"{DAYS}?year={YEAR}").text
    assert given.name_en in page
    assert f"{DAYS}off/{given.pk}/" not in page
    assert coordinator.post(f"{DAYS}off/{given.pk}/", {"to": "remove"}).status_code == 404
    assert "/admin/appeals/holiday/" not in page


def test_days_of_another_city_are_neither_shown_nor_changed(coordinator: Client, world: World) -> None:
    other = build_world("inshe", west=26.0).city
    foreign = Holiday.objects.create(city=other, day=TUESDAY, name_uk="Чуже свято", source="рішення")
    facts = {"list": "off", "before": None, "after": {"day": TUESDAY.isoformat(), "name_uk": "Чуже свято"}}
    deed = StaffDeed.objects.create(city=other, deed="day", at=timezone.now(), facts=facts)
    assert "Чуже свято" not in coordinator.get(f"{DAYS}?year={YEAR}").text
    assert coordinator.post(f"{DAYS}off/{foreign.pk}/", {"to": "remove"}).status_code == 404
    assert coordinator.post(f"{DAYS}deeds/{deed.pk}/undo/").status_code == 404
    assert coordinator.post("/staff/inshe/days/off/new/", DAY_OFF).status_code == 403


def test_martial_law_is_told_while_it_lasts_alone(coordinator: Client) -> None:
    assert "Martial law is in force" in coordinator.get(DAYS).text
    MartialLaw.objects.all().delete()
    assert "Martial law is in force" not in coordinator.get(DAYS).text


def test_a_day_off_on_a_weekend_tells_the_day_that_is_off_instead(coordinator: Client) -> None:
    MartialLaw.objects.all().delete()
    coordinator.post(f"{DAYS}off/new/", DAY_OFF | {"day": SATURDAY.isoformat()})
    page = coordinator.get(f"{DAYS}?year={YEAR}").text
    assert "Instead of a day off on a weekend" in page
    assert f"{SATURDAY + datetime.timedelta(days=2):%d.%m.%Y}" in page


@pytest.mark.parametrize("year", ["", "x", "9999", "0", "²026"])
def test_a_year_that_nobody_means_is_this_one(coordinator: Client, year: str) -> None:
    assert coordinator.get(DAYS, {"year": year}).context["year"] == YEAR - 1


def test_past_days_are_folded_away_and_not_changed(coordinator: Client, world: World) -> None:
    day = Holiday.objects.create(city=world.city, day="2020-09-15", name_uk="День міста", source="рішення")
    page = coordinator.get(f"{DAYS}?year=2020").text
    assert "День міста" in page
    assert f"{DAYS}off/{day.pk}/" not in page
    assert coordinator.post(f"{DAYS}off/{day.pk}/", {"to": "remove"})["Location"] == f"{DAYS}?year=2020"
    assert Holiday.objects.filter(pk=day.pk).exists()
