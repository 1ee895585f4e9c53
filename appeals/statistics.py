"""How a city answers: letters of a period, counted by district and by officer, read for the pure sums of
`appeals.answer_times`.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, When
from django.db.models.functions import TruncDate

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
    counted = letters.filter(city=city).received_between(first, last).exclude(state=State.SPAM)
    days = WorkingDays(clock_of(city).calendar, first, on)
    total, withdrawn = Figures(), 0
    by_district: dict[int, Figures] = {}
    by_officer: dict[int, Figures] = {}
    for group in _groups(counted):
        if group["first_word_on"] is None and group["state"] not in OPEN_STATES:
            withdrawn += group["n"]
            continue
        figures = figures_of(group, days, on=on)
        total += figures
        if not group["detailed"]:
            continue
        for sums, key in ((by_district, group["district"]), (by_officer, group["officer"])):
            if key is not None:
                sums[key] = sums.get(key, Figures()) + figures
    districts, officers = District.objects.in_bulk(by_district), Officer.objects.in_bulk(by_officer)
    return Statistics(
        first=first,
        last=last,
        on=on,
        total=total,
        by_district=tuple((districts[key], figures) for key, figures in by_district.items()),
        by_officer=tuple((officers[key], figures) for key, figures in by_officer.items()),
        withdrawn=withdrawn,
    )


def figures_of(group: Mapping[str, Any], days: WorkingDays, *, on: datetime.date) -> Figures:
    """Return the figures of letters that came on one day, were first answered on one day, and were due on one day."""
    n, answered_on, due_on = group["n"], group["first_word_on"], group["due_on"]
    waited = {days.between(group["came_on"], answered_on or on): n}
    is_late = due_on is not None and due_on < (answered_on or on)
    is_in_time = answered_on is not None and due_on is not None and not is_late
    rating = group["rating"]
    return Figures(
        times=Times(answered=waited) if answered_on else Times(waiting=waited),
        in_time=n if is_in_time else 0,
        late=n if is_late else 0,
        asked=n if group["answered_on"] else 0,
        ratings={rating: n} if rating else {},
    )


def _groups(letters: AppealQuerySet) -> Iterable[Mapping[str, Any]]:
    kept = Q(recused_officer__isnull=False) | Q(recused_supervisor__isnull=False)
    return (
        letters.order_by()
        .annotate(
            came_on=TruncDate("received_at", tzinfo=KYIV),
            due_on=Case(When(first_word_on__isnull=True, then=F("answer_due_on")), default=F("first_due_on")),
            detailed=Case(When(kept | Q(protected=True), then=False), default=True),
        )
        .values(
            "district",
            "officer",
            "detailed",
            "came_on",
            "first_word_on",
            "due_on",
            "answered_on",
            "state",
            "rating",
        )
        .annotate(n=Count("pk"))
    )
