"""The analyst's eyes: a role of the database that reads releases and the territory, and nothing else.

Migration 0007 gives it its rights. Who asks may be a supervisor too: releases are read through it by everybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

ROLE = "dilnychnyi_analyst"


@contextmanager
def as_analyst() -> Iterator[None]:
    """Ask the database as the analyst until the block ends, in one transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield
        # Not after an exception: the rollback takes the role back by itself.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
