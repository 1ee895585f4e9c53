"""A district as a file gives it, before it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.boundaries.findings import Geometry
from geo.boundaries.measuring import Geometries


@dataclass(frozen=True)
class SourceFeature:
    """One polygon or multipolygon of a source, in the CRS of the source, without Z.

    `row` counts from 1 as a person counts the features of the file. `is_rural`: a district of villages, which may have
    fewer residents.
    """

    code: str
    name: str
    geometry: Geometry
    row: int = 0
    population: int | None = None
    name_en: str = ""
    is_rural: bool = False


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
    population that every part repeats is taken once, different ones are added up. Rings must be valid
    (`check_rings`): a joined outline no longer tells what was wrong with its parts.
    """
    groups: dict[str, list[SourceFeature]] = {}
    for number, feature in enumerate(features):
        groups.setdefault(feature.code or f"\0{number}", []).append(feature)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups.values()]


def _joined(group: Sequence[SourceFeature]) -> SourceFeature:
    populations = {feature.population for feature in group if feature.population is not None}
    whole = polygons_of(shapely.union_all(geometry_array(group)))
    population: int | None = None
    if len(populations) == 1:
        population = populations.pop()
    elif populations:
        population = sum(feature.population or 0 for feature in group)
    return replace(
        group[0],
        geometry=group[0].geometry if whole is None else whole,
        name=next((feature.name for feature in group if feature.name), ""),
        name_en=next((feature.name_en for feature in group if feature.name_en), ""),
        population=population,
        is_rural=any(feature.is_rural for feature in group),
    )
