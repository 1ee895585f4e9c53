"""Do the polygons of a city cover it once and only once? Every place where they do not, as a `Finding`.

Overlaps and gaps are decided in the CRS of the source, where neighbours share their vertices; areas, widths and the
tolerance are metres of a local equal-area projection (see `measuring`). A sliver is a gap or overlap whose widest
place is at most the tolerance: it comes from drawing, `repair` closes it, and it is a warning. Anything wider is a
decision somebody has to take, and an error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.boundaries.cracks import find_cracks, ring_edges
from geo.boundaries.faces import Faces, find_faces, pairs_in
from geo.boundaries.features import SourceFeature, geometry_array, polygons_of
from geo.boundaries.findings import CheckSettings, Finding, Geometry, Kind, Notebook, Severity, name_codes, worst_first
from geo.boundaries.labelling import check_labels, check_population
from geo.boundaries.measuring import NOISE_M, WGS84, Geometries, Measure, mean_widths_m, widths_m
from geo.boundaries.rings import check_rings

if TYPE_CHECKING:  # see measuring.py
    from pyproj import CRS

REPAIRED_AT_MOST_M = 50.0
"""A wider overlap is more than an inaccurate line: somebody must say whose it is."""


@dataclass(frozen=True)
class CoverageFindings:
    """The outcome of a check.

    `features` are the features that were checked, with valid rings (`check_rings`): import these, not the ones given.
    `overlaps` and `gaps` count places of every width; `area_m2` is what is covered, once.
    """

    features: list[SourceFeature]
    findings: list[Finding]
    working_crs: str
    area_m2: float
    overlaps: int = 0
    gaps: int = 0

    def has_errors(self) -> bool:
        """Whether anything found blocks activation."""
        return any(finding.severity == Severity.ERROR for finding in self.findings)


def check_coverage(
    features: Sequence[SourceFeature],
    *,
    crs: CRS | str = WGS84,
    outline: Geometry | None = None,
    settings: CheckSettings | None = None,
    tolerance_m: float | None = None,
) -> CoverageFindings:
    """Check that the features cover their city once: rings, codes, overlaps, gaps, the outline, people.

    `crs` is the CRS of the features, `outline` the city's outline in WGS 84. `tolerance_m` overrides the one of the
    settings. Raises TooTangled when hundreds of thousands of pairs overlap.
    """
    settings = settings or CheckSettings()
    if tolerance_m is not None:
        settings = replace(settings, tolerance_m=tolerance_m)
    rings = check_rings(features, crs=crs, settings=settings)
    polygons = geometry_array(rings.features)
    if shapely.is_empty(polygons).all():
        return CoverageFindings(rings.features, rings.findings, "", 0.0)
    measure = Measure.around(polygons, crs)
    checked = _Check(rings.features, measure, settings, outline).run()
    return replace(checked, findings=worst_first([*rings.findings, *checked.findings]))


class _Check(Notebook):
    def __init__(
        self,
        features: list[SourceFeature],
        measure: Measure,
        settings: CheckSettings,
        outline: Geometry | None,
    ) -> None:
        super().__init__(measure)
        self.features = features
        self.settings = settings
        self.outline = None if outline is None else measure.from_wgs84(outline)
        self.noise = NOISE_M / measure.unit_m
        self.overlapping = np.array([], dtype=np.int64)
        """Pairs i * districts + j (i < j) that overlap: their borders cross, so they are not said to run together."""

    def run(self) -> CoverageFindings:
        check_labels(self.features, self)
        check_population(self.features, self, self.settings)
        self.polygons = geometry_array(self.features)
        self.codes = [feature.code or f"row {feature.row}" for feature in self.features]
        self.tree = shapely.STRtree(self.polygons)
        faces = find_faces(self.polygons, self.tree, noise=self.noise)
        covered = faces.union()
        overlaps = self.check_overlaps(faces)
        gaps = self.check_gaps(faces, covered)
        self.check_cracks(faces)
        self.check_borders(faces)
        if self.outline is not None:
            self.check_outline(faces, self.outline)
        self.check_parts()
        area_m2 = float(shapely.area(self.measure.to_metric(covered)))
        return CoverageFindings(self.features, self.findings, self.measure.label, area_m2, overlaps, gaps)

    def check_overlaps(self, faces: Faces) -> int:
        """Each pair of districts that share ground."""
        pairs = pairs_in(faces.doubled(), self.tree)
        if not len(pairs):
            return 0
        shared = _polygonal(shapely.intersection(self.polygons[pairs[:, 0]], self.polygons[pairs[:, 1]]))
        metric = self.measure.to_metric(shared, cut=True)
        real = mean_widths_m(metric) > NOISE_M
        pairs, shared, metric = pairs[real], shared[real], metric[real]
        self.overlapping = pairs[:, 0] * len(self.polygons) + pairs[:, 1]
        areas, widths = shapely.area(metric), widths_m(metric)
        for (one, other), place, area, width in zip(pairs, shared, areas, widths, strict=True):
            codes = sorted({self.codes[one], self.codes[other]})
            who = f"Districts {codes[0]} and {codes[-1]}" if len(codes) == 2 else f"Two polygons of district {codes[0]}"
            size = f"{area:,.0f} m², at most {width:,.1f} m wide" if area >= 1 else f"{area:.2f} m²"
            if width <= self.settings.tolerance_m:
                kind, severity = Kind.SLIVER_OVERLAP, Severity.WARNING
                message = f"{who} overlap in a sliver ({size}). Import with --repair to close it."
            else:
                kind, severity = Kind.OVERLAP, Severity.ERROR
                message = f"{who} overlap ({size}): nobody can say which officer serves the place. " + (
                    f"Redraw the border in the source{_or_repair(width)}."
                    if len(codes) == 2
                    else "Import with --merge-same-code if they are one district."
                )
            self.add(kind, severity, message, codes, place=place, area_m2=area, width_m=width)
        return len(pairs)

    def check_gaps(self, faces: Faces, covered: Geometry) -> int:
        """Each place inside the city that no district covers."""
        places = faces.uncovered()
        metric = self.measure.to_metric(places, cut=True)
        real = mean_widths_m(metric) > NOISE_M
        places, metric = places[real], metric[real]
        if not len(places):
            return 0
        areas, widths = shapely.area(metric), widths_m(metric)
        holes = _holes(covered)
        probes = shapely.point_on_surface(places)
        enclosed = np.isin(np.arange(len(places)), shapely.STRtree(holes).query(probes, predicate="within")[0])
        around = self._owners_around(places)
        for place, area, width, inside, owners in zip(places, areas, widths, enclosed, around, strict=True):
            self._add_gap(place, float(area), float(width), bool(inside), owners)
        return len(places)

    def _add_gap(self, place: Geometry, area: float, width: float, enclosed: bool, codes: list[str]) -> None:
        size = f"{area:,.0f} m², at most {width:,.1f} m wide" if area >= 1 else f"{area:.2f} m²"
        who = name_codes(codes)
        if self.outline is not None and not self._reaches(self.outline, place):
            self.add(
                Kind.ENCLAVE,
                Severity.NOTE,
                f"A hole of {area:,.0f} m² beside district {who} lies outside the city's outline.",
                codes,
                place=place,
                area_m2=area,
                width_m=width,
            )
        elif width <= self.settings.tolerance_m:
            message = f"A sliver beside {who} belongs to no district ({size}). Import with --repair to close it."
            self.add(
                Kind.SLIVER_GAP if enclosed else Kind.CRACK,
                Severity.WARNING,
                message,
                codes,
                place=place,
                area_m2=area,
                width_m=width,
            )
        elif len(codes) == 1:
            self.add(
                Kind.ENCLAVE,
                Severity.WARNING,
                f"District {who} has a hole of {area:,.0f} m²: a lake, an enclave, or a place left out by mistake. "
                "If people live there, draw a district for it.",
                codes,
                place=place,
                area_m2=area,
                width_m=width,
            )
        else:
            kind = Kind.GAP if enclosed else Kind.OPEN_GAP
            shape = "A gap" if enclosed else "A gap, closed only where single points touch,"
            self.add(
                kind,
                Severity.ERROR,
                f"{shape} between districts {who} belongs to no district ({size}). "
                "Draw it into one of them in the source, or accept it by name if nobody is served there.",
                codes,
                place=place,
                area_m2=area,
                width_m=width,
            )

    def _reaches(self, area: Geometry, place: Geometry) -> bool:
        """Whether more than a sliver of the place lies in the area."""
        common = polygons_of(shapely.intersection(area, place))
        if common is None:
            return False
        metric = np.array([self.measure.to_metric(common, cut=True)], dtype=object)
        return bool(widths_m(metric)[0] > min(self.settings.tolerance_m, 1.0))

    def _owners_around(self, places: Geometries) -> list[list[str]]:
        """For each place, the codes of the districts along its border (touching at one point is not along)."""
        edges, owner = ring_edges(places)
        middles = shapely.points((edges[:, :2] + edges[:, 2:]) / 2)
        found = self.tree.query(middles, predicate="dwithin", distance=self.noise)
        around: list[set[str]] = [set() for _ in places]
        for edge, polygon in found.T:
            around[owner[edge]].add(self.codes[polygon])
        return [sorted(codes) for codes in around]

    def check_cracks(self, faces: Faces) -> None:
        """Slivers that run out of the city, and so are no holes in it."""
        filled = self.measure.to_flat(faces.filled())
        tolerance = self.settings.tolerance_m
        for crack in find_cracks(filled, self.owners_of_flat, tolerance_m=tolerance):
            codes = sorted({self.codes[index] for index in crack.owners})
            self.add(
                Kind.CRACK,
                Severity.WARNING,
                f"A crack between districts {name_codes(codes)} runs out of the city ({crack.flat.area:,.1f} m², at "
                f"most {tolerance:,.1f} m wide). Import with --repair to close it.",
                codes,
                place=self.measure.from_flat(crack.flat),
                area_m2=crack.flat.area,
                width_m=float(widths_m(np.array([crack.flat], dtype=object))[0]),
            )

    def owners_of_flat(self, points: Geometries) -> NDArray[np.int64]:
        """(point, district) for the districts within 20 mm of points in flat metres."""
        places = self.measure.from_flat(points)
        return np.asarray(self.tree.query(places, predicate="dwithin", distance=20 * self.noise))

    def check_borders(self, faces: Faces) -> None:
        """Borders that run together but have different vertices: correct today, a hairline after simplifying."""
        middles = shapely.points((faces.loose[:, :2] + faces.loose[:, 2:]) / 2)
        edge, polygon = self.tree.query(middles, predicate="dwithin", distance=self.noise / 10)
        owner = faces.loose_owner[edge]
        pair = np.minimum(owner, polygon) * len(self.polygons) + np.maximum(owner, polygon)
        other = (polygon != owner) & ~np.isin(pair, self.overlapping)
        codes = sorted({self.codes[index] for index in (*polygon[other], *faces.loose_owner[edge[other]])})
        if codes:
            self.add(
                Kind.UNMATCHED_BORDER,
                Severity.NOTE,
                f"Borders of districts {name_codes(codes)} run together without sharing their vertices "
                f"({len(np.unique(edge[other]))} edges). They leave no gap there now; --repair gives them the same "
                "vertices.",
                codes,
                place=shapely.MultiLineString(list(faces.loose[np.unique(edge[other])].reshape(-1, 2, 2))),
            )

    def check_outline(self, faces: Faces, outline: Geometry) -> None:
        """Districts outside the city's outline, and parts of the city outside every district."""
        outline = outline if outline.is_valid else shapely.make_valid(outline)
        shapely.prepare(outline)
        leaving = np.flatnonzero(~shapely.covers(outline, self.polygons))
        for index, place, area, width in self._wide(leaving, shapely.difference(self.polygons[leaving], outline)):
            share = area / max(float(shapely.area(self.measure.to_metric(self.polygons[index]))), 1e-9)
            self.add(
                Kind.OUTSIDE_OUTLINE,
                Severity.WARNING,
                f"District {self.codes[index]} reaches outside the city's outline by {area:,.0f} m² ({share:.1%} of "
                "it). Check that the outline is the right one, and the district's border.",
                [self.codes[index]],
                place=place,
                area_m2=area,
                width_m=width,
            )
        missing = shapely.get_parts(shapely.difference(outline, faces.filled()))
        for _, place, area, width in self._wide(np.arange(len(missing)), missing):
            codes = self._owners_around(np.array([place], dtype=object))[0]
            beside = f"beside {name_codes(codes)} " if codes else ""
            self.add(
                Kind.UNCOVERED_OUTLINE,
                Severity.ERROR,
                f"A part of the city {beside}lies in no district ({area:,.0f} m², at most {width:,.1f} m wide). "
                "Draw a district for it, correct the outline, or accept it by name if nobody is served there.",
                codes,
                place=place,
                area_m2=area,
                width_m=width,
            )

    def _wide(self, indices: NDArray[np.int64], places: Geometries) -> list[tuple[int, Geometry, float, float]]:
        """(index, place, m², widest m) of the places wider than the tolerance."""
        places = _polygonal(places)
        metric = self.measure.to_metric(places, cut=True)
        widths = widths_m(metric) if len(metric) else np.array([])
        wide = widths > self.settings.tolerance_m
        areas = shapely.area(metric)
        return [
            (int(index), place, float(area), float(width))
            for index, place, area, width in zip(indices[wide], places[wide], areas[wide], widths[wide], strict=True)
        ]

    def check_parts(self) -> None:
        """Crumbs of a multipolygon: usually left over from drawing."""
        several = np.flatnonzero(shapely.get_num_geometries(self.polygons) > 1)
        if not len(several):
            return
        parts, owner = shapely.get_parts(self.polygons[several], return_index=True)
        areas = shapely.area(self.measure.to_metric(parts))
        totals = np.bincount(owner, weights=areas)
        tiny = (areas < self.settings.tiny_part_m2) & (areas < self.settings.tiny_part_share * totals[owner])
        for index in np.flatnonzero(tiny):
            code = self.codes[several[owner[index]]]
            self.add(
                Kind.TINY_PART,
                Severity.WARNING,
                f"District {code} has a separate part of only {areas[index]:,.1f} m². Delete it in the source if it is "
                "left over from drawing.",
                [code],
                place=parts[index],
                area_m2=areas[index],
            )


def _polygonal(places: Geometries) -> Geometries:
    """Only the polygons of each place; an empty polygon where it has none."""
    result = places.copy()
    for index in np.flatnonzero(~np.isin(shapely.get_type_id(places), [3, 6])):
        found = polygons_of(places[index])
        result[index] = shapely.Polygon() if found is None else found
    return result


def _or_repair(width_m: float) -> str:
    """The other way to mend an overlap, where it is so narrow that either district may have the ground."""
    return f", or import with --repair {math.ceil(width_m)}" if width_m < REPAIRED_AT_MOST_M else ""


def _holes(covered: Geometry) -> Geometries:
    """The holes of a polygon or multipolygon, filled."""
    parts = shapely.get_parts(covered)
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.append(False, part[1:] == part[:-1]) if len(rings) else np.array([], dtype=bool)
    return np.asarray(shapely.polygons(rings[inner])) if inner.any() else np.array([], dtype=object)
