"""A city's districts as a small picture for the first page."""

import datetime
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from geo.models import BoundaryEdition, City, SimplifiedBoundary

WIDTH = 320
BAND = 1
"""Zoom band of the drawing: borders to about 20 m are plenty for a picture of a few hundred pixels."""


@dataclass(frozen=True, slots=True)
class Silhouette:
    """SVG paths, one a district, within `width` x `height` units."""

    width: int
    height: int
    paths: tuple[str, ...]


def silhouettes_of(cities: Iterable[City], at: datetime.datetime) -> list[tuple[City, Silhouette | None]]:
    """Return each city with the picture of its edition in force at a moment, or None where there is none."""
    listed = list(cities)
    editions = dict(BoundaryEdition.objects.in_force_at(at).filter(city__in=listed).values_list("city_id", "pk"))
    return [(city, _drawn(editions[city.pk]) if city.pk in editions else None) for city in listed]


@lru_cache(maxsize=64)
def _drawn(edition_id: int) -> Silhouette | None:
    """Draw an edition: it never changes once it is in force, so the drawing is kept."""
    stored = SimplifiedBoundary.objects.filter(boundary__edition_id=edition_id, band=BAND).order_by(
        "boundary__district__code"
    )
    shapes = [json.loads(text) for text in stored.values_list("geometry_json", flat=True)]
    districts = [[ring for polygon in _polygons(shape) for ring in polygon] for shape in shapes]
    points = [point for rings in districts for ring in rings for point in ring]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    stretch = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max((east - west) * stretch, 1e-9)

    def path(ring: list[list[float]]) -> str:
        steps = (f"{(x - west) * stretch * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring[:-1])
        return f"M{'L'.join(steps)}z"

    return Silhouette(
        width=WIDTH,
        height=max(round((north - south) * scale), 1),
        paths=tuple("".join(path(ring) for ring in rings) for rings in districts),
    )


def _polygons(shape: dict[str, list[list[list[list[float]]]]]) -> list[list[list[list[float]]]]:
    return [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]  # type: ignore[comparison-overlap,list-item]
