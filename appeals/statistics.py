"""How a city answers: letters of a period, counted by district and by officer, read for the pure sums of
`appeals.answer_times`.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from django.db.models import Case, Count, F, Func, IntegerField, Model, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from appeals.answer_times import Figures, Times, working_days
from appeals.calendar import Calendar
from appeals.models import AppealQuerySet, clock_of
from appeals.workflow import OPEN_STATES, State
from geo.models import City, District
from geo.moments import start_of_local_day
from people.models import Officer

Whose = TypeVar("Whose", District, Officer)
NAMED: Final[Mapping[type[Model], Sequence[str]]] = {
    District: ("code", "name_uk", "name_en"),
    Officer: ("name_uk", "name_en"),
}


@dataclass(frozen=True, slots=True)
class Statistics(Generic[Whose]):
    """Letters received from `first` to `last`, as they stood at the end of `on`: all, and by district or officer.

    Protected letters, and those kept from somebody, are in the total alone: a row of few would tell of them. Those that
    were `withdrawn` by their writers before an answer are counted nowhere else.
    """

    first: datetime.date
    last: datetime.date
    on: datetime.date
    total: Figures
    rows: tuple[tuple[Whose, Figures], ...]
    withdrawn: int


def statistics_of(
    city: City,
    letters: AppealQuerySet,
    *,
    by: type[Whose],
    first: datetime.date,
    last: datetime.date,
    on: datetime.date,
) -> Statistics[Whose]:
    """Count the letters of a city received from one local day to another, both included, seen on a later one.

    `letters` are those that whoever asks may read; `by` says whose rows are told, with the names of their districts or
    officers alone. Suspected spam is left out. Two questions, however many letters.
    """
    counted, whose = _counted(city, letters, first, last), by._meta.model_name or ""
    parts: list[Figures] = []
    withdrawn = 0
    rows: dict[int, list[Figures]] = {}
    for group in _groups(counted, clock_of(city).calendar, whose, "detailed", first=first, on=on):
        if group["is_withdrawn"]:
            withdrawn += group["n"]
            continue
        part = figures_of(group)
        parts.append(part)
        if group["detailed"] and group[whose] is not None:
            rows.setdefault(group[whose], []).append(part)
    named: dict[int, Whose] = by._base_manager.order_by().only(*NAMED[by]).in_bulk(rows)
    return Statistics(
        first=first,
        last=last,
        on=on,
        total=Figures.of_all(parts),
        rows=tuple((named[key], Figures.of_all(each)) for key, each in rows.items()),
        withdrawn=withdrawn,
    )


def figures_between(
    city: City, letters: AppealQuerySet, *, first: datetime.date, last: datetime.date, on: datetime.date
) -> Figures:
    """Return the same of all letters together: in some dozens of groups."""
    groups = _groups(_counted(city, letters, first, last), clock_of(city).calendar, first=first, on=on)
    return Figures.of_all(figures_of(group) for group in groups if not group["is_withdrawn"])


def figures_of(group: Mapping[str, Any]) -> Figures:
    """Return the figures of letters that waited equally long, and are alike in all else that is told."""
    n, rating = group["n"], group["rating"]
    waited = {group["waited"]: n}
    return Figures(
        times=Times(answered=waited) if group["is_answered"] else Times(waiting=waited),
        in_time=n if group["is_answered"] and group["is_late"] is False else 0,
        late=n if group["is_late"] else 0,
        asked=n if group["is_asked"] else 0,
        ratings={rating: n} if rating else {},
    )


def _counted(city: City, letters: AppealQuerySet, first: datetime.date, last: datetime.date) -> AppealQuerySet:
    return letters.filter(city=city).received_between(first, last).exclude(state=State.SPAM)


def _groups(
    letters: AppealQuerySet, calendar: Calendar, *rows: str, first: datetime.date, on: datetime.date
) -> Iterable[Mapping[str, Any]]:
    """Count letters of a row that waited equally long together: of thousands some hundreds of groups are read."""
    kept = Q(recused_officer__isnull=False) | Q(recused_supervisor__isnull=False)
    until = Coalesce("first_word_on", Value(on))
    due_on = Case(When(first_word_on__isnull=True, then=F("answer_due_on")), default=F("first_due_on"))
    days, moments = _working_days(calendar, first, on)
    groups: Iterable[Mapping[str, Any]] = (
        letters.order_by()
        .annotate(
            detailed=Case(When(kept | Q(protected=True), then=False), default=True),
            is_withdrawn=Q(first_word_on__isnull=True) & ~Q(state__in=OPEN_STATES),
            is_answered=Q(first_word_on__isnull=False),
            is_asked=Q(answered_on__isnull=False),
            is_late=LessThan(due_on, until),
            waited=_begun(until, f"{days}::date[]") - _begun(F("received_at"), f"{moments}::timestamptz[]"),
        )
        .values(*rows, "is_withdrawn", "is_answered", "is_asked", "is_late", "waited", "rating")
        .annotate(n=Count("pk"))
    )
    return groups


def _begun(moment: Any, sorted_days: str) -> Func:
    """Return how many of some days have begun."""
    return Func(moment, template=f"width_bucket(%(expressions)s, {sorted_days})", output_field=IntegerField())


@lru_cache(maxsize=64)
def _working_days(calendar: Calendar, first: datetime.date, last: datetime.date) -> tuple[str, str]:
    """Return the working days of a span, and the moments at which they begin, as PostgreSQL writes lists."""
    days = working_days(calendar, first, last)
    return _listed(days), _listed(map(start_of_local_day, days))


def _listed(values: Iterable[object]) -> str:
    return f"'{{{','.join(map(str, values))}}}'"
