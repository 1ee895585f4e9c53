"""Hotspots as a reader sees them today, and the places of prevention that they touch."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from analysis.filters import HeatFilters
from analysis.geojson import as_geojson
from analysis.grids import LiveGrid, outline_of
from analysis.hotspots.significance import RESAMPLES, Hotspots
from analysis.live_hotspots import find_live
from analysis.models import MeasureVersion, PreventionPlace
from appeals.models import cities_served_by, reading_rights
from geo.models import City
from people.models import User

MEASURED_DAYS = 364
"""A place is measured for so long after the first deed, and as long before: a year of whole weeks."""


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A hotspot of today in whole cells (Z-order numbers at the zoom of its grid)."""

    rank: int
    cells: tuple[int, ...]
    letters: int
    by_chance: float
    times: float
    stability: float
    zoom: int

    def as_geojson(self) -> dict[str, Any]:
        """Its shape."""
        return as_geojson(outline_of(self.cells, self.zoom))


def hotspots_now(
    city: City, user: User, filters: HeatFilters, *, at: datetime.datetime, resamples: int = RESAMPLES
) -> tuple[Hotspots, list[Hotspot]]:
    """Return what the test found in the districts that a user reads, and its hotspots in cells."""
    grid, found = find_live(LiveGrid.of(city, user, zoom=filters.zoom, at=at), city, user, filters, resamples=resamples)
    return found, [
        Hotspot(
            rank=spot.rank,
            cells=tuple(sorted(grid.cell(row, column) for row, column in spot.cells)),
            letters=spot.observed,
            by_chance=spot.expected,
            times=spot.times,
            stability=spot.stability,
            zoom=filters.zoom,
        )
        for spot in found.spots
    ]


def districts_served(user: User, *, on: datetime.date) -> Q:
    """Return the condition on districts that an officer serves on a local day, as main or acting officer."""
    own, _supervised = reading_rights(user, on=on, district="pk")
    return own


def serves_in(user: User, city: City, *, on: datetime.date) -> bool:
    """Tell whether a user serves a district of a city on a local day: who serves one plans and records there."""
    return city.pk in cities_served_by(user, on=on)


def begun_on(place: PreventionPlace) -> datetime.date | None:
    """Return the day of the first deed that is done at a place, or None."""
    current = (measure.current for measure in place.measures.all())
    return min((each.on for each in current if each.state == MeasureVersion.State.DONE), default=None)


def is_live(place: PreventionPlace, *, on: datetime.date) -> bool:
    """Tell whether what is done at a hotspot belongs to the place: something stands there, and it is still measured."""
    states = {measure.current.state for measure in place.measures.all()}
    begun = begun_on(place)
    over = begun is not None and (on - max(begun, place.last)).days > MEASURED_DAYS
    return bool(states - {MeasureVersion.State.WITHDRAWN}) and not over


def place_of(
    hotspot: Hotspot, places: Iterable[PreventionPlace], *, categories: tuple[str, ...], on: datetime.date
) -> PreventionPlace | None:
    """Return the one of some places that a hotspot touches: of the same topics, still measured; the newest first."""
    cells = set(hotspot.cells)
    return next(
        (
            place
            for place in places
            if place.zoom == hotspot.zoom
            and place.categories == categories
            and cells & set(place.cells)
            and is_live(place, on=on)
        ),
        None,
    )
