"""Letters of some hours of the week, by district and month: nothing finer is known of hours (docs/adr/0016).

Ordinary topics alone: of sensitive ones nobody is shown where and at which hour together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.translation import gettext as _

from analysis.filters import HeatFilters
from analysis.models import FigureQuerySet, HourCount, HourCountQuerySet, HourFigure, Release
from analysis.models.live import HOURS_OF_A_WEEK
from appeals.filters import BadFilter
from geo.models import City
from people.models import User

HOURS_OF_A_DAY = 24
WEEKDAYS = 7


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Hours of some weekdays (1 is Monday), from `since` until `until` o'clock, local time.

    Until an hour that is not later means the next day: from 22 until 4 is one night, and belongs to the day on which it
    begins. No weekday given means every day.
    """

    weekdays: tuple[int, ...]
    since: int
    until: int

    @classmethod
    def read(cls, query: QueryDict) -> "WeekHours | None":
        """Read `weekday` (1 to 7, may repeat), `hour_from` and `hour_to`; None for every hour. Raises BadFilter."""
        weekdays = tuple(sorted({_whole(day, "weekday", 1, WEEKDAYS) for day in query.getlist("weekday") if day}))
        since, until = query.get("hour_from", ""), query.get("hour_to", "")
        asked = cls(
            weekdays if len(weekdays) < WEEKDAYS else (),
            _whole(since, "hour_from", 0, HOURS_OF_A_DAY - 1) if since else 0,
            _whole(until, "hour_to", 0, HOURS_OF_A_DAY) if until else HOURS_OF_A_DAY,
        )
        return None if len(asked.hours) == HOURS_OF_A_WEEK else asked

    @property
    def hours(self) -> frozenset[int]:
        """The hours of the week, 0 on Monday from midnight to one, 167 on Sunday from 23."""
        length = (self.until - self.since - 1) % HOURS_OF_A_DAY + 1
        return frozenset(
            ((weekday - 1) * HOURS_OF_A_DAY + hour) % HOURS_OF_A_WEEK
            for weekday in self.weekdays or range(1, WEEKDAYS + 1)
            for hour in range(self.since, self.since + length)
        )


def live_hours(city: City, user: User | AnonymousUser, filters: HeatFilters, hours: WeekHours) -> HourCountQuerySet:
    """Return the live counts of some hours of ordinary topics; whole months."""
    counts = HourCount.objects.visible_to(user).filter(city=city).during(filters.first, filters.last)
    found: HourCountQuerySet = counts.about(filters.categories).filter(hour__in=hours.hours, category__protected=False)
    return found


def released_at(releases: Iterable[Release], categories: Iterable[str], hours: WeekHours) -> FigureQuerySet:
    """Return the released figures of some hours; read them as the analyst."""
    figures = HourFigure.objects.of(release.pk for release in releases).about(categories)
    found: FigureQuerySet = figures.filter(hour__in=hours.hours)
    return found


def told_by_district(figures: FigureQuerySet) -> dict[str, tuple[int, int]]:
    """Letters at the least and at the most by code of the district: sums of released figures."""
    rows: Iterable[Any] = figures.told("district__code")
    return {row["district__code"]: (row["least"], row["most"]) for row in rows}


def _whole(text: str, name: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most):
        raise BadFilter(
            _("“%(name)s” must be a whole number from %(least)d to %(most)d.")
            % {"name": name, "least": least, "most": most}
        )
    return int(text)
