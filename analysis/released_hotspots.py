"""Hotspots of releases, for analysts: made of whole areas and of nothing but what was released (docs/adr/0017)."""

from typing import Any

import numpy as np
import shapely

from analysis.geojson import as_geojson
from analysis.hotspots.significance import FEWEST, RATE
from analysis.hotspots.spans import find_hot_areas
from analysis.live_hotspots import Answer
from analysis.models import AreaFigure, ReleaseArea
from analysis.released import ReleasedAreas, ReleaseFilters
from geo.models import City

VERY_SURE = 0.001
"""Adjusted chance at which a hotspot is called very sure; up to RATE it is called sure."""


def released_hotspots(city: City, filters: ReleaseFilters, *, by_addresses: bool = False) -> Answer:
    """Find the areas that hold more letters than chance puts there: over their squares, or over their addresses.

    Ask as the analyst (`analysis.access.as_analyst`). Neighbouring hot areas are one hotspot; it has a rank and a
    class and the chance behind it, no count of its own.
    """
    released = ReleasedAreas.ask(city, filters)
    figures = AreaFigure.objects.of(release.pk for release in released.releases).about(filters.heat.categories)
    told = {row["area"]: (row["least"], row["most"]) for row in figures.told("area")}
    areas = list(
        ReleaseArea.objects.filter(plan=released.plan)
        .order_by("district__code", "number")
        .values_list("pk", "addresses", "cells", "shape")
    )
    spans = np.array([told.get(pk, (0, 0)) for pk, *_rest in areas], np.int64).reshape(-1, 2)
    weights = np.array([addresses + 1.0 if by_addresses else cells for _pk, addresses, cells, _shape in areas], float)
    found = find_hot_areas(spans[:, 0], spans[:, 1], weights / weights.sum() if len(weights) else weights)
    shapes = shapely.from_wkb([bytes(shape.wkb) for *_rest, shape in areas])
    metadata = released.metadata() | {
        "method": "exact binomial test of each area, its letters at the least and all others at the most, "
        "Benjamini-Hochberg; nothing but released figures is used",
        "letters": {"at_least": found.least, "at_most": found.most},
        "by_chance": "addresses" if by_addresses else "area",
        "false_discovery_rate": RATE,
        "fewest_letters": FEWEST,
    }
    return Answer(found.verdict, _features(shapes, found.p, found.hot), metadata)


def _features(shapes: Any, p: Any, hot: Any) -> list[dict[str, Any]]:
    """Join hot areas that touch; the surest first."""
    if not hot.any():
        return []
    parts = shapely.get_parts(shapely.union_all(shapely.set_precision(shapes[hot], 1e-7)))
    middles = shapely.point_on_surface(shapes[hot])
    spots = sorted(
        ((float(p[hot][shapely.intersects(part, middles)].min()), part) for part in parts),
        key=lambda spot: (spot[0], spot[1].wkb),
    )
    return [
        {
            "type": "Feature",
            "geometry": as_geojson(part),
            "properties": {
                "rank": rank,
                "class": "very_sure" if chance <= VERY_SURE else "sure",
                "p": float(f"{chance:.2g}"),
            },
        }
        for rank, (chance, part) in enumerate(spots, start=1)
    ]
