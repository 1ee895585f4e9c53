"""Changes of cards and texts in words: field by field, what was beside what is to be."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db.models import ForeignKey, Model
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from phonenumber_field.phonenumber import to_python as phone_of

from geo.models import City
from mapui.templatetags.mapui_tags import language_names
from people.models import Proposal, Station
from people.subjects import Kind, Subject, subject_called, values_of


def _day(value: str) -> str:
    day = parse_date(value)
    return date_format(day, "d.m.Y") if day else value


ALIKE: Final = 0.5
OWN_LABELS: Final = {
    (Kind.OFFICER, "name_uk"): pgettext_lazy("of a person", "Name in Ukrainian"),
    (Kind.OFFICER, "name_en"): pgettext_lazy("of a person", "Name in English"),
    (Kind.OFFICER, "kind"): gettext_lazy("Position"),
}
"""Where the column's own name is not what a form would say."""
SAID: Final[dict[str, Callable[[Any], str]]] = {
    "phone": lambda value: getattr(phone_of(value), "as_international", None) or str(value),
    "languages": lambda value: language_names(tuple(value)),
    "checked_on": _day,
}
"""How the values of some fields are said."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value as people read it: words, or the address of a photo; both empty where there is nothing."""

    text: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change: what it was, what it is to be; `now` where that is neither, or not what it was."""

    label: str
    was: Told
    new: Told
    now: Told | None = None

    @property
    def is_alike(self) -> bool:
        """Whether half of the words stayed: then it helps to mark the others, else they only flicker."""
        if not (self.was.text and self.new.text):
            return False
        return SequenceMatcher(None, self.was.text.split(), self.new.text.split()).ratio() >= ALIKE


class Wording:
    """Says the changes of one city; stations are asked for once."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._stations: dict[int, str] | None = None

    def lines(self, kind: str, was: Mapping[str, Any], new: Mapping[str, Any]) -> list[Line]:
        """What differs between two states of a card or text, field by field."""
        subject = _subject(kind)
        return [
            Line(label_of(subject, name), self.told(subject, name, was.get(name)), self.told(subject, name, new[name]))
            for name in subject.fields
            if name in new and was.get(name) != new[name]
        ]

    def proposal(self, proposal: Proposal, row: Model | None) -> list[Line]:
        """What a waiting change would do to a card or text as it stands, with what has changed meanwhile."""
        subject = _subject(proposal.kind)
        names = [name for name in subject.fields if name in proposal.proposed]
        now = values_of(row, names) if row is not None else proposal.was
        return [
            Line(
                label_of(subject, name),
                self.told(subject, name, proposal.was.get(name)),
                self.told(subject, name, proposal.proposed[name]),
                None if now.get(name) == proposal.was.get(name) else self.told(subject, name, now.get(name)),
            )
            for name in names
        ]

    def done(self, proposal: Proposal) -> list[Line]:
        """What a decided change did, or would have done."""
        if proposal.state == Proposal.State.APPROVED:
            return self.lines(proposal.kind, proposal.replaced or {}, proposal.became or {})
        return self.lines(proposal.kind, proposal.was, proposal.proposed)

    def told(self, subject: Subject, name: str, value: Any) -> Told:
        """A value of a field, as people read it."""
        if value in (None, "", []):
            return Told()
        if name == "photo":
            if not default_storage.exists(value):
                return Told(_("a photo that was deleted"))
            return Told(photo=default_storage.url(value))
        return Told(self._words(subject.model._meta.get_field(name), value))

    def _words(self, field: Any, value: Any) -> str:
        if field.name in SAID:
            return SAID[field.name](value)
        if isinstance(field, ForeignKey):
            return self.stations.get(value, _("a station that is gone"))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(dict(field.flatchoices).get(value, value))

    @property
    def stations(self) -> dict[int, str]:
        """The stations of the city by their keys."""
        if self._stations is None:
            self._stations = {each.pk: each.name for each in Station.objects.filter(city=self.city)}
        return self._stations


def label_of(subject: Subject, name: str) -> str:
    """What a field is called."""
    field: Any = subject.model._meta.get_field(name)
    return capfirst(str(OWN_LABELS.get((subject.kind, name), field.verbose_name)))


def labels_of(kind: str, names: Iterable[str]) -> str:
    """What some fields are called, in one line."""
    subject = _subject(kind)
    given = set(names)
    return ", ".join(label_of(subject, name).lower() for name in subject.fields if name in given)


def _subject(kind: str) -> Subject:
    subject = subject_called(Kind(kind))
    assert subject is not None  # noqa: S101 - every kind is registered
    return subject
