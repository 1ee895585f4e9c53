"""Deeds of the staff in words: who did what; what a role, a setting or a help line was, and what it became."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Model
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.days_off import LISTS
from appeals.models import MovedDay
from geo.models import City
from geo.names import in_current_language
from mapui.change_words import Line, Told
from people.models import HelpLine, Membership, PageVersion, StaffDeed

Deed = StaffDeed.Deed


SENTENCES: Final[Mapping[str, Any]] = {
    Deed.INVITED: gettext_lazy("%(by)s invited %(whom)s: %(roles)s"),
    Deed.WITHDRAWN: gettext_lazy("%(by)s withdrew the invitation of %(whom)s"),
    Deed.JOINED: gettext_lazy("%(whom)s joined: %(roles)s"),
    Deed.ROLES: gettext_lazy("%(by)s changed the roles of %(whom)s: now %(roles)s"),
    Deed.PASSWORD: gettext_lazy("%(by)s made a link to a new password for %(whom)s"),
    Deed.LEAVE: gettext_lazy("%(by)s changed the leave of %(whom)s"),
    Deed.RESET: gettext_lazy("%(by)s reset the second factor of %(whom)s"),
    Deed.DISABLED: gettext_lazy("%(by)s disabled the account of %(whom)s"),
    Deed.ENABLED: gettext_lazy("%(by)s enabled the account of %(whom)s"),
    Deed.ADDED: gettext_lazy("%(by)s added the city"),
    Deed.STAGE: gettext_lazy("%(by)s moved the city on: from “%(before)s” to “%(after)s”"),
    Deed.SETTINGS: gettext_lazy("%(by)s changed settings of the city: %(settings)s"),
    Deed.REVIEWED: gettext_lazy("%(by)s read the texts of the city"),
    Deed.TRAINING: gettext_lazy("%(by)s made or renewed the training copy"),
    Deed.PAGE: gettext_lazy("%(by)s published the page “%(title)s”, version %(n)s"),
    Deed.CHECKED: gettext_lazy("%(by)s checked the phone %(number)s, %(name)s"),
    Deed.LINE: gettext_lazy("%(by)s changed the help line %(phone)s"),
    Deed.DAY: gettext_lazy("%(by)s changed a day: %(day)s instead of %(before)s"),
}
ADDED: Final[Mapping[str, Any]] = {
    Deed.LINE: gettext_lazy("%(by)s added the help line %(phone)s"),
    Deed.DAY: gettext_lazy("%(by)s put a day down: %(day)s"),
}
TAKEN_AWAY: Final[Mapping[str, Any]] = {
    Deed.LINE: gettext_lazy("%(by)s took the help line %(phone)s away"),
    Deed.DAY: gettext_lazy("%(by)s took a day away: %(day)s"),
}
"""Of what had no before, or has no after."""


def sentence_of(deed: StaffDeed) -> str:
    """Say who did what to whom."""
    known, facts = deed.deed, deed.facts
    before, after = facts.get("before"), facts.get("after")
    told = {"by": str(deed.by or _("A command")), "whom": str(deed.whom or deed.whom_email), "roles": ""}
    match known:
        case Deed.INVITED | Deed.JOINED | Deed.ROLES:
            told["roles"] = _role_names(deed.roles_after)
            if known == Deed.ROLES and not told["roles"]:
                return _("%(by)s took all roles here from %(whom)s") % told
        case Deed.LEAVE:
            told["whom"] = facts.get("name", "")
        case Deed.STAGE:
            told |= {side: _stage_name(facts.get(side, "")) for side in ("before", "after")}
        case Deed.SETTINGS:
            told["settings"] = _setting_names(after or {})
        case Deed.PAGE:
            kind = facts.get("page", "")
            told |= {"title": str(dict(PageVersion.Kind.choices).get(kind, kind)), "n": facts.get("number", "")}
        case Deed.CHECKED:
            told |= {name: facts.get(name, "") for name in ("name", "number")}
        case Deed.LINE:
            told["phone"] = (after or before or {}).get("phone", "")
        case Deed.DAY:
            told |= {"day": _day_words(after or before), "before": _day_words(before)}
    sentences = SENTENCES
    if known in ADDED and not (before and after):
        sentences = TAKEN_AWAY if before else ADDED
    return sentences[known] % told if known in sentences else f"{told['by']}: {known}"


def _day_words(facts: Mapping[str, str] | None) -> str:
    """Return a day with its name, or with what it became."""
    if not facts:
        return ""
    kind = facts.get("kind", "")
    name = str(dict(MovedDay.Kind.choices).get(kind, kind))
    if "name_uk" in facts:
        name = in_current_language(facts["name_uk"], facts.get("name_en", ""))
    return f"{date_format(datetime.date.fromisoformat(facts['day']), 'd.m.Y')}, {name}"


def _stage_name(stage: str) -> str:
    """Return what a stage is called; what is no stage stays as it is."""
    return str(dict(City.Stage.choices).get(stage, stage))


def _setting_names(changed: Mapping[str, Any]) -> str:
    """Return what the changed settings are called, with the new promise."""
    return ", ".join(
        _("promise in working days: %(n)s") % {"n": value} if name == "promise" else label_of(City, name)
        for name, value in changed.items()
    )


def lines_of(deed: StaffDeed) -> list[Line]:
    """Return what a deed changed, field by field; nothing where its sentence says all of it."""
    match deed.deed:
        case Deed.ROLES:
            return [Line(_("Roles"), Told(_role_names(deed.roles_before)), Told(_role_names(deed.roles_after)))]
        case Deed.SETTINGS:
            return _lines(City, deed.facts)
        case Deed.LINE:
            return _lines(HelpLine, deed.facts)
        case Deed.DAY:
            return _lines(LISTS[deed.facts["list"]], deed.facts)
    return []


def _role_names(roles: Iterable[str]) -> str:
    """Return what roles are called; one that a later release has dropped by its bare name: the log is kept for ever."""
    known = dict(Membership.Role.choices)
    return ", ".join(str(known.get(role, role)) for role in roles)


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
    if isinstance(_field(model, name), DateField) and (day := parse_date(str(value))):
        return Told(date_format(day, "d.m.Y"))
    return Told(str(dict(getattr(_field(model, name), "flatchoices", ())).get(value, value)))


def _field(model: type[Model], name: str) -> Any:
    """The field of that name; None for one that a later release has renamed: the log is kept for ever."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
