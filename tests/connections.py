"""Deeds at one time, each on a connection of its own."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection

Begin = Callable[[Callable[[], object]], Future[object]]


@pytest.fixture
def begin() -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """Begin a deed on another connection, and go on once it waits for a lock or is done."""
    with ThreadPoolExecutor(1) as pool:

        def begun(deed: Callable[[], object]) -> Future[object]:
            def on_its_own_connection() -> object:
                try:
                    return deed()
                finally:
                    connection.close()

            future = pool.submit(on_its_own_connection)
            with connection.cursor() as cursor:
                for _ in range(500):
                    cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction is told the first answer again
                    cursor.execute(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                        "AND wait_event_type = 'Lock'"
                    )
                    if future.done() or cursor.fetchone()[0]:
                        break
                    time.sleep(0.02)
            return future

        yield begun
