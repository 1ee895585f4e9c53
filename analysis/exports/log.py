"""Writing the log of exports."""

import datetime
from typing import Any

from django.http import QueryDict

from analysis.asking import Asker
from analysis.models import Export
from geo.models import City
from people.models import User

FILTERS = (
    "of", "topics", "category", "from", "to", "zoom", "bbox", "district", "per", "compare", "datetime",
    "limit", "after",
)  # fmt: skip
"""Parameters that choose rows; whatever else an address holds is not kept."""
LONGEST = 100
"""Characters that are kept of each value, and values of each parameter."""


def record_export(
    *,
    asker: Asker,
    city: City,
    what: str,
    form: str,
    query: QueryDict,
    at: datetime.datetime,
    rows: int | None = None,
) -> Export:
    """Write down that somebody takes rows away; without `rows` they are on their way: `end_export` follows."""
    assert isinstance(asker.user, User)  # noqa: S101 - nobody else is given any
    return Export.objects.create(
        city=city, by=asker.user, token=asker.token, at=at, what=what, format=form, asked=_asked(query), rows=rows
    )


def end_export(export: Export, *, rows: int) -> None:
    """Write down that everything was sent."""
    Export.objects.filter(pk=export.pk, rows=None).update(rows=rows)


def _asked(query: QueryDict) -> dict[str, Any]:
    asked = {name: [value[:LONGEST] for value in query.getlist(name) if value][:LONGEST] for name in FILTERS}
    return {name: values for name, values in asked.items() if values}
