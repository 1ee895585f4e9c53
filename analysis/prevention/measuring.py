"""Before and after: whether letters at a place became fewer than elsewhere since the first deed there.

A place was chosen because its letters were many in the days it was chosen by, so they would fall by themselves
(regression to the mean; Barnett, van der Pols and Dobson 2005). Hence two comparisons, neither of which has that in it:
days *before* those it was chosen by, beside all other squares; and the days it was chosen by, beside the hotspots of
the same days where nothing was done, which fall by themselves as well.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy  # its parts are loaded when they are first used: they take 60 MB of each server process
from numpy.typing import NDArray

from analysis.filters import HeatFilters
from analysis.grids import LiveGrid
from analysis.held_days import first_day
from analysis.hotspots.comparison import Asked, Comparison, Letters, compare_places
from analysis.live_hotspots import find_live
from analysis.models import PreventionPlace
from analysis.prevention.places import MEASURED_DAYS, begun_on
from geo.models import City
from geo.moments import local_day
from people.models import User

DAY = datetime.timedelta(days=1)
Counts = Callable[["Days", tuple[str, ...]], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, both included; without a day where `last` lies before `first`."""

    first: datetime.date
    last: datetime.date

    def __len__(self) -> int:
        return max(0, (self.last - self.first).days + 1)


@dataclass(frozen=True, slots=True)
class Spans:
    """What is set side by side: `before` lies wholly before what the place was `chosen` by, `since` wholly after."""

    before: Days
    chosen: Days
    since: Days


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A place since its first deed: beside all other squares, and beside other hotspots where nothing was done."""

    begun: datetime.date
    spans: Spans
    rest: Comparison
    hotspots: Comparison


def spans_of(
    place: PreventionPlace, begun: datetime.date, *, counted_since: datetime.date, today: datetime.date
) -> Spans:
    """Return the days that are set side by side.

    `since` begins when the deed is done and the days it was chosen by are over, and ends yesterday or a year later.
    `counted_since` is the first day of which the city has letters: before it there are none for another reason.
    """
    last_before = min(place.first, begun) - DAY
    first_since = max(begun, place.last) + DAY
    year = datetime.timedelta(days=MEASURED_DAYS - 1)
    return Spans(
        before=Days(max(last_before - year, counted_since), last_before),
        chosen=Days(place.first, min(place.last, begun - DAY)),
        since=Days(first_since, min(today - DAY, first_since + year)),
    )


def before_and_after(
    places: Iterable[PreventionPlace],
    *,
    known: Iterable[PreventionPlace],
    city: City,
    user: User,
    at: datetime.datetime,
) -> dict[int, BeforeAfter]:
    """Measure those of some places where something is done, by key, with what the user may see of their letters.

    A ring of one square around every place with a deed, of all that are `known` to the user in the city, is left out of
    the others: what was driven off may be next door. All comparisons are corrected together.
    """
    today = local_day(at)
    first = first_day(city, user)
    begun = [(place, begun_on(place)) for place in places]
    asked = [
        (place, day, spans_of(place, day, counted_since=first or today, today=today)) for place, day in begun if day
    ]
    if not asked:
        return {}
    scene = _Scene(city, user, [place for place in known if begun_on(place)], at)
    pairs = [pair for place, _day, spans in asked for pair in scene.asked(place, spans)]
    compared = iter(compare_places(pairs))
    return {
        place.pk: BeforeAfter(day, spans, rest=next(compared), hotspots=next(compared)) for place, day, spans in asked
    }


class _Scene:
    """The letters that a user may see, counted once for each span of days and topics."""

    def __init__(self, city: City, user: User, treated: list[PreventionPlace], at: datetime.datetime) -> None:
        self.city, self.user, self.treated = city, user, treated
        self.grid = cache(lambda zoom: LiveGrid.of(city, user, zoom=zoom, at=at))
        self.counts = cache(self._counts)
        self.ring = cache(self._ring)
        self.untouched = cache(self._untouched)

    def asked(self, place: PreventionPlace, spans: Spans) -> Iterator[Asked]:
        """Yield the place beside the rest, then beside other hotspots."""
        there, ring = self.grid(place.zoom).mask(place.cells), self.ring(place.zoom)
        others = (spans.before, ~ring), (spans.chosen, self.untouched(place.zoom, place.categories, spans.chosen))
        for earlier, beside in others:
            before, after = (self.counts(place.zoom, place.categories, days) for days in (earlier, spans.since))
            yield Asked(
                place=Letters(int(before[there].sum()), int(after[there].sum())),
                others=Letters(int(before[beside].sum()), int(after[beside].sum())),
                days=(len(earlier), len(spans.since)),
            )

    def _counts(self, zoom: int, categories: tuple[str, ...], days: Days) -> NDArray[np.int64]:
        grid = self.grid(zoom)
        if not len(days):
            return np.zeros(grid.inside.shape, np.int64)
        return grid.counts(self.city, self.user, _filters(zoom, categories, days))

    def _ring(self, zoom: int) -> NDArray[np.bool_]:
        """The squares of all places with a deed, and those next to them."""
        there = self.grid(zoom).mask(cell for place in self.treated if place.zoom == zoom for cell in place.cells)
        ring: NDArray[np.bool_] = scipy.ndimage.binary_dilation(there, np.ones((3, 3)))
        return ring

    def _untouched(self, zoom: int, categories: tuple[str, ...], days: Days) -> NDArray[np.bool_]:
        """The squares of the hotspots of some days that touch no place with a deed."""
        grid, ring = self.grid(zoom), self.ring(zoom)
        squares = np.zeros(ring.shape, bool)
        if len(days):
            filters = _filters(zoom, categories, days)
            _grid, found = find_live(grid, self.city, self.user, filters, resamples=0)
            for spot in found.spots:
                rows, columns = np.array(spot.cells).T
                if not ring[rows, columns].any():
                    squares[rows, columns] = True
        return squares


def _filters(zoom: int, categories: tuple[str, ...], days: Days) -> HeatFilters:
    return HeatFilters(categories=categories, first=days.first, last=days.last, zoom=zoom)
