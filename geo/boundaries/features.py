"""A district as a file gives it, before it is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from geo.boundaries.findings import Geometry
from geo.boundaries.measuring import Geometries


@dataclass(frozen=True)
class SourceFeature:
    """One polygon or multipolygon of a source, in the CRS of the source, without Z.

    `row` counts from 1 as a person counts the features of the file; `properties` holds every attribute as read.
    """

    code: str
    name: str
    geometry: Geometry
    row: int = 0
    population: int | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


def geometry_array(features: Sequence[SourceFeature]) -> Geometries:
    """The geometries of the features as a numpy array of objects."""
    geometries = np.empty(len(features), dtype=object)
    geometries[:] = [feature.geometry for feature in features]
    return geometries


def polygons_of(geometry: Geometry) -> Geometry | None:
    """The polygonal part of any geometry as Polygon or MultiPolygon; None when it has no area at all."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return None if geometry.is_empty else geometry
    parts = [
        polygon
        for part in getattr(geometry, "geoms", ())
        if (found := polygons_of(part)) is not None
        for polygon in shapely.get_parts(found)
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def merge_same_code(features: Sequence[SourceFeature]) -> list[SourceFeature]:
    """Features that carry the same code joined into one, at the place of the first.

    Borders inside a district disappear, parts that do not touch stay parts. The name is the first one given; a
    population that every part repeats is taken once, different ones are added up.
    """
    groups: dict[str, list[SourceFeature]] = {}
    for number, feature in enumerate(features):
        groups.setdefault(feature.code or f"\0{number}", []).append(feature)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups.values()]


def _joined(group: Sequence[SourceFeature]) -> SourceFeature:
    geometries = geometry_array(group)
    geometries = np.where(shapely.is_valid(geometries), geometries, shapely.make_valid(geometries))
    populations = {feature.population for feature in group if feature.population is not None}
    whole = polygons_of(shapely.union_all(geometries))
    population: int | None = None
    if len(populations) == 1:
        population = populations.pop()
    elif populations:
        population = sum(feature.population or 0 for feature in group)
    return replace(
        group[0],
        geometry=group[0].geometry if whole is None else whole,
        name=next((feature.name for feature in group if feature.name), ""),
        population=population,
    )
