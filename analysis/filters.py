"""One set of filters for the heatmap's page, its API and its exports."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from analysis.ever import ever
from analysis.models import (
    LEVELS,
    MONTH_LEVELS,
    SUM_ZOOM,
    CellCount,
    CellCountQuerySet,
    CountQuerySet,
    HourCount,
    LevelQuerySet,
    MonthCount,
    SumCount,
    TotalCount,
    pairs_of,
    sees_whole,
    sight_in,
)
from appeals.access import asked_once
from appeals.filters import BadFilter, read_day
from geo.cells import COARSEST_ZOOM, ZOOM, Bounds, Range, ranges_covering
from geo.models import City
from people.models import User

Counts = TypeVar("Counts", bound=CountQuerySet)
YEARS = range(1970, 2200)
"""Beyond them no letter lies, and a day before another would soon be no day."""


@dataclass(frozen=True, slots=True)
class HeatFilters:
    """Which letters a heatmap counts: `first` and `last` are local days, both included; `zoom` is the cells' size."""

    categories: tuple[str, ...] = ()
    first: datetime.date | None = None
    last: datetime.date | None = None
    zoom: int = ZOOM
    box: Bounds | None = None

    @classmethod
    def read(cls, query: QueryDict, *, box: Bounds | None = None, zoom: int = ZOOM) -> "HeatFilters":
        """Read `category` (may repeat), `from`, `to` and `zoom`. Raises BadFilter."""
        first, last = read_day(query, "from"), read_day(query, "to")
        if first and last and first > last:
            raise BadFilter(_("The first day is after the last."))
        if any(day and day.year not in YEARS for day in (first, last)):
            raise BadFilter(_("Days lie between the years 1970 and 2199."))
        given = query.get("zoom", "")
        if given and not (given.isascii() and given.isdigit()):
            raise BadFilter(_("“zoom” must be a whole number."))
        return cls(
            categories=tuple(dict.fromkeys(slug for slug in query.getlist("category") if slug)),
            first=first,
            last=last,
            zoom=max(COARSEST_ZOOM, min(ZOOM, int(given[:3]) if given else zoom)),
            box=box,
        )

    def squares(self, city: City, user: User | AnonymousUser) -> QuerySet[Any, Any]:
        """Rows {"area": cell at `zoom`, "letters": count} that the user may see, most letters first.

        Where no day is chosen, totals are read, not every day; of a whole city its sums; where squares are not the
        finest, months: the answer is the same.
        """
        if not (self.first or self.last) and self.zoom <= SUM_ZOOM and self._of_everything(city, user):
            return SumCount.objects.visible_in(city, user).squares(self.zoom)
        if self.first and self.last and self.zoom <= max(MONTH_LEVELS):
            months = MonthCount.objects.during(self.first, self.last)
            return self._at_a_level(months, MONTH_LEVELS, city, user)
        if self.first or self.last:
            return self.cells(city, user).summed(self.zoom)
        return self._at_a_level(TotalCount.objects.all(), LEVELS, city, user)

    def counted(self, city: City, user: User | AnonymousUser) -> list[tuple[int, int]]:
        """Return the same as pairs of square and letters: what is drawn, listed and tested is asked for once."""
        return asked_once(
            self._question("squares", city, user),
            lambda: pairs_of(self.squares(city, user).values_list("area", "letters")),
        )

    def ask_ever(self, city: City, user: User | AnonymousUser) -> None:
        """Ask at once for all that the following and `counted` tell, where nothing is chosen of a whole city.

        Under the eyes of staff alone: without them no answer is kept (`asked_once`).
        """
        sight = sight_in(city, user)
        if sight is None or sight.districts is not None or self != HeatFilters(zoom=SUM_ZOOM):
            return
        for name, told in ever(sight)._asdict().items():
            asked_once(self._question(name, city, user), lambda told=told: told)  # type: ignore[misc]

    def by_day(self, city: City, user: User | AnonymousUser) -> dict[datetime.date, int]:
        """Return the letters of each local day that has some."""
        return asked_once(self._question("by_day", city, user), lambda: self._by_day(city, user))

    def by_hour(self, city: City, user: User | AnonymousUser) -> list[int]:
        """Return the letters of each hour of the week, in the whole months from the first day to the last."""
        return asked_once(self._question("by_hour", city, user), lambda: self._by_hour(city, user))

    def by_district(self, city: City, user: User | AnonymousUser) -> dict[int, tuple[int, int]]:
        """Return the letters of each district by its key, and how many of them have a place."""
        return asked_once(self._question("by_district", city, user), lambda: self._by_district(city, user))

    def _by_day(self, city: City, user: User | AnonymousUser) -> dict[datetime.date, int]:
        if self._of_everything(city, user):
            return SumCount.objects.visible_in(city, user).by_day(self.first, self.last)
        return dict(pairs_of(self.cells(city, user).by_day().values_list("day", "letters")))

    def _by_hour(self, city: City, user: User | AnonymousUser) -> list[int]:
        if not (self.first or self.last) and self._of_everything(city, user):
            return SumCount.objects.visible_in(city, user).by_hour()
        hours = HourCount.objects.visible_in(city, user).about(self.categories)
        return hours.during(self.first, self.last).by_hour()

    def _by_district(self, city: City, user: User | AnonymousUser) -> dict[int, tuple[int, int]]:
        """Tell it as asked.

        Of a whole city, where no day is chosen, the largest squares are summed, and what lies in none; an officer's
        days are few.
        """
        n, placed = Sum("n"), Sum("n", filter=Q(cell__isnull=False), default=0)
        if self.first or self.last or self.box or not sees_whole(city, user):
            counts = self.cells(city, user).order_by().values_list("district").annotate(letters=n, placed=placed)
            return {district: (letters, with_place) for district, letters, with_place in counts}
        totals = TotalCount.objects.visible_in(city, user).at_level(LEVELS[0]).about(self.categories)
        rest = CellCount.objects.visible_in(city, user).unplaced().about(self.categories)
        found = {key: (letters, letters) for key, letters in totals.order_by().values_list("district").annotate(n)}
        for key, letters in rest.order_by().values_list("district").annotate(n):
            with_place = found.get(key, (0, 0))[1]
            found[key] = (with_place + letters, with_place)
        return found

    def cells(self, city: City, user: User | AnonymousUser) -> CellCountQuerySet:
        """Return the cells that the user may see and the filters let through."""
        found: CellCountQuerySet = CellCount.objects.visible_in(city, user)
        return self._within_box(found.during(self.first, self.last).about(self.categories), ZOOM)

    def _question(self, name: str, city: City, user: User | AnonymousUser) -> tuple[Any, ...]:
        """A question that is asked once."""
        return name, city.pk, user.pk, self

    def _of_everything(self, city: City, user: User | AnonymousUser) -> bool:
        """Whether all topics of a whole city are asked for."""
        return not self.categories and self.box is None and sees_whole(city, user)

    def _at_a_level(
        self, counts: LevelQuerySet, levels: Iterable[int], city: City, user: User | AnonymousUser
    ) -> QuerySet[Any, Any]:
        level = min(each for each in levels if each >= self.zoom)
        found = counts.visible_in(city, user).at_level(level).about(self.categories)
        return self._within_box(found, level).by_cell(self.zoom, of=level)

    def _within_box(self, counts: Counts, level: int) -> Counts:
        """Counts by cells of zoom `level`, in the squares of `zoom` that touch the box: each counts whole."""
        if self.box is None:
            return counts
        shift = 2 * (level - self.zoom)
        squares = ranges_covering(self.box, zoom=self.zoom)
        return counts.in_ranges(Range(each.first << shift, ((each.last + 1) << shift) - 1) for each in squares)
