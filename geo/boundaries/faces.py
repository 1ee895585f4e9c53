"""The map of a set of polygons as faces: which bounded places no polygon covers, and which several do.

A border that two neighbours draw with the same vertices, once in each direction, separates one covered place from
another and can be forgotten. What is left (the outer border, and every border that does not match) is cut at its
crossings and closed into faces; how many polygons cover a face is the same everywhere in it. In a clean city only
its outline is left, so the check costs one sort of the edges; a broken one costs as much as its broken borders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.boundaries.findings import Geometry
from geo.boundaries.measuring import Geometries

Edges = NDArray[np.float64]
"""Edges as rows (x0, y0, x1, y1)."""

PROBE_TRIES = 8


class TooTangled(Exception):
    """So many polygons lie over one another that listing every pair would not help anybody."""


@dataclass(frozen=True)
class Faces:
    """The bounded faces left between borders that do not match.

    `count[i]` is how many polygons cover `polygons[i]`; `loose` are the edges that have no exact partner and
    `loose_owner` the index of the polygon each belongs to.
    """

    polygons: Geometries
    count: NDArray[np.int64]
    loose: Edges
    loose_owner: NDArray[np.int64]

    def uncovered(self) -> Geometries:
        """Bounded places that no polygon covers: holes in the union."""
        return np.asarray(self.polygons[self.count == 0])

    def doubled(self) -> Geometries:
        """Places that two or more polygons cover."""
        return np.asarray(self.polygons[self.count >= 2])

    def union(self) -> Geometry:
        """All that is covered, once."""
        covered = self.polygons[self.count >= 1]
        if not len(covered):
            return shapely.MultiPolygon()
        return shapely.coverage_union_all(covered)

    def filled(self) -> Geometry:
        """The covered place with everything it encloses."""
        if not len(self.polygons):
            return shapely.MultiPolygon()
        shells = shapely.polygons(
            shapely.get_exterior_ring(shapely.get_parts(shapely.coverage_union_all(self.polygons)))
        )
        return shapely.union_all(shells)


def find_faces(polygons: Geometries, tree: shapely.STRtree, *, noise: float) -> Faces:
    """Faces of valid Polygons and MultiPolygons, in their own CRS.

    Faces whose mean width is under `noise` (in units of the CRS) are rounding, not places, and count as covered once.
    """
    edges, owner = directed_edges(polygons)
    loose = _without_partner(edges)
    edges, owner = edges[loose], owner[loose]
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    noded = shapely.get_parts(shapely.union_all(lines)) if len(lines) else np.array([], dtype=object)
    faces = shapely.get_parts(shapely.polygonize(noded)) if len(noded) else np.array([], dtype=object)
    count = np.ones(len(faces), dtype=np.int64)
    if len(faces):
        thick = np.flatnonzero(2 * shapely.area(faces) > noise * shapely.length(faces))
        count[thick] = _cover_counts(faces[thick], tree)
    return Faces(faces, count, edges, owner)


def directed_edges(polygons: Geometries) -> tuple[Edges, NDArray[np.int64]]:
    """All edges of the polygons with the interior on one side, and the index of the polygon of each."""
    parts, part_owner = shapely.get_parts(shapely.orient_polygons(polygons), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    coordinates += 0.0  # -0.0 and 0.0 are one place
    together = ring[:-1] == ring[1:]
    edges = np.hstack([coordinates[:-1], coordinates[1:]])[together]
    owner = part_owner[ring_part[ring[:-1][together]]]
    moving = (edges[:, 0] != edges[:, 2]) | (edges[:, 1] != edges[:, 3])
    return edges[moving], owner[moving].astype(np.int64)


def _without_partner(edges: Edges) -> NDArray[np.bool_]:
    """True where an edge is not matched by exactly one other edge that runs the other way.

    Edges are brought together by a 64-bit mix of their ends and then compared exactly, so that a collision can only
    leave an edge in, never lose one.
    """
    loose = np.ones(len(edges), dtype=bool)
    if not len(edges):
        return loose
    start, end = mix(edges[:, 0], edges[:, 1]), mix(edges[:, 2], edges[:, 3])
    key = start + end
    order = np.argsort(key)
    ordered = key[order]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    starts = np.flatnonzero(first)
    size = np.diff(np.append(starts, len(ordered)))
    pairs = starts[size == 2]
    one, other = order[pairs], order[pairs + 1]
    opposite = (edges[one][:, [2, 3, 0, 1]] == edges[other]).all(axis=1)
    loose[one[opposite]] = False
    loose[other[opposite]] = False
    return loose


def mix(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.uint64]:
    """A 64-bit number for each place, the same for the same two floats (compare exactly after)."""
    with np.errstate(over="ignore"):
        mixed = np.ascontiguousarray(x).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed += np.ascontiguousarray(y).view(np.uint64)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        return np.asarray(mixed * np.uint64(0x94D049BB133111EB))


def _cover_counts(faces: Geometries, tree: shapely.STRtree) -> NDArray[np.int64]:
    """How many polygons cover each face, asked at a point inside it that lies on no border."""
    counts = np.ones(len(faces), dtype=np.int64)
    asking = np.arange(len(faces))
    for attempt in range(PROBE_TRIES):
        points = probe(faces[asking], (0.4567 + attempt * 0.6180339887) % 1.0)
        inside = np.bincount(tree.query(points, predicate="within")[0], minlength=len(asking))
        touching = np.bincount(tree.query(points, predicate="intersects")[0], minlength=len(asking))
        counts[asking] = inside
        asking = asking[inside != touching]
        if not len(asking):
            break
    return counts


def probe(faces: Geometries, fraction: float) -> Any:
    """A point inside each face, on a scan line at this fraction of its height.

    `point_on_surface` scans at half height, which in a regular city is exactly a border that was forgotten.
    """
    west, south, east, north = shapely.bounds(faces).T
    y = south + (north - south) * (0.02 + 0.96 * fraction)
    scan = shapely.linestrings(np.stack([np.column_stack([west, y]), np.column_stack([east, y])], axis=1))
    pieces, face = shapely.get_parts(shapely.intersection(scan, faces), return_index=True)
    lengths = shapely.length(pieces)
    points = shapely.point_on_surface(faces)
    longest = np.lexsort((lengths, face))
    last = np.flatnonzero(np.append(face[longest][1:] != face[longest][:-1], True)) if len(face) else longest
    chosen = longest[last]
    points[face[chosen]] = shapely.line_interpolate_point(pieces[chosen], 0.381966, normalized=True)
    return points


def pairs_in(places: Geometries, tree: shapely.STRtree, *, limit: int = 200_000) -> NDArray[np.int64]:
    """Pairs (i < j) of polygons of the tree that meet in one of the places.

    Raises TooTangled beyond `limit` pairs.
    """
    place, polygon = tree.query(places, predicate="intersects")
    order = np.lexsort((polygon, place))
    place, polygon = place[order], polygon[order]
    sizes = np.bincount(place, minlength=len(places)).astype(np.int64)
    if int((sizes * (sizes - 1) // 2).sum()) > limit * 5:
        raise TooTangled(
            "Thousands of polygons lie over one another: this is not a set of districts. "
            "Check that the file holds each district once."
        )
    found: list[NDArray[np.int64]] = []
    for size in np.unique(sizes[sizes >= 2]):
        members = polygon[np.isin(place, np.flatnonzero(sizes == size))].reshape(-1, size)
        upper, lower = np.triu_indices(size, k=1)
        found.append(np.stack([members[:, upper], members[:, lower]], axis=-1).reshape(-1, 2))
    if not found:
        return np.empty((0, 2), dtype=np.int64)
    pairs = np.unique(np.concatenate(found), axis=0)
    if len(pairs) > limit:
        raise TooTangled(
            f"{len(pairs)} pairs of polygons lie over one another: this is not a set of districts. "
            "Check that the file holds each district once."
        )
    return pairs
