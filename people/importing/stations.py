"""Planning the stations of a city from a file."""

import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from geo.models import City
from geo.moments import local_day
from geo.tables import Row, Table
from people.importing.cards import Field, as_text, changes_of, stated_fields
from people.importing.cells import (
    BadCell,
    key_from_name,
    read_day,
    read_degrees,
    read_key,
    read_phone,
    read_yes_no,
    text_up_to,
)
from people.importing.plan import Draft, FieldChange, Noun, RowNote, Step, Target, day_text
from people.models import Proposal, Station

FIELDS = (
    Field("name_uk", "name_uk", text_up_to(160), clearable=False),
    Field("name_en", "name_en", text_up_to(160)),
    Field("address_uk", "address_uk", text_up_to(200), clearable=False),
    Field("address_en", "address_en", text_up_to(200)),
    Field("phone", "phone", read_phone),
    Field("hours_uk", "hours_uk", text_up_to(200)),
    Field("hours_en", "hours_en", text_up_to(200)),
    Field("duty", "is_duty", read_yes_no, empty=False),
    Field("checked_on", "checked_on", read_day, empty=None),
)


def plan_stations(city: City, table: Table, draft: Draft, today: datetime.date) -> tuple[dict[str, str], list[str]]:
    """Put the steps for a table of stations into the draft.

    Returns the names of the stations by key, and the names of those that stay as they are.
    """
    draft.read_from(table)
    held = {station.key: station for station in Station.objects.filter(city=city)}
    renumbered = _days_of_new_numbers(city)
    seen: dict[str, int] = {}
    names: dict[str, str] = {}
    silent: set[str] = set()
    unchanged: dict[str, str] = {}
    duty_row = 0
    steps: list[Step] = []
    for row in table.rows:
        stated = stated_fields(row, FIELDS, draft)
        key = _key(row, draft)
        if key in seen:
            draft.refuse(
                row.number,
                "key",
                BadCell(
                    _("The station “%(key)s” is already in row %(row)d.") % {"key": key, "row": seen[key]},
                    _("Keep one row for a station."),
                ),
            )
            continue
        seen[key] = row.number
        _state_location(row, stated, draft)
        _refuse_future(row, stated, draft, today)
        old = held.get(key)
        if old:
            _forget_check_of_number_before(row, stated, draft, old, renumbered.get(old.pk))
        for column in ("name_uk", "address_uk"):
            if not stated.get(column) and not getattr(old, column, "") and not row[column]:
                draft.refuse(
                    row.number, column, BadCell(_("The cell is empty."), _("A station needs a name and an address."))
                )
        if "is_duty" not in stated:
            silent.add(key)
        elif stated["is_duty"]:
            if duty_row:
                draft.refuse(
                    row.number,
                    "duty",
                    BadCell(
                        _("Row %(row)d is the duty station already.") % {"row": duty_row},
                        _("A city has one: leave the cell empty in the others."),
                    ),
                )
            duty_row = row.number
        name = stated.get("name_uk") or (old.name_uk if old else key)
        names[key] = name
        changes = changes_of(Station, old, stated)
        if old is None or changes:
            target = Target(old.pk if old else None, stated if old else {"key": key} | stated)
            steps.append(Step(Noun.STATION, name, changes, target, rows=(row.number,)))
        else:
            unchanged[key] = name
    relieved = _relieved(held, held.keys() - seen.keys() | silent, steps)
    draft.steps += [*relieved.values(), *steps]
    return names, [name for key, name in unchanged.items() if key not in relieved]


def _key(row: Row, draft: Draft) -> str:
    try:
        return read_key(row["key"] or key_from_name(row["name_uk"]))
    except BadCell as cell:
        draft.refuse(row.number, "key", cell)
        return f"row {row.number}"


def _state_location(row: Row, stated: dict[str, object], draft: Draft) -> None:
    if not (row["lat"] or row["lon"]):
        return
    try:
        lat, lon = read_degrees(row["lat"], limit=90), read_degrees(row["lon"], limit=180)
        # Ukraine lies between 44 and 53 degrees north, 22 and 41 east: the two ranges do not meet
        if 22 <= lat <= 41 and 44 <= lon <= 53:
            raise BadCell(_("Latitude and longitude are swapped."), _("In Ukraine lat is 44 to 53, lon 22 to 41."))
        stated["location"] = Point(lon, lat, srid=4326)
    except BadCell as cell:
        draft.refuse(row.number, "lat, lon", cell)


def _refuse_future(row: Row, stated: dict[str, Any], draft: Draft, today: datetime.date) -> None:
    if (stated.get("checked_on") or today) > today:
        draft.refuse(
            row.number, "checked_on", BadCell(_("The day is in the future."), _("Write the day of the last check."))
        )


def _days_of_new_numbers(city: City) -> dict[int, datetime.date]:
    """On which local day stations of a city last got another number in place of one, by their keys."""
    carried_out = Proposal.objects.carried_out().filter(city=city, kind=Proposal.Kind.STATION)
    changed = carried_out.filter(became__has_key="phone", replaced__has_key="phone").exclude(replaced__phone="")
    moments = changed.order_by("decided_at").values_list("subject_pk", "decided_at")
    return {pk: local_day(at) for pk, at in moments if at}


def _forget_check_of_number_before(
    row: Row, stated: dict[str, Any], draft: Draft, old: Station, renumbered_on: datetime.date | None
) -> None:
    """Let a new number count as never called, unless the file states a day of its own: an old day beside it is left.

    That is one not later than the check of the number before or, brought once more, than the change of the number.
    """
    day = stated.get("checked_on")
    is_new_number = as_text(stated.get("phone", old.phone)) != as_text(old.phone)
    known = old.checked_on if is_new_number else renumbered_on if old.checked_on is None else None
    if known is None or (day and day > known):
        return
    if is_new_number:
        stated["checked_on"] = None
    elif day:
        del stated["checked_on"]
    if day:
        told = _("The check of %(day)s was of the number before: the new one counts as never called.")
        draft.notes.append(RowNote(row.number, told % {"day": day_text(day)}))


def _relieved(held: dict[str, Station], silent: set[str], steps: list[Step]) -> dict[str, Step]:
    """Steps that take the duty, by key, from stations of whose duty the file is silent: a city has one of them."""
    new_duty = next((step for step in steps if step.target.values.get("is_duty")), None)
    if new_duty is None:
        return {}
    return {
        station.key: Step(
            Noun.STATION,
            station.name_uk,
            (FieldChange(str(Station._meta.get_field("is_duty").verbose_name), _("yes"), ""),),
            Target(station.pk, {"is_duty": False}),
            rows=new_duty.rows,
            why=_("“%(name)s” becomes the duty station") % {"name": new_duty.subject},
        )
        for station in held.values()
        if station.is_duty and station.key in silent
    }
