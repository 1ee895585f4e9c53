"""Bringing officers and stations in from a spreadsheet: read, plan, show, and only then carry out.

table = read_officers_file(content, name="officers.xlsx")
plan = plan_import(city=city, today=today, officers=table)      # writes nothing
commit_import(city=city, today=today, at=now, officers=table, expected=plan.fingerprint)
"""

from geo.tables import MAX_BYTES, FileRefused, Table, read_table
from people.importing.applying import ImportRefused, PlanOutdated, commit_import
from people.importing.headings import OFFICER_COLUMNS, STATION_COLUMNS
from people.importing.plan import Plan
from people.importing.planning import plan_import

__all__ = [
    "MAX_BYTES",
    "FileRefused",
    "ImportRefused",
    "Plan",
    "PlanOutdated",
    "Table",
    "commit_import",
    "plan_import",
    "read_officers_file",
    "read_stations_file",
]


def read_officers_file(content: bytes, *, name: str) -> Table:
    """Read a file of officers; raises `FileRefused`."""
    return read_table(content, name=name, headings=OFFICER_COLUMNS)


def read_stations_file(content: bytes, *, name: str) -> Table:
    """Read a file of stations; raises `FileRefused`."""
    return read_table(content, name=name, headings=STATION_COLUMNS)
