"""A limit that all processes keep together counts every use once, forgets, and keeps nobody's address."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from geo.models import DoorCount
from geo.shared_limits import SharedWindow
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
    for number in range(100):
        door.take(f"198.51.100.{number}", limit=1, now=later(60))
    known = DoorCount.objects.all()
    assert known.count() == 100
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
