"""How a city answers: letters of a period, counted by district and by officer, read for the pure sums of
`appeals.answer_times`.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from django.db.models import Case, Count, F, Func, IntegerField, Model, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from appeals.answer_times import Figures, Sums, working_days
from appeals.calendar import Calendar
from appeals.models import AppealQuerySet, clock_of
from appeals.workflow import OPEN_STATES, State
from geo.models import City, District
from geo.moments import start_of_local_day
from people.models import Officer

Whose = TypeVar("Whose", District, Officer)
KEPT = Q(recused_officer__isnull=False) | Q(recused_supervisor__isnull=False)
DETAILED: Final = Case(When(KEPT | Q(protected=True), then=False), default=True)
"""Whether a letter is told of in a row: not a protected one, nor one that is kept from somebody."""
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
    calendar, withdrawn, rest = clock_of(city).calendar, 0, Sums()
    rows: defaultdict[int, Sums] = defaultdict(Sums)
    for key, detailed, is_withdrawn, *alike in _groups(counted, calendar, F(whose), DETAILED, first=first, on=on):
        if is_withdrawn:
            withdrawn += alike[-1]
        else:
            (rest if key is None or not detailed else rows[key]).add(*alike)
    named: dict[int, Whose] = by._base_manager.order_by().only(*NAMED[by]).in_bulk(rows)
    told: dict[int, Figures] = {key: sums.figures for key, sums in rows.items()}
    return Statistics(
        first=first,
        last=last,
        on=on,
        total=Figures.of_all([rest.figures, *told.values()]),
        rows=tuple((named[key], figures) for key, figures in told.items()),
        withdrawn=withdrawn,
    )


def figures_between(
    city: City, letters: AppealQuerySet, *, first: datetime.date, last: datetime.date, on: datetime.date
) -> Figures:
    """Return the same of all letters together: in some dozens of groups."""
    counted, sums = _counted(city, letters, first, last), Sums()
    for is_withdrawn, *alike in _groups(counted, clock_of(city).calendar, first=first, on=on):
        if not is_withdrawn:
            sums.add(*alike)
    return sums.figures


def _counted(city: City, letters: AppealQuerySet, first: datetime.date, last: datetime.date) -> AppealQuerySet:
    return letters.filter(city=city).received_between(first, last).exclude(state=State.SPAM)


def _groups(
    letters: AppealQuerySet, calendar: Calendar, *rows: Any, first: datetime.date, on: datetime.date
) -> Iterable[tuple[Any, ...]]:
    """Count letters of a row that waited equally long together: whether withdrawn, and what `Sums.add` takes."""
    until = Coalesce("first_word_on", Value(on))
    due_on = Case(When(first_word_on__isnull=True, then=F("answer_due_on")), default=F("first_due_on"))
    days, moments = _working_days(calendar, first, on)
    alike = {
        "is_withdrawn": Q(first_word_on__isnull=True) & ~Q(state__in=OPEN_STATES),
        "waited": _begun(until, f"{days}::date[]") - _begun(F("received_at"), f"{moments}::timestamptz[]"),
        "is_answered": Q(first_word_on__isnull=False),
        "is_asked": Q(answered_on__isnull=False),
        "is_late": LessThan(due_on, until),
    }
    counted = letters.order_by().values(**{f"row_{n}": row for n, row in enumerate(rows)}, **alike)
    groups: Iterable[tuple[Any, ...]] = counted.annotate(n=Count("pk")).values_list(
        *(f"row_{n}" for n in range(len(rows))), *alike, "rating", "n"
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
