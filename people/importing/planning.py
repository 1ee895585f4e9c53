"""The plan of an import: every step and every error, without touching anything."""

import datetime

from django.utils.translation import gettext as _

from geo.models import City
from geo.tables import Table
from people.importing.cells import BadCell
from people.importing.officers import plan_cards, read_officers
from people.importing.plan import Draft, Noun, Plan
from people.importing.postings import plan_leaves, plan_postings
from people.importing.stations import plan_stations
from people.models import Officer, Station


def plan_import(
    *, city: City, today: datetime.date, officers: Table | None = None, stations: Table | None = None
) -> Plan:
    """Return what importing the tables would do to a city on a local day; nothing is written."""
    draft = Draft()
    known_stations = dict(Station.objects.filter(city=city).values_list("key", "name_uk"))
    unchanged: list[str] = []
    not_in_file: tuple[str, ...] = ()
    if stations:
        _require_columns(stations, draft, ("name_uk",), ("address_uk",))
        if not draft.errors:
            in_file, unchanged = plan_stations(city, stations, draft, today)
            known_stations |= in_file
    needed = ("name_uk", "officer_key"), ("phone", "email"), ("districts",)
    if officers and _require_columns(officers, draft, *needed):
        wanted = read_officers(city, officers, draft, stations=known_stations, today=today)
        draft.steps += plan_cards(wanted, known_stations, today)
        draft.steps += plan_postings(city, wanted.postings, today, draft)
        draft.steps += plan_leaves(city, wanted.leaves, draft)
        touched = {step.target.officer_key for step in draft.steps if step.noun != Noun.STATION}
        unchanged += [officer.name for key, officer in wanted.officers.items() if key not in touched]
        not_in_file = tuple(
            Officer.objects.filter(city=city).exclude(key__in=wanted.officers).values_list("name_uk", flat=True)
        )
    order = list(Noun)
    return Plan(
        steps=tuple(sorted(draft.steps, key=lambda step: order.index(step.noun))),
        errors=tuple(sorted(draft.errors, key=lambda error: (error.file, error.row))),
        notes=tuple(draft.notes),
        unchanged=tuple(unchanged),
        not_in_file=not_in_file,
    )


def _require_columns(table: Table, draft: Draft, *needed: tuple[str, ...]) -> bool:
    """Whether the table has one column of each group, and a row; what is missing goes to the draft's errors."""
    draft.read_from(table)
    for columns in needed:
        if not set(columns) & set(table.columns):
            found = ", ".join([*table.columns, *table.unknown_columns]) or "—"
            draft.refuse(
                table.header_row,
                _(" or ").join(columns),
                BadCell(
                    _("The column is missing; the file has: %(columns)s.") % {"columns": found},
                    _("Add it to the first row, or begin with the template."),
                ),
            )
    if not table.rows and not draft.errors:
        draft.refuse(table.header_row, "—", BadCell(_("There is no row below the header."), _("Add at least one row.")))
    return not any(error.file == table.name for error in draft.errors)
