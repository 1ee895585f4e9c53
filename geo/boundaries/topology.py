"""Do the polygons of a city cover it once and only once? Every place where they do not, as a `Finding`.

Overlaps and gaps are decided in the CRS of the source, where neighbours share their vertices; areas, widths and the
tolerance are metres of a local equal-area projection (see `measuring`). A sliver is a gap or overlap whose widest
place is at most the tolerance: it comes from drawing, `repair` closes it, and it is a warning. Anything wider is a
decision somebody has to take, and an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.boundaries.cracks import find_cracks, ring_edges
from geo.boundaries.faces import Faces, find_faces, pairs_in
from geo.boundaries.features import SourceFeature, geometry_array, merge_same_code, polygons_of
from geo.boundaries.findings import Finding, Geometry, Kind, Severity, code_and_name, name_codes
from geo.boundaries.measuring import NOISE_M, WGS84, Geometries, Measure, mean_widths_m, widths_m

__all__ = ["CheckSettings", "CoverageFindings", "check_coverage", "merge_same_code"]


CRUMB_M2 = 0.01


@dataclass(frozen=True)
class CheckSettings:
    """What counts as a sliver, as repaired, as tiny and as too many people.

    `population_limit`: 7,000 residents in cities, 6,000 in villages (MIA order 650 of 28.07.2017); None: not asked.
    A ring is repaired when its area changes by at most `ring_area_m2` or `ring_area_share`, whichever is more.
    """

    tolerance_m: float = 1.0
    population_limit: int | None = 7000
    ring_area_m2: float = 1.0
    ring_area_share: float = 0.0001
    tiny_part_m2: float = 100.0
    tiny_part_share: float = 0.001


@dataclass(frozen=True)
class CoverageFindings:
    """The outcome of a check.

    `features` are the features that were checked, with the rings that could be repaired repaired: import these, not
    the ones given. `overlaps` and `gaps` count places of every width; `area_m2` is what is covered, once.
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
    if not features:
        return CoverageFindings([], [], "", 0.0)
    bounds = tuple(float(value) for value in shapely.total_bounds(geometry_array(features)))
    measure = Measure(CRS.from_user_input(crs), (bounds[0], bounds[1], bounds[2], bounds[3]))
    return _Check(features, measure, settings, outline).run()


class _Check:
    def __init__(
        self,
        features: Sequence[SourceFeature],
        measure: Measure,
        settings: CheckSettings,
        outline: Geometry | None,
    ) -> None:
        self.features = list(features)
        self.measure = measure
        self.settings = settings
        self.outline = None if outline is None else measure.from_wgs84(outline)
        self.findings: list[Finding] = []
        self.noise = NOISE_M / measure.unit_m
        self.overlapping = np.array([], dtype=np.int64)
        """Pairs i * districts + j (i < j) that overlap: their borders cross, so they are not said to run together."""

    def run(self) -> CoverageFindings:
        self.check_rings()
        self.check_labels()
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
        self.check_population()
        order = {kind.value: number for number, kind in enumerate(Kind)}
        self.findings.sort(key=lambda found: (order[found.kind], -(found.area_m2 or 0), found.codes))
        area_m2 = float(shapely.area(self.measure.to_metric(covered)))
        return CoverageFindings(self.features, self.findings, self.measure.label, area_m2, overlaps, gaps)

    def add(
        self,
        kind: Kind,
        severity: Severity,
        message: str,
        codes: Sequence[str],
        *,
        place: Geometry | None = None,
        area_m2: float | None = None,
        width_m: float | None = None,
        facts: Mapping[str, str | int] | None = None,
    ) -> None:
        """Note one finding; `place` is in the CRS of the source."""
        geometry = None if place is None else self.measure.to_wgs84(place)
        self.findings.append(
            Finding(
                kind.value,
                severity,
                message,
                tuple(codes),
                None if area_m2 is None else round(float(area_m2), 2),
                None if width_m is None else round(float(width_m), 2),
                geometry,
                facts=facts or {},
            )
        )

    def check_rings(self) -> None:
        """Make invalid rings valid, where that changes next to no area."""
        geometries = geometry_array(self.features)
        for index in np.flatnonzero(~shapely.is_valid(geometries)):
            feature = self.features[index]
            label = feature.code or f"row {feature.row}"
            reason, place = _invalid_place(feature.geometry)
            whole = polygons_of(shapely.make_valid(feature.geometry, method="structure", keep_collapsed=False))
            whole = None if whole is None else self.without_crumbs(whole)
            before = float(shapely.area(self.measure.to_metric(feature.geometry)))
            after = 0.0 if whole is None else float(shapely.area(self.measure.to_metric(whole)))
            # The linework method counts a doubly wound place as a hole, the structure method as land: where they
            # differ, what the ring meant is a guess.
            linework = float(shapely.area(self.measure.to_metric(shapely.make_valid(feature.geometry))))
            change = max(abs(after - before), abs(linework - after))
            allowed = max(self.settings.ring_area_m2, self.settings.ring_area_share * after)
            if whole is not None and change <= allowed:
                self.features[index] = replace(feature, geometry=whole)
                self.add(
                    Kind.REPAIRED_RING,
                    Severity.WARNING,
                    f"The outline of district {label} was not valid ({reason}) and has been repaired; its area "
                    f"changed by {change:,.2f} m². Look at the place on the map and correct the source.",
                    [label],
                    place=place,
                    area_m2=change,
                )
                continue
            if whole is None:
                whole = shapely.MultiPolygon()
            self.features[index] = replace(feature, geometry=whole)
            self.add(
                Kind.INVALID_RING,
                Severity.ERROR,
                f"The outline of district {label} is not valid ({reason}), and repairing it would change its area by "
                f"{change:,.0f} m², more than the {allowed:,.0f} m² allowed. Redraw it in the source.",
                [label],
                place=place,
                area_m2=change,
            )

    def without_crumbs(self, whole: Geometry) -> Geometry:
        """What repairing a crossing of two hairs leaves over is not a part of the district."""
        parts = shapely.get_parts(whole)
        areas = shapely.area(self.measure.to_metric(parts))
        kept = parts[(areas > CRUMB_M2) | (areas == areas.max())]
        return whole if len(kept) == len(parts) else polygons_of(shapely.MultiPolygon(list(kept)))

    def check_labels(self) -> None:
        """Every district has a code of its own, and a name."""
        rows: dict[str, list[SourceFeature]] = {}
        for feature in self.features:
            if not feature.code:
                self.add(
                    Kind.MISSING_CODE,
                    Severity.ERROR,
                    f"The polygon in row {feature.row} has no code. Give it one in the source, or choose another "
                    "code field.",
                    [f"row {feature.row}"],
                    place=feature.geometry,
                )
                continue
            rows.setdefault(feature.code, []).append(feature)
            if not feature.name:
                self.add(
                    Kind.MISSING_NAME,
                    Severity.WARNING,
                    f"District {feature.code} has no name: people will see its code only.",
                    [feature.code],
                )
        for code, same in rows.items():
            if len(same) > 1:
                geometries = shapely.MultiPolygon(
                    [part for feature in same for part in shapely.get_parts(feature.geometry)]
                )
                self.add(
                    Kind.DUPLICATE_CODE,
                    Severity.ERROR,
                    f"The code {code} stands {len(same)} times (rows "
                    f"{name_codes(str(feature.row) for feature in same)}). If they are parts of one district, import "
                    "with --merge-same-code; if not, give each its own code.",
                    [code],
                    place=geometries,
                )

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
                    "Redraw the border in the source."
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

    def check_population(self) -> None:
        """More residents than one officer may serve."""
        limit = self.settings.population_limit
        for feature in self.features:
            if limit is not None and feature.population is not None and feature.population > limit:
                self.add(
                    Kind.TOO_POPULOUS,
                    Severity.WARNING,
                    f"District {code_and_name(feature.code, feature.name)} has {feature.population:,} residents, more "
                    f"than the {limit:,} that one officer may serve. Check the number, or divide the district.",
                    [feature.code],
                    facts={"name": feature.name, "residents": feature.population, "limit": limit},
                )


def _invalid_place(geometry: Geometry) -> tuple[str, Geometry | None]:
    """What is wrong with a geometry in a few words, and the point where."""
    text = str(shapely.is_valid_reason(geometry))
    reason, _, rest = text.partition("[")
    numbers = rest.rstrip("]").split()[:2]
    place = shapely.Point(*map(float, numbers)) if len(numbers) == 2 else None
    return reason.strip().lower(), place


def _polygonal(places: Geometries) -> Geometries:
    """Only the polygons of each place; an empty polygon where it has none."""
    result = places.copy()
    for index in np.flatnonzero(~np.isin(shapely.get_type_id(places), [3, 6])):
        found = polygons_of(places[index])
        result[index] = shapely.Polygon() if found is None else found
    return result


def _holes(covered: Geometry) -> Geometries:
    """The holes of a polygon or multipolygon, filled."""
    parts = shapely.get_parts(covered)
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.append(False, part[1:] == part[:-1]) if len(rings) else np.array([], dtype=bool)
    return np.asarray(shapely.polygons(rings[inner])) if inner.any() else np.array([], dtype=object)
