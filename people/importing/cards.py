"""What stations and officers have in common: a card of fields, stated by a file or not, compared with the database."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django.contrib.gis.geos import Point
from django.db.models import Model
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from geo.tables import Row
from people.importing.cells import CLEAR, BadCell, Reader
from people.importing.plan import Draft, FieldChange, day_text


@dataclass(frozen=True, slots=True)
class Field:
    """A column that becomes one field of a model: how it is read, and what an emptied cell means."""

    column: str
    name: str
    read: Reader
    empty: Any = ""
    clearable: bool = True


def stated_fields(row: Row, fields: Iterable[Field], draft: Draft) -> dict[str, Any]:
    """The values that a row states: an empty cell says nothing, a dash empties the field. Errors go to the draft."""
    stated: dict[str, Any] = {}
    for field in fields:
        text = row[field.column]
        if not text:
            continue
        try:
            if text not in CLEAR:
                stated[field.name] = field.read(text)
            elif field.clearable:
                stated[field.name] = field.empty
            else:
                raise BadCell(_("A dash empties a field, and this one is needed."), _("Write a value or nothing."))
        except BadCell as cell:
            draft.refuse(row.number, field.column, cell)
    return stated


def changes_of(model: type[Model], old: Model | None, stated: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that would differ, as a person reads them; for something new, those that are not empty."""
    changes = []
    for name, value in stated.items():
        before = getattr(old, name) if old is not None else None
        if as_text(before) != as_text(value):
            label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            changes.append(FieldChange(label, as_text(before), as_text(value)))
    return tuple(changes)


def as_text(value: Any) -> str:  # noqa: PLR0911 - one return a type
    """A value of a field as a person reads it; equal texts are equal values."""
    match value:
        case None | "" | []:
            return ""
        case bool():
            return _("yes") if value else ""
        case datetime.date():
            return day_text(value)
        case list() | tuple():
            return ", ".join(value)
        case Point():
            return f"{value.y:.6f}, {value.x:.6f}"
        case PhoneNumber():
            return phonenumbers.format_number(value, phonenumbers.PhoneNumberFormat.E164)
        case _:
            return str(value)
