"""Proof and repair of the live cells: compare what the trigger kept with a recount of the letters."""

from dataclasses import dataclass

from django.db import connections, transaction

DIFFERENCES = """
    SELECT coalesce(kept.city_id, counted.city_id), coalesce(kept.cell, counted.cell),
        coalesce(kept.day, counted.day)::text, coalesce(kept.n, 0), coalesce(counted.n, 0)
    FROM analysis_cellcount AS kept
    FULL JOIN analysis_recount() AS counted
        USING (city_id, district_id, cell, category_id, day)
    WHERE kept.n IS DISTINCT FROM counted.n
    ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose kept count is not what a recount gives."""

    city_id: int
    cell: int
    day: str
    kept: int
    counted: int


def differences(using: str = "default") -> list[Difference]:
    """Return every cell that differs from a recount; empty when the cells are true."""
    with connections[using].cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [Difference(*row) for row in cursor.fetchall()]


def rebuild(using: str = "default") -> int:
    """Count all letters anew while no letter can change, and return the number of cells."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("LOCK TABLE appeals_appeal IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM analysis_cellcount")
        cursor.execute(
            "INSERT INTO analysis_cellcount (city_id, district_id, cell, category_id, day, n)"
            " SELECT city_id, district_id, cell, category_id, day, n FROM analysis_recount()"
        )
        return int(cursor.rowcount)
