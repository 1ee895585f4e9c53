"""Deeds of the staff in words: what a role, a setting or a help line was, and what it became."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from geo.models import City
from mapui.change_words import Line, Told
from people.models import HelpLine, Membership, StaffDeed

Deed = StaffDeed.Deed


def lines_of(deed: StaffDeed) -> list[Line]:
    """Return what a deed changed, field by field; nothing where its sentence says all of it."""
    match deed.deed:
        case Deed.ROLES:
            return [Line(_("Roles"), _roles(deed.roles_before), _roles(deed.roles_after))]
        case Deed.SETTINGS:
            return _lines(City, deed.facts)
        case Deed.LINE:
            return _lines(HelpLine, deed.facts)
    return []


def _roles(roles: Iterable[str]) -> Told:
    known = dict(Membership.Role.choices)
    return Told(", ".join(str(known.get(role, role)) for role in roles))


def _lines(model: type[Model], facts: Mapping[str, Any]) -> list[Line]:
    before, after = facts.get("before") or {}, facts.get("after") or {}
    changed = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    return [
        Line(capfirst(label_of(model, name)), _told(model, name, before.get(name)), _told(model, name, after.get(name)))
        for name in changed
    ]


def label_of(model: type[Model], name: str) -> str:
    """What a field is called; by its bare name where there is none of that name any more."""
    if name == "promise":  # a row of its own, told among the settings
        return _("Promise, working days")
    field = _field(model, name)
    return str(field.verbose_name) if field else name


def _told(model: type[Model], name: str, value: Any) -> Told:
    if value in (None, ""):
        return Told()
    if name == "logo":  # the file itself is gone with the next one
        return Told(_("a picture"))
    if isinstance(value, bool):
        return Told(_("yes") if value else _("no"))
    return Told(str(dict(getattr(_field(model, name), "flatchoices", ())).get(value, value)))


def _field(model: type[Model], name: str) -> Any:
    """The field of that name; None for one that a later release has renamed: the log is kept for ever."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
