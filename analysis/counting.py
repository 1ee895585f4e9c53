"""Proof and repair of the live counts: compare what the triggers kept with a recount of the letters."""

from dataclasses import dataclass

from django.db import connections, transaction

CELLS = ("analysis_cellcount", "analysis_recount()", "city_id, district_id, cell, category_id, day, kept")
HOURS = ("analysis_hourcount", "analysis_recount_hours()", "city_id, district_id, category_id, month, hour, kept")

TOTALS = ("analysis_totalcount", "analysis_recount_totals()", "city_id, district_id, zoom, cell, category_id, kept")
# The days of a month are part of what names its row here: what differs in them alone is found too.
MONTHS = (
    "analysis_monthcount",
    "analysis_recount_months()",
    "city_id, district_id, month, zoom, cell, category_id, kept, until",
)
SUMS = ("analysis_sumcount", "analysis_recount_sums()", "city_id, kind, number, kept")
COUNTS = (CELLS, HOURS, TOTALS, MONTHS, SUMS)


@dataclass(frozen=True, slots=True)
class Difference:
    """A count whose kept value is not what a recount gives; `place` names its row."""

    place: str
    kept: int
    counted: int

    def __str__(self) -> str:
        return f"{self.place}: kept {self.kept}, counted {self.counted}"


def differences(using: str = "default") -> list[Difference]:
    """Return every live count that differs from a recount; empty when all are true."""
    found = []
    with connections[using].cursor() as cursor:
        for table, recount, key in COUNTS:
            cursor.execute(
                "SELECT key, sum(kept)::bigint, sum(counted)::bigint FROM ("  # noqa: S608 - our own names
                f" SELECT ({key})::text AS key, n AS kept, 0 AS counted FROM {table}"
                f" UNION ALL SELECT ({key})::text, 0, n FROM {recount}"
                ") AS rows GROUP BY key HAVING sum(kept) <> sum(counted) OR count(*) <> 2 ORDER BY key"
            )
            found += [Difference(f"{table.removeprefix('analysis_')} {key}", *n) for key, *n in cursor.fetchall()]
    return found


def rebuild(using: str = "default") -> int:
    """Count all letters anew while no letter can change, and return the number of rows."""
    rows = 0
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("LOCK TABLE appeals_appeal IN SHARE ROW EXCLUSIVE MODE")
        for table, _recount, _key in reversed(COUNTS):  # sums of days first: whatever writes counts writes them anew
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        for table, recount, key in COUNTS:
            cursor.execute(f"INSERT INTO {table} ({key}, n) SELECT {key}, n FROM {recount}")  # noqa: S608
            rows += cursor.rowcount
    return rows
