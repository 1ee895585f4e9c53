"""What a leave would leave behind, before it is put down; and on which days of a span a district has nobody."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from psycopg.types.range import DateRange

from geo.models import City, District
from geo.moments import end_of_local_day
from geo.prepared_queries import PreparedQuery, answers_of, given
from people.cover import days_without_anybody
from people.importing.plan import Days
from people.leaves import Absence
from people.models import Leave, Officer, Posting

MANY_DISTRICTS = 3
"""Whoever serves so many districts at once is named: MIA order 650 gives an officer one, of 7,000 residents at most."""
LOOKED_AHEAD = datetime.timedelta(days=365)
"""So far a leave without an end is looked at."""


@dataclass(frozen=True, slots=True)
class Empty:
    """A district in which nobody answers on some days."""

    district: District
    days: Days


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What to think of first: empty districts, days on which the substitute is away, how many districts they serve."""

    empty: tuple[Empty, ...] = ()
    substitute: Officer | None = None
    away: tuple[Days, ...] = ()
    serves: int = 0

    def __bool__(self) -> bool:
        return bool(self.empty or self.away or self.serves >= MANY_DISTRICTS)

    @property
    def serves_many(self) -> bool:
        """Whether the substitute would serve many districts at once."""
        return self.serves >= MANY_DISTRICTS


def foresee(deed: Callable[[], object], *, city: City, absence: Absence) -> Foreseen:
    """Do a deed, look at what came of it, and take it back: nothing is changed. Raises what the deed raises."""
    with transaction.atomic():
        before = {(each.district.pk, each.days) for each in empty_districts(city, within=_looked_at(absence))}
        deed()
        found = _found(city, absence, before)
        transaction.set_rollback(True)
    return found


DISTRICTS: Final = PreparedQuery(
    lambda: District.objects.in_force_at(given("at", "timestamptz"), city=given("city", "bigint")).order_by("code")
)
POSTED: Final = PreparedQuery(
    lambda: (
        Posting.objects.filter(district__city=given("city", "bigint"), during__overlap=given("span", "daterange"))
        .order_by()
        .values_list("district", "officer", "during")
    )
)
AWAY: Final = PreparedQuery(
    lambda: (
        Leave.objects.filter(officer__city=given("city", "bigint"), during__overlap=given("span", "daterange"))
        .order_by()
        .values_list("officer", "during")
    )
)


def empty_districts(city: City, *, within: Days) -> list[Empty]:
    """Return the districts of a city in which nobody answers on some days of a span."""
    some = {"city": city.pk, "span": DateRange(*within.bounds)}
    districts, posted, away = answers_of(
        DISTRICTS.asked(city=city.pk, at=end_of_local_day(within.start)), POSTED.asked(**some), AWAY.asked(**some)
    )
    postings: dict[int, list[tuple[int, Days]]] = {}
    for district, officer, during in posted:
        postings.setdefault(district, []).append((officer, Days.between(during.lower, during.upper)))
    leaves: dict[int, list[Days]] = {}
    for officer, during in away:
        leaves.setdefault(officer, []).append(Days.between(during.lower, during.upper))
    return [
        Empty(district, days)
        for district in districts
        for days in days_without_anybody(postings.get(district.pk, ()), leaves, within=within)
    ]


def _looked_at(absence: Absence) -> Days:
    return Days(absence.first, min(absence.days.end, absence.first + LOOKED_AHEAD))


def _found(city: City, absence: Absence, before: Iterable[tuple[int, Days]]) -> Foreseen:
    within = _looked_at(absence)
    known = set(before)
    empty = tuple(each for each in empty_districts(city, within=within) if (each.district.pk, each.days) not in known)
    substitute = absence.substitute
    if substitute is None:
        return Foreseen(empty)
    span = DateRange(*within.bounds)
    away = [Days.between(leave.during.lower, leave.during.upper) for leave in
            substitute.leaves.filter(during__overlap=span)]  # fmt: skip
    serves = substitute.postings.filter(during__overlap=span).values("district").distinct().count()
    return Foreseen(empty, substitute, tuple(away), serves)
