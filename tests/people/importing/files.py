"""Files of officers and stations for tests, and what an import makes of them."""

import csv
import datetime
import io

from geo.models import City
from people.importing import Plan, Table, commit_import, plan_import, read_officers_file, read_stations_file
from people.importing.plan import RowError
from people.models import Posting
from tests.world import NOON, TODAY

Span = tuple[str, datetime.date | None, datetime.date | None]


def officers_table(*rows: dict[str, str], name: str = "officers.csv") -> Table:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return read_officers_file(text.getvalue().encode(), name=name)


def stations_table(text: str) -> Table:
    return read_stations_file(text.encode(), name="stations.csv")


def row(**cells: str) -> dict[str, str]:
    return {"name_uk": "Нова Людина", "phone": "+380443000299", "districts": "3"} | {
        column.rstrip("_"): value for column, value in cells.items()
    }


def plan(city: City, *rows: dict[str, str]) -> Plan:
    return plan_import(city=city, today=TODAY, officers=officers_table(*rows))


def commit(city: City, *rows: dict[str, str], today: datetime.date = TODAY) -> Plan:
    return commit_import(city=city, today=today, at=NOON, officers=officers_table(*rows))


def only_error(city: City, *rows: dict[str, str]) -> RowError:
    errors = plan(city, *rows).errors
    assert len(errors) == 1, [str(error) for error in errors]
    return errors[0]


def main_days(district) -> list[Span]:
    postings = Posting.objects.filter(district=district, role="main").select_related("officer").order_by("during")
    return [(each.officer.name_uk, each.during.lower, each.during.upper) for each in postings]
