"""Hotspots and changes in the live cells of a city, for those who may read the letters anyway."""

import datetime
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from analysis.comparing import compared_days
from analysis.filters import HeatFilters
from analysis.geojson import as_geojson
from analysis.grids import LiveGrid
from analysis.hotspots.change import find_changes
from analysis.hotspots.significance import FEWEST, RATE, RESAMPLES, Hotspots, Verdict, find_hotspots
from appeals.filters import BadFilter
from geo.models import City
from people.models import User

RADIUS = 1
"""Tiles to each side that make a neighbourhood: 3 x 3."""
SEED = 1
"""Of the resamples: the same letters always give the same answer."""
HELD: Final = 8
"""Answers that a process holds, the latest asked for: of a large city some 2 MB each."""


@dataclass(frozen=True, slots=True)
class Answer:
    """GeoJSON features, and what they rest on: the verdict, n, period, method and parameters."""

    verdict: Verdict
    features: list[dict[str, Any]]
    metadata: dict[str, Any]

    def as_geojson(self) -> dict[str, Any]:
        """As a FeatureCollection."""
        metadata = {"verdict": self.verdict} | self.metadata
        return {"type": "FeatureCollection", "features": self.features, "metadata": metadata}


def find_live(
    grid: LiveGrid,
    city: City,
    user: User | AnonymousUser,
    filters: HeatFilters,
    *,
    by_addresses: bool = False,
    resamples: int = RESAMPLES,
) -> tuple[LiveGrid, Hotspots]:
    """Find hotspots on a grid of the user's districts; return the grid with the tiles that hold a letter beside them.

    By addresses each square counts as one address more, or the first letter from a park would be a hotspot.
    """
    counts = grid.counts(city, user, replace(filters, box=None))
    grid = grid.with_letters(counts)
    exposure = grid.addresses(city).astype(np.float64) + 1.0 if by_addresses else None
    over = None if exposure is None else exposure.tobytes()
    return grid, _found(counts.shape, counts.astype(np.int64).tobytes(), grid.inside.tobytes(), over, resamples)


def live_hotspots(
    city: City, user: User | AnonymousUser, filters: HeatFilters, *, at: datetime.datetime, by_addresses: bool = False
) -> Answer:
    """Find where letters lie denser than chance puts them: over the area that the user reads, or over its addresses."""
    over = LiveGrid.of(city, user, zoom=filters.zoom, at=at)
    grid, found = find_live(over, city, user, filters, by_addresses=by_addresses)
    features = [
        {
            "type": "Feature",
            "geometry": as_geojson(grid.outline(spot.cells)),
            "properties": {
                "rank": spot.rank,
                "letters": spot.observed,
                "by_chance": round(spot.expected, 1),
                "times": round(spot.times, 1),
                "squares": len(spot.cells),
                "p": float(f"{spot.p:.2g}"),
                "hot_in_resamples": round(spot.stability, 2),
            },
        }
        for spot in found.spots
    ]
    metadata = _metadata(filters, grid) | {
        "letters": found.n,
        "method": "exact binomial test of 3 x 3 squares, Benjamini-Hochberg",
        "by_chance": "addresses" if by_addresses else "area",
        "false_discovery_rate": RATE,
        "resamples": found.resamples,
        "fewest_letters": FEWEST,
        "letters_that_would_stand_out": found.needed,
    }
    return Answer(found.verdict, features, metadata)


def live_changes(
    city: City, user: User | AnonymousUser, filters: HeatFilters, *, compare: str, at: datetime.datetime
) -> Answer:
    """Find where letters became more or fewer: the period asked for beside the one before it, or that of last year.

    `compare` is "before" or "year". Raises BadFilter without both days.
    """
    if filters.first is None or filters.last is None:
        raise BadFilter(_("Give the first and the last day of the period that is compared."))
    first, last = compared_days(filters.first, filters.last, compare)
    earlier = replace(filters, box=None, first=first, last=last)
    grid = LiveGrid.of(city, user, zoom=filters.zoom, at=at)
    before, after = (grid.counts(city, user, each) for each in (earlier, replace(filters, box=None)))
    grid = grid.with_letters(before, after)
    days = (filters.last - filters.first).days + 1
    found = find_changes(before, after, grid.inside, days=(days, days), radius=RADIUS)
    features = []
    for direction in (1, -1):
        tiles = np.argwhere(found.direction == direction)
        for shape in shapely.get_parts(grid.outline(tiles.tolist())) if len(tiles) else ():
            there = [tile for tile in tiles.tolist() if shape.contains(shapely.Point(*grid.box(*tile).centre))]
            rows, columns = np.array(there).T
            features.append(
                {
                    "type": "Feature",
                    "geometry": as_geojson(shape),
                    "properties": {
                        "direction": "more" if direction > 0 else "fewer",
                        "before": int(before[rows, columns].sum()),
                        "after": int(after[rows, columns].sum()),
                        "squares": len(there),
                        "p": float(f"{found.p[rows, columns].min():.2g}"),
                    },
                }
            )
    metadata = _metadata(filters, grid) | {
        "letters": found.after,
        "letters_before": found.before,
        "before": [str(earlier.first), str(earlier.last)],
        "method": "conditional test of two Poisson rates on 3 x 3 squares, two-sided, Benjamini-Hochberg",
        "false_discovery_rate": RATE,
        "fewest_letters": FEWEST,
    }
    return Answer(found.verdict, features, metadata)


@lru_cache(maxsize=HELD)
def _found(shape: tuple[int, ...], counts: bytes, inside: bytes, exposure: bytes | None, resamples: int) -> Hotspots:
    """The hotspots of some numbers, held by the numbers themselves: the same ones always give the same answer."""
    found = find_hotspots(
        np.frombuffer(counts, np.int64).reshape(shape),
        np.frombuffer(inside, np.bool_).reshape(shape),
        rng=np.random.default_rng(SEED),
        radius=RADIUS,
        resamples=resamples,
        exposure=None if exposure is None else np.frombuffer(exposure, np.float64).reshape(shape),
    )
    for held in (found.z, found.p, found.hot, found.stable):
        held.flags.writeable = False
    return found


def _metadata(filters: HeatFilters, grid: LiveGrid) -> dict[str, Any]:
    return {
        "first_day": filters.first.isoformat() if filters.first else None,
        "last_day": filters.last.isoformat() if filters.last else None,
        "categories": list(filters.categories) or "all",
        "grid": {"name": "WebMercatorQuad", "zoom": filters.zoom},
        "side_m": round(grid.side_m(), 1) if grid.inside.size else None,
        "squares": int(grid.inside.sum()),
    }
