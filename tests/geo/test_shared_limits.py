"""A limit that all processes keep together counts every use once, forgets, and keeps nobody's address."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from geo.models import DoorCount
from geo.shared_limits import SharedWindow, taken, taken_once
from tests.world import NOON


def later(seconds: int) -> datetime.datetime:
    return NOON + datetime.timedelta(seconds=seconds)


def test_a_window_allows_its_limit_and_no_more_and_begins_afresh(db: None) -> None:
    door = SharedWindow("test", window_s=60)
    taken = [door.take("a", limit=2, now=later(second)) for second in (0, 1, 2)]
    assert [allowance.is_spent for allowance in taken] == [False, False, True]
    assert not door.take("b", limit=2, now=later(3)).is_spent
    assert not door.take("a", limit=2, now=later(60)).is_spent


def test_looking_counts_nothing(db: None) -> None:
    door = SharedWindow("test", window_s=60)
    looked = [door.take("a", limit=1, now=NOON, uses=0).remaining for _ in range(3)]
    assert looked == [1, 1, 1]


def test_windows_that_are_over_are_forgotten_and_no_address_is_kept(db: None) -> None:
    door = SharedWindow("test", window_s=60)
    for number in range(5):
        door.take(f"192.0.2.{number}", limit=1, now=NOON)
    for number in range(400):  # one in sixteen forgets for the others, which ones the site's secret says
        door.take(f"198.51.{number}", limit=1, now=later(60))
    known = DoorCount.objects.all()
    assert known.count() == 400
    assert not any(address in f"{one.caller_hash} {one}" for one in known for address in ("192.0.2", "198.51"))


@pytest.mark.django_db(transaction=True)
def test_uses_at_the_same_moment_are_all_counted() -> None:
    door = SharedWindow("test", window_s=60)

    def use(_number: int) -> int:
        try:
            return door.take("a", limit=40, now=NOON).remaining
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use, range(40))) == list(range(40))
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'geo_doorcount'")
        assert cursor.fetchone() == ("u",)


def test_what_comes_again_counts_once_for_whom_it_comes_from(db: None) -> None:
    things, callers = SharedWindow("test again", window_s=60), SharedWindow("test", window_s=60)

    def come(thing: str, caller: str, second: int = 0) -> tuple[int, int]:
        now = later(second)
        again, own = taken_once(things.taking(thing, limit=9, now=now), callers.taking(caller, limit=9, now=now))
        return again.limit - again.remaining, own.limit - own.remaining

    assert [come("x", "a"), come("x", "a"), come("y", "a"), come("x", "b")] == [(1, 1), (2, 1), (1, 2), (3, 0)]
    assert come("x", "a", second=60) == (1, 1), "a new window begins for both"


def test_several_doors_are_counted_together(db: None) -> None:
    load, alarm = SharedWindow("test load", window_s=60), SharedWindow("test alarm", window_s=600)
    left = taken(load.taking("", limit=2, now=NOON), alarm.taking("", limit=0, now=NOON, uses=0))
    assert [one.remaining for one in left] == [1, 0]
    assert DoorCount.objects.filter(door="test alarm").count() == 0, "who only looks writes nothing"
