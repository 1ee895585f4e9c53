"""Close the slivers of a coverage: borders drawn twice become one, and none moves further than it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.boundaries.cracks import find_cracks
from geo.boundaries.faces import find_faces, mix, pairs_in, probe
from geo.boundaries.features import SourceFeature, geometry_array, polygons_of
from geo.boundaries.measuring import NOISE_M, WGS84, Geometries, Measure, widths_m

if TYPE_CHECKING:  # see measuring.py
    from pyproj import CRS

ALLOWANCE = 1.02
"""Widths are measured to 1 % or 1 cm, so a border may seem to move this much further than the tolerance."""

GRID_M = NOISE_M / 1000
"""Overlays are rounded to it: exact, GEOS now and then takes two outlines with a spike of nanometres for two places."""

SHARES = (1.0, 0.9, 0.75, 0.5, 0.25)
"""Shares of the tolerance tried in turn until no border moves further than the whole of it and every ring is valid."""


class RepairMovesTooMuch(Exception):
    """Closing the slivers would move a border further than the tolerance; nothing was changed."""


@dataclass(frozen=True)
class Moved:
    """What a repair did to one district: ground gained and lost, and the furthest any border of it moved."""

    code: str
    gained_m2: float
    lost_m2: float
    max_shift_m: float

    def __str__(self) -> str:
        return (
            f"{self.code}: gained {self.gained_m2:,.1f} m², lost {self.lost_m2:,.1f} m², "
            f"border moved by at most {self.max_shift_m:,.2f} m"
        )


@dataclass(frozen=True)
class Repair:
    """Repaired features in the order and CRS given, and what moved, the furthest first.

    `is_valid` tells whether the result is a valid coverage; it is not where overlaps wider than the tolerance were
    left as they were (`left_overlaps`). Gaps wider than the tolerance stay too, and are still findings of a check.
    `closed_m` is the width up to which slivers were closed: under the tolerance where two slivers side by side would
    together have moved a border further than it, or a ring would have crossed itself.
    """

    features: list[SourceFeature]
    moved: list[Moved]
    tolerance_m: float
    is_valid: bool
    left_overlaps: int = 0
    closed_cracks: int = 0
    closed_m: float = 0.0

    @property
    def max_shift_m(self) -> float:
        """The furthest that any border moved, in metres."""
        return max((moved.max_shift_m for moved in self.moved), default=0.0)


def repair_coverage(features: Sequence[SourceFeature], *, tolerance_m: float, crs: CRS | str = WGS84) -> Repair:
    """Close gaps, overlaps and cracks at most `tolerance_m` wide, and give neighbours the same vertices.

    Works in flat local metres (`Measure.to_flat`) by `shapely.coverage_clean`; a sliver goes whole to the neighbour
    with which it shares the longest border. Overlaps that are wider are kept apart from the cleaning and left as they
    are. Vertices that did not have to move keep their exact coordinates. Rings must be valid (`check_rings`).

    Raises RepairMovesTooMuch when a district would move further or vanish, and ValueError for a tolerance that is
    not a positive number.
    """
    if not 0 < tolerance_m < 1000:
        raise ValueError("The tolerance of a repair is a number of metres above 0 and below 1,000.")
    if not features:
        return Repair([], [], tolerance_m, True)
    source = geometry_array(features)
    if not shapely.is_valid(source).all():
        raise ValueError("Only valid outlines can be repaired: check the rings first and repair what that returns.")
    measure = Measure.around(source, crs)
    before = measure.to_flat(source)
    before = np.where(shapely.is_valid(before), before, shapely.make_valid(before, method="structure"))
    for share in SHARES:
        closed_m = tolerance_m * share
        after, left, cracks = _clean(before, closed_m)
        is_last = share == SHARES[-1]
        try:
            moved = _moved(features, before, after, tolerance_m)
        except RepairMovesTooMuch:
            if is_last:
                raise
            continue
        result = _back(after, before, source, measure)
        # a spike of micrometres may cross itself when it is carried back into the CRS of the source
        if is_last or shapely.is_valid(result).all():
            break
    repaired = [
        feature if geometry.equals_exact(feature.geometry, 0) else replace(feature, geometry=geometry)
        for feature, geometry in zip(features, result, strict=True)
    ]
    valid = bool(shapely.is_valid(result).all() and shapely.coverage_is_valid(result))
    return Repair(repaired, moved, tolerance_m, valid, left, cracks, closed_m)


def _clean(before: Geometries, tolerance_m: float) -> tuple[Geometries, int, int]:
    """Cleaned polygons, how many wide overlaps were left, how many cracks were closed; all in metres."""
    working = before.copy()
    tree = shapely.STRtree(before)
    faces = find_faces(before, tree, noise=NOISE_M)
    cracks = find_cracks(
        faces.filled(),
        lambda points: np.asarray(tree.query(points, predicate="dwithin", distance=20 * NOISE_M)),
        tolerance_m=tolerance_m,
    )
    if not cracks and (faces.count == 1).all() and shapely.coverage_is_valid(before):
        return before, 0, 0
    for crack in cracks:
        index = crack.owners[0]
        joined = polygons_of(shapely.union(working[index], crack.flat, grid_size=GRID_M))
        working[index] = working[index] if joined is None else joined
    atoms, members = _wide_overlaps(before, tree, pairs_in(faces.doubled(), tree), tolerance_m)
    if len(atoms):
        kept_apart = shapely.union_all(atoms)
        touched = np.unique(np.concatenate(members))
        working[touched] = [
            polygons_of(place) or shapely.Polygon() for place in shapely.difference(working[touched], kept_apart)
        ]
    cleaned = shapely.coverage_clean(
        np.concatenate([working, atoms]), gap_width=tolerance_m, merge_strategy="longest_border"
    )
    after = cleaned[: len(before)].copy()
    for atom, owners in zip(cleaned[len(before) :], members, strict=True):
        for owner in owners:
            whole = polygons_of(shapely.union_all([after[owner], atom]))
            after[owner] = after[owner] if whole is None else whole
    return after, len(atoms), len(cracks)


def _wide_overlaps(
    polygons: Geometries, tree: shapely.STRtree, pairs: NDArray[np.int64], tolerance_m: float
) -> tuple[Geometries, list[NDArray[np.int64]]]:
    """Overlaps wider than the tolerance, cut where three or more meet, and the polygons that share each."""
    none = np.array([], dtype=object)
    if not len(pairs):
        return none, []
    shared = shapely.intersection(polygons[pairs[:, 0]], polygons[pairs[:, 1]])
    parts = shapely.get_parts(shapely.get_parts(shared))
    parts = parts[shapely.get_type_id(parts) == 3]
    wide = parts[widths_m(parts) > tolerance_m * ALLOWANCE] if len(parts) else none
    if not len(wide):
        return none, []
    noded = shapely.get_parts(shapely.union_all(shapely.boundary(wide)))
    atoms = shapely.get_parts(shapely.polygonize(noded))
    atoms = atoms[2 * shapely.area(atoms) > NOISE_M * shapely.length(atoms)]
    points = probe(atoms, 0.4567)
    atom, owner = tree.query(points, predicate="within")
    members = [owner[atom == number] for number in range(len(atoms))]
    shared_by_many = np.array([len(owners) > 1 for owners in members], dtype=bool)
    return atoms[shared_by_many], [owners for owners in members if len(owners) > 1]


def _moved(features: Sequence[SourceFeature], before: Geometries, after: Geometries, tolerance_m: float) -> list[Moved]:
    """What each district gained and lost, having made sure that no place is wider than the tolerance."""
    moved = []
    for index in np.flatnonzero(~shapely.equals_exact(shapely.normalize(before), shapely.normalize(after), 0)):
        code = features[int(index)].code or f"row {features[int(index)].row}"
        if after[index].is_empty:
            raise RepairMovesTooMuch(
                f"District {code} is narrower than {tolerance_m:g} m and would vanish. Choose a smaller tolerance."
            )
        gained, lost = (
            _parts(shapely.difference(after[index], before[index], grid_size=GRID_M)),
            _parts(shapely.difference(before[index], after[index], grid_size=GRID_M)),
        )
        places = np.concatenate([gained, lost])
        if not len(places):
            continue
        shift = float(widths_m(places).max())
        if shift > tolerance_m * ALLOWANCE + 0.01:
            raise RepairMovesTooMuch(
                f"Closing its slivers would move a border of district {code} by {shift:.1f} m, more than the "
                f"{tolerance_m:g} m allowed. Redraw it in the source, or choose another tolerance."
            )
        moved.append(
            Moved(
                code,
                round(float(shapely.area(gained).sum()), 2),
                round(float(shapely.area(lost).sum()), 2),
                round(min(shift, tolerance_m), 2),
            )
        )
    return sorted(moved, key=lambda one: (-one.max_shift_m, -one.gained_m2 - one.lost_m2, one.code))


def _parts(place: shapely.Geometry) -> Geometries:
    """The polygons of a difference that are more than rounding."""
    whole = polygons_of(place)
    if whole is None:
        return np.array([], dtype=object)
    parts = shapely.get_parts(whole)
    return np.asarray(parts[2 * shapely.area(parts) > NOISE_M * shapely.length(parts)])


def _back(after: Geometries, before: Geometries, source: Geometries, measure: Measure) -> Geometries:
    """Into the CRS of the source; a vertex that was in the source gets back exactly the coordinates it had."""
    known, exact = shapely.get_coordinates(before), shapely.get_coordinates(source)
    if len(known) != len(exact):
        return np.asarray(measure.from_flat(after))
    keys = mix(known[:, 0], known[:, 1])
    order = np.argsort(keys)
    keys, known, exact = keys[order], known[order], exact[order]
    metric = shapely.get_coordinates(after)
    found = np.searchsorted(keys, mix(metric[:, 0], metric[:, 1])).clip(0, len(keys) - 1)
    same = (known[found] == metric).all(axis=1)
    coordinates = shapely.get_coordinates(measure.from_flat(after))
    coordinates[same] = exact[found[same]]
    return np.asarray(shapely.set_coordinates(after.copy(), coordinates))
