"""A city's own days off: what is put down, refused, undone, and what it means for terms."""

import datetime
from typing import Any

import pytest

from appeals.calendar import Calendar
from appeals.days_off import (
    ChangedSince,
    DayIsFar,
    DayIsPast,
    DayTaken,
    NoSuchDay,
    OffAlready,
    WorksAlready,
    deeds_to_undo,
    remove_day,
    save_day,
    undo_deed,
)
from appeals.models import Holiday, MartialLaw, MovedDay, clock_of
from people.models import Membership, StaffDeed, User
from people.rights import NotCoordinator
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import new_letter
from tests.world import NOON, TODAY, World, build_world

CITY_DAY = datetime.date(2026, 9, 15)  # a Tuesday
SATURDAY = datetime.date(2026, 9, 19)
HOLIDAY = {"day": CITY_DAY, "name_uk": "День міста", "name_en": "", "source": "рішення ради № 7"}


@pytest.fixture
def by(world: World) -> User:
    """The coordinator of the city."""
    user = User.objects.create_user("coordinator@example.org")
    Membership.objects.create(user=user, city=world.city, role="coordinator")
    return user


def moved(day: datetime.date, kind: str) -> dict[str, Any]:
    return {"day": day, "kind": kind, "source": "розпорядження № 8"}


def save(by: User, world: World, values: dict[str, Any], pk: int | None = None) -> None:
    listed = "moved" if "kind" in values else "off"
    save_day(by=by, city=world.city, listed=listed, pk=pk, values=values, at=NOON)


def own(world: World) -> Holiday:
    return Holiday.objects.get(city=world.city)


def newest() -> StaffDeed:
    return StaffDeed.objects.filter(deed="day").latest("pk")


def calendar_in_peace(world: World) -> Calendar:
    MartialLaw.objects.all().delete()
    return clock_of(world.city).calendar


def test_days_put_down_hold_in_their_city_alone(by: User, world: World) -> None:
    other = build_world("inshe", west=26.0)
    save(by, world, HOLIDAY)
    save(by, world, moved(SATURDAY, "working"))
    here, there = calendar_in_peace(world), clock_of(other.city).calendar
    assert (here.is_working_day(CITY_DAY), there.is_working_day(CITY_DAY)) == (False, True)
    assert (here.is_working_day(SATURDAY), there.is_working_day(SATURDAY)) == (True, False)


def test_a_day_off_moves_no_deadline_that_is_set(office: Office) -> None:
    world = office.world
    by = user_with_role(world, "coordinator", "coordinator@example.org")
    MartialLaw.objects.all().delete()
    before = new_letter(world).appeal
    save(by, world, HOLIDAY | {"day": TODAY + datetime.timedelta(days=1)})
    after = new_letter(world).appeal
    assert after.answer_due_on == before.answer_due_on + datetime.timedelta(days=1)
    before.refresh_from_db()
    assert before.answer_due_on == datetime.date(2026, 6, 3)


def test_who_does_not_coordinate_the_city_is_refused(by: User, world: World) -> None:
    other = build_world("inshe", west=26.0)
    with pytest.raises(NotCoordinator):
        save(by, other, HOLIDAY)
    save(by, world, HOLIDAY)
    Membership.objects.filter(user=by).update(city=other.city)
    with pytest.raises(NoSuchDay):
        remove_day(by=by, city=other.city, listed="off", pk=own(world).pk, at=NOON)
    with pytest.raises(NotCoordinator):
        remove_day(by=by, city=world.city, listed="off", pk=own(world).pk, at=NOON)
    assert own(world)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        (HOLIDAY, DayTaken),
        (HOLIDAY | {"day": datetime.date(2026, 12, 25)}, DayTaken),  # all of Ukraine's
        (moved(CITY_DAY, "working"), DayTaken),
        (moved(datetime.date(2026, 9, 16), "working"), WorksAlready),
        (moved(SATURDAY, "day_off"), OffAlready),
        (HOLIDAY | {"day": TODAY - datetime.timedelta(days=1)}, DayIsPast),
        (HOLIDAY | {"day": datetime.date(2037, 1, 5)}, DayIsFar),
    ],
)
def test_a_day_that_means_nothing_is_refused(
    by: User, world: World, values: dict[str, Any], refusal: type[Exception]
) -> None:
    save(by, world, HOLIDAY)
    with pytest.raises(refusal):
        save(by, world, values)
    assert (Holiday.objects.filter(city=world.city).count(), MovedDay.objects.count()) == (1, 0)


def test_a_day_is_changed_taken_away_and_put_back_step_by_step(by: User, world: World) -> None:
    save(by, world, HOLIDAY)
    save(by, world, HOLIDAY | {"name_uk": "Свято міста"}, pk=own(world).pk)
    pk = own(world).pk
    remove_day(by=by, city=world.city, listed="off", pk=pk, at=NOON)
    taken, renamed, put = StaffDeed.objects.filter(deed="day")
    assert deeds_to_undo([taken, renamed, put], today=TODAY) == [taken]
    undo_deed(by=by, city=world.city, deed=taken, at=NOON)
    assert own(world).name_uk == "Свято міста"
    undo_deed(by=by, city=world.city, deed=renamed, at=NOON)
    assert own(world).name_uk == "День міста"
    undo_deed(by=by, city=world.city, deed=put, at=NOON)
    assert not Holiday.objects.filter(city=world.city).exists()


def test_what_was_changed_since_is_not_undone(by: User, world: World) -> None:
    save(by, world, HOLIDAY)
    put = newest()
    save(by, world, HOLIDAY | {"name_uk": "Свято міста"}, pk=own(world).pk)
    with pytest.raises(ChangedSince):
        undo_deed(by=by, city=world.city, deed=put, at=NOON)


def test_a_day_that_is_past_stays(by: User, world: World) -> None:
    save(by, world, HOLIDAY)
    later = NOON + datetime.timedelta(days=200)
    with pytest.raises(DayIsPast):
        remove_day(by=by, city=world.city, listed="off", pk=own(world).pk, at=later)
    with pytest.raises(DayIsPast):
        undo_deed(by=by, city=world.city, deed=newest(), at=later)
    assert deeds_to_undo([newest()], today=later.date()) == []


def test_saving_what_stands_already_is_no_deed(by: User, world: World) -> None:
    save(by, world, HOLIDAY)
    save(by, world, HOLIDAY, pk=own(world).pk)
    assert StaffDeed.objects.filter(deed="day").count() == 1
