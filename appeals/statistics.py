"""How a city answers: letters of a period, counted by district and by officer, read for the pure sums of
`appeals.answer_times`.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Count, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import LessThan

from appeals.answer_times import Figures, Times, WorkingDays
from appeals.models import AppealQuerySet, clock_of
from appeals.workflow import OPEN_STATES, State
from geo.models import City, District
from geo.moments import KYIV
from people.models import Officer


@dataclass(frozen=True, slots=True)
class Statistics:
    """Letters received from `first` to `last`, as they stood at the end of `on`.

    Protected letters, and those kept from somebody, are in the total alone: a row of few would tell of them. Those that
    were `withdrawn` by their writers before an answer are counted nowhere else.
    """

    first: datetime.date
    last: datetime.date
    on: datetime.date
    total: Figures
    by_district: tuple[tuple[District, Figures], ...]
    by_officer: tuple[tuple[Officer, Figures], ...]
    withdrawn: int


def statistics_of(
    city: City, letters: AppealQuerySet, *, first: datetime.date, last: datetime.date, on: datetime.date
) -> Statistics:
    """Count the letters of a city received from one local day to another, both included, seen on a later one.

    `letters` are those that whoever asks may read. Suspected spam is left out. Three questions, however many letters.
    """
    counted = _counted(city, letters, first, last)
    days = WorkingDays(clock_of(city).calendar, first, on)
    parts: list[Figures] = []
    withdrawn = 0
    by_district: dict[int, list[Figures]] = {}
    by_officer: dict[int, list[Figures]] = {}
    for group in _groups(counted, days, "district", "officer", "detailed", on=on):
        if group["is_withdrawn"]:
            withdrawn += group["n"]
            continue
        part = figures_of(group)
        parts.append(part)
        if not group["detailed"]:
            continue
        for sums, key in ((by_district, group["district"]), (by_officer, group["officer"])):
            if key is not None:
                sums.setdefault(key, []).append(part)
    districts, officers = District.objects.in_bulk(by_district), Officer.objects.defer("phone").in_bulk(by_officer)
    return Statistics(
        first=first,
        last=last,
        on=on,
        total=Figures.of_all(parts),
        by_district=tuple((districts[key], Figures.of_all(each)) for key, each in by_district.items()),
        by_officer=tuple((officers[key], Figures.of_all(each)) for key, each in by_officer.items()),
        withdrawn=withdrawn,
    )


def figures_between(
    city: City, letters: AppealQuerySet, *, first: datetime.date, last: datetime.date, on: datetime.date
) -> Figures:
    """Return the same of all letters together: in some dozens of groups."""
    groups = _groups(_counted(city, letters, first, last), WorkingDays(clock_of(city).calendar, first, on), on=on)
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


def _groups(letters: AppealQuerySet, days: WorkingDays, *rows: str, on: datetime.date) -> Iterable[Mapping[str, Any]]:
    """Count letters of a row that waited equally long together: of thousands some hundreds of groups are read."""
    kept = Q(recused_officer__isnull=False) | Q(recused_supervisor__isnull=False)
    until = Coalesce("first_word_on", Value(on))
    due_on = Case(When(first_word_on__isnull=True, then=F("answer_due_on")), default=F("first_due_on"))
    groups: Iterable[Mapping[str, Any]] = (
        letters.order_by()
        .annotate(
            detailed=Case(When(kept | Q(protected=True), then=False), default=True),
            is_withdrawn=Q(first_word_on__isnull=True) & ~Q(state__in=OPEN_STATES),
            is_answered=Q(first_word_on__isnull=False),
            is_asked=Q(answered_on__isnull=False),
            is_late=LessThan(due_on, until),
            waited=_working_days_until(until, days) - _working_days_until(TruncDate("received_at", tzinfo=KYIV), days),
        )
        .values(*rows, "is_withdrawn", "is_answered", "is_asked", "is_late", "waited", "rating")
        .annotate(n=Count("pk"))
    )
    return groups


def _working_days_until(day: Any, days: WorkingDays) -> Func:
    """Return the working days of a span up to and with a day in it, as `WorkingDays.between` counts them."""
    counts = Value(days.until, output_field=ArrayField(IntegerField()))
    # Arrays count from 1, and a date less a date is a number.
    place = Func(
        day, Value(days.first), template="(%(expressions)s + 2)", arg_joiner=" - ", output_field=IntegerField()
    )
    return Func(counts, place, template="((%(expressions)s])", arg_joiner=")[", output_field=IntegerField())
