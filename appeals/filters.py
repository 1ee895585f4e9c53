"""One set of filters for the office's list of letters, its map and its API."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from appeals.models import Addressee, Appeal, AppealQuerySet
from appeals.workflow import OPEN_STATES, State


class BadFilter(Exception):
    """A filter cannot be read; the text is a sentence."""


class Due(StrEnum):
    """When the answer is due, seen from a day."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


def due_of(appeal: Appeal, *, on: datetime.date) -> str:
    """Return when the answer to a letter is due, seen from a day; empty where none is owed.

    What is due soon is a part of what is due later, and is told as that.
    """
    if not appeal.is_waiting:
        return ""
    if appeal.answer_due_on == on:
        return Due.TODAY
    return Due.OVERDUE if appeal.answer_due_on < on else Due.LATER


WAITING = "waiting"
"""Every state in which the office owes the next step."""


@dataclass(frozen=True, slots=True)
class LetterFilters:
    """Which letters are shown. `state` is a state, WAITING or empty; `first` and `last` are local days of receipt, both
    included; an empty filter lets everything through. `districts` are codes, any of them; `officer` is the key of the
    officer whom letters name; `addressee` is officer or supervisor.
    """

    state: str = ""
    category: str = ""
    due: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    districts: tuple[str, ...] = ()
    addressee: str = ""
    officer: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether only letters of a state in which nothing is owed are shown."""
        return self.state not in {"", WAITING, *OPEN_STATES}

    @classmethod
    def read(cls, query: QueryDict) -> "LetterFilters":
        """Read `state`, `category` (a key), `due`, `from`, `to`, `district`, `addressee` and `officer`.

        Raises BadFilter.
        """
        filters = cls(
            state=_one_of(query, "state", (WAITING, *State)),
            category=query.get("category", ""),
            due=_one_of(query, "due", tuple(Due)),
            first=read_day(query, "from"),
            last=read_day(query, "to"),
            districts=tuple(query.getlist("district")),
            addressee=_one_of(query, "addressee", tuple(Addressee)),
            officer=query.get("officer", ""),
        )
        if filters.first and filters.last and filters.first > filters.last:
            raise BadFilter(_("The first day is after the last."))
        return filters

    def applied(self, letters: AppealQuerySet, *, today: datetime.date) -> AppealQuerySet:
        """Return the letters that the filters let through; only a letter that waits has a day that counts."""
        if self.state == WAITING:
            letters = letters.waiting()
        elif self.state:
            letters = letters.filter(state=self.state)
        if self.category:
            letters = letters.filter(category__slug=self.category)
        if self.districts:
            letters = letters.filter(district__code__in=self.districts)
        if self.addressee:
            letters = letters.filter(addressee=self.addressee)
        if self.officer:
            letters = letters.filter(officer__key=self.officer)
        match self.due:
            case Due.OVERDUE:
                letters = letters.overdue_on(today)
            case Due.TODAY:
                letters = letters.waiting().filter(answer_due_on=today)
            case Due.SOON:
                letters = letters.due_soon_after(today)
            case Due.LATER:
                letters = letters.waiting().filter(answer_due_on__gt=today)
        return letters.received_between(self.first, self.last)

    def in_order(self, letters: AppealQuerySet) -> AppealQuerySet:
        """Return letters that the filters let through, the most urgent first."""
        if self.is_settled:
            return letters.latest_first()
        return letters.soonest_due_first() if self.state == WAITING else letters.most_urgent_first()


ALL_THAT_WAIT: Final = LetterFilters(state=WAITING)


def _one_of(query: QueryDict, name: str, known: tuple[str, ...]) -> str:
    value = query.get(name, "")
    if value and value not in known:
        raise BadFilter(
            _("“%(name)s” must be one of: %(known)s.") % {"name": name, "known": ", ".join(map(str, known))}
        )
    return value


def read_day(query: Mapping[str, str], name: str) -> datetime.date | None:
    """Return the local day of a parameter, or None. Raises BadFilter."""
    text = query.get(name, "")
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadFilter(_("“%(name)s” must be a day such as 2026-01-31.") % {"name": name}) from None
