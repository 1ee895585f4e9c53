"""What is held of days is what the letters say, whatever happens to them: all with real commits."""

import datetime
import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction

from analysis import held_days
from analysis.counting import rebuild
from analysis.filters import HeatFilters
from analysis.held_days import Squares, counts_days, first_day, squares_of_days
from analysis.models import CellCount
from appeals.access import as_staff, as_task
from appeals.models import Appeal, Category
from geo.models import City
from people.models import User
from tests.analysis.letters import COUNTED, SPAM, Sent, accepted
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.world import TODAY

DAY = datetime.timedelta(days=1)
SPANS = [(TODAY - 90 * DAY, TODAY - 61 * DAY), (TODAY - 70 * DAY, TODAY - 3 * DAY), (TODAY - 400 * DAY, TODAY + DAY)]
ASKED = [
    HeatFilters(categories=categories, first=first, last=last, zoom=zoom)
    for categories in ((), ("noise",), ("nothing-such",))
    for zoom in (17, 18)
    for first, last in SPANS
]


@pytest.fixture
def people(transactional_db: None) -> tuple[Office, list[User]]:
    """A city with letters of three months, and those who see them: an officer, a supervisor, one who has a card."""
    office = build_office()
    both = user_with_role(office.world, "supervisor", "both@example.org")
    office.world.acting.user = both
    office.world.acting.save()
    categories = [each.slug for each in Category.objects.filter(protected=False)[:2]]
    letters = accepted(office, [Sent(category=slug) for slug in ("noise", *categories) for _ in range(8)])
    with as_task("test"):
        for n, letter in enumerate(letters):
            Appeal.objects.filter(pk=letter.pk).update(received_at=letter.received_at - n * 4 * DAY)
    return office, [office.officer, office.supervisor, both]


def summed(squares: Squares) -> dict[int, int]:
    """The letters of each square that has some."""
    found: dict[int, int] = {}
    for area, letters in zip(*(each.tolist() for each in squares), strict=True):
        found[area] = found.get(area, 0) + letters
    return found


def assert_held_is_counted(office: Office, people: list[User]) -> int:
    city, letters = office.world.city, 0
    for user in people:
        with as_staff(user):
            for filters in ASKED:
                assert counts_days(filters)
                told = summed(squares_of_days(city, user, filters))
                assert told == dict(filters.counted(city, user)), (user, filters)
                letters += sum(told.values())
            seen = CellCount.objects.visible_in(city, user).placed()
            assert first_day(city, user) == min((each.day for each in seen), default=None)
    return letters


def test_held_days_follow_every_change(people: tuple[Office, list[User]]) -> None:
    office, readers = people
    chance = random.Random(5)
    categories = list(Category.objects.filter(protected=False)[:3])
    districts = [office.world.north, office.world.mid]
    above = {"addressee": "supervisor", "officer": None, "why": "kept", "recused_officer": office.world.officer}
    changes: list[Callable[[], dict[str, object]]] = [
        lambda: {"category": chance.choice(categories)},
        lambda: {"district": chance.choice(districts)},
        lambda: {"location": Point(25.001 + chance.randrange(4) * 0.002, 49.995, srid=4326)},
        lambda: {"location": None},
        lambda: chance.choice([COUNTED, SPAM]),
        lambda: above,
    ]
    pks = list(Appeal.objects.values_list("pk", flat=True))
    assert assert_held_is_counted(office, readers)
    for _ in range(24):
        with as_task("test"):
            Appeal.objects.filter(pk=chance.choice(pks)).update(**chance.choice(changes)())
        assert_held_is_counted(office, readers)
    rebuild()
    assert assert_held_is_counted(office, readers)
    with as_task("test"):
        Appeal.objects.all().update(**SPAM)
    assert assert_held_is_counted(office, readers) == 0


def test_what_is_given_up_is_not_held(people: tuple[Office, list[User]]) -> None:
    office, [_officer, supervisor, _both] = people
    city, filters = office.world.city, ASKED[2]
    letter = Appeal.objects.latest("pk")
    with transaction.atomic():
        Appeal.objects.filter(pk=letter.pk).update(**SPAM)
        within = summed(squares_of_days(city, supervisor, filters))
        transaction.set_rollback(True)
    after = summed(squares_of_days(city, supervisor, filters))
    assert sum(after.values()) == sum(within.values()) + 1


def test_what_came_and_went_while_a_page_counted_is_not_held(
    people: tuple[Office, list[User]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only letter of its day: when it is gone again, the days of the month are written as before."""
    office, [_officer, supervisor, _both] = people
    city, filters, letter = office.world.city, ASKED[2], Appeal.objects.earliest("received_at")

    def put(state: Mapping[str, Any]) -> None:
        with as_task("test"):
            Appeal.objects.filter(pk=letter.pk).update(**state)

    def put_elsewhere(state: Mapping[str, Any]) -> None:
        put(state)
        connection.close()

    ask = held_days._months_as_written

    def asked(of: City) -> Mapping[int, str] | None:
        written = ask(of)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(put_elsewhere, COUNTED).result()
        return written

    put(SPAM)
    held_days._held.clear()
    with monkeypatch.context() as between, as_staff(supervisor):
        between.setattr(held_days, "_months_as_written", asked)
        during = sum(summed(squares_of_days(city, supervisor, filters)).values())
    put(SPAM)
    with as_staff(supervisor):
        after = summed(squares_of_days(city, supervisor, filters))
        assert after == dict(filters.counted(city, supervisor))
    assert sum(after.values()) == during - 1


def test_what_a_page_wrote_itself_is_not_held(people: tuple[Office, list[User]]) -> None:
    office, [_officer, supervisor, _both] = people
    city, year = office.world.city, ASKED[2]
    with as_staff(supervisor):
        squares_of_days(city, supervisor, replace(year, last=TODAY - 300 * DAY))  # asks by whom months were written
        with transaction.atomic():
            with as_task("test"):
                Appeal.objects.update(**SPAM)
            assert summed(squares_of_days(city, supervisor, year)) == {}
            transaction.set_rollback(True)
    with as_staff(supervisor):
        assert summed(squares_of_days(city, supervisor, year)) == dict(year.counted(city, supervisor)) != {}


def test_what_is_held_is_not_asked_again(
    people: tuple[Office, list[User]], django_assert_num_queries: Callable[..., object]
) -> None:
    office, [_officer, supervisor, _both] = people
    with as_staff(supervisor):
        first = squares_of_days(office.world.city, supervisor, ASKED[2])
        with django_assert_num_queries(0):  # type: ignore[attr-defined]
            again = squares_of_days(office.world.city, supervisor, ASKED[2])
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))


def test_all_months_that_are_not_held_are_asked_in_one_statement(
    people: tuple[Office, list[User]], django_assert_num_queries: Callable[..., object]
) -> None:
    office, [_officer, supervisor, _both] = people
    year = next(each for each in ASKED if each.last - each.first > 300 * DAY)  # type: ignore[operator]
    with as_staff(supervisor):
        squares_of_days(office.world.city, supervisor, year)
        held_days._held.clear()
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            assert summed(squares_of_days(office.world.city, supervisor, year))


def test_no_more_is_held_than_there_is_room(people: tuple[Office, list[User]], monkeypatch: pytest.MonkeyPatch) -> None:
    room = 3 * held_days.ROOM
    monkeypatch.setattr(held_days, "HELD", room)
    assert assert_held_is_counted(*people)
    held = held_days._held
    assert 0 < held.size == sum(each.size() for each in held._months.values()) <= room
