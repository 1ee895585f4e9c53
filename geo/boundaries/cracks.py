"""Cracks: slivers between districts that run out of the city, and so are no holes in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.boundaries.findings import Geometry
from geo.boundaries.measuring import NOISE_M, Geometries, mean_widths_m

SCALES = (1 / 16, 1 / 4, 1)
"""Shares of the tolerance to close by, one after another."""

ALONG_SHARE = 0.25
"""A crack runs along two districts: each must be at least this share of its border."""

Owners = Callable[[Any], NDArray[np.int64]]
"""Gives (index of the point, index of the district) for every district within 20 mm of points in flat metres."""


@dataclass(frozen=True)
class Crack:
    """A crack in flat metres, and the indices of the districts along it, the longest neighbour first."""

    flat: Geometry
    owners: tuple[int, ...]


def find_cracks(solid: Geometry, owners: Owners, *, tolerance_m: float) -> list[Crack]:
    """Cracks narrower than the tolerance.

    `solid` is the covered place with its holes filled, in flat metres. Where its outline comes near itself between
    two districts, a morphological closing by the tolerance fills the cracks; it also fills the corners there, so a
    crack must be long and lie along two districts.
    """
    if tolerance_m <= 0 or solid.is_empty:
        return []
    zones = _narrows(solid, owners, tolerance_m)
    if not len(zones):
        return []
    inner = shapely.union_all(shapely.buffer(zones, 2 * tolerance_m, quad_segs=2))
    window = shapely.union_all(shapely.buffer(zones, 4 * tolerance_m, quad_segs=2))
    local = shapely.intersection(solid, window)
    cracks: list[Crack] = []
    for scale in SCALES:
        # The narrow first: a wide closing would drown a narrow crack in the bays around it.
        found = _cracks_of(local, inner, owners, tolerance_m * scale)
        cracks += found
        if found:
            local = shapely.union_all([local, *(crack.flat for crack in found)])
    return cracks


def _narrows(solid: Geometry, owners: Owners, tolerance_m: float) -> Geometries:
    """Pieces of the outline that lie within the tolerance of another district's outline."""
    edges, _ = ring_edges(shapely.get_parts(solid))
    point, district = owners(_middles(edges))
    owner = np.full(len(edges), -1, dtype=np.int64)
    owner[point] = district
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=tolerance_m)
    strange = owner[one] != owner[other]
    one, other = one[strange], other[strange]
    return np.asarray(shapely.intersection(lines[one], shapely.buffer(lines[other], tolerance_m, quad_segs=2)))


def _cracks_of(local: Geometry, inner: Geometry, owners: Owners, tolerance_m: float) -> list[Crack]:
    closed = shapely.buffer(shapely.buffer(local, tolerance_m / 2), -tolerance_m / 2)
    pieces = shapely.get_parts(shapely.intersection(shapely.difference(closed, local), inner))
    pieces = pieces[shapely.get_type_id(pieces) == 3]
    widths = mean_widths_m(pieces)
    long = shapely.length(pieces) / 2 > 8 * np.maximum(widths, 0.25 * tolerance_m)
    cracks = []
    for piece in pieces[long & (widths > 10 * NOISE_M)]:
        edges, _ = ring_edges(np.array([piece], dtype=object))
        lengths = np.hypot(edges[:, 0] - edges[:, 2], edges[:, 1] - edges[:, 3])
        edge, polygon = owners(_middles(edges))
        along = np.bincount(polygon, weights=lengths[edge]) / lengths.sum()
        beside = np.flatnonzero(along > ALONG_SHARE)
        if len(beside) > 1:
            cracks.append(Crack(piece, tuple(int(index) for index in beside[np.argsort(-along[beside])])))
    return cracks


def _middles(edges: NDArray[np.float64]) -> Geometries:
    return np.asarray(shapely.points((edges[:, :2] + edges[:, 2:]) / 2))


def ring_edges(places: Geometries) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """All edges of the rings of polygons as (x0, y0, x1, y1), and the index of the polygon of each."""
    rings, owner = shapely.get_rings(places, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    together = ring[:-1] == ring[1:]
    return np.hstack([coordinates[:-1], coordinates[1:]])[together], owner[ring[:-1][together]]
