"""The analyst's eyes: a role of the database that reads releases and the territory, and nothing else.

Migration 0007 gives it its rights. Who asks may be a supervisor too: releases are read through it by everybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction

from geo.prepared import Prepared, results_of
from geo.prepared_queries import Asked

ROLE = "dilnychnyi_analyst"
BECOME: Final = Prepared("SELECT set_config('role', $1, true)")


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


def answers_to_analyst(*asked: Asked) -> list[list[Any]]:
    """Return what each question answers the analyst, in one trip to the database, within a transaction.

    The role ends with the trip: after an error the transaction is lost, and the role with it.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the analyst's role is that of a transaction")
    become, leave = ((BECOME, [role.encode()]) for role in (ROLE, "none"))
    _, *results, _ = results_of(become, *(each.question for each in asked), leave)
    return [each.compiled.read(result) for each, result in zip(asked, results, strict=True)]
