"""Rings that cross themselves: mended where what they meant is plain, refused where it would be a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.boundaries.features import SourceFeature, geometry_array, polygons_of
from geo.boundaries.findings import CheckSettings, Finding, Geometry, Kind, Notebook, Severity
from geo.boundaries.measuring import WGS84, Measure

if TYPE_CHECKING:  # see measuring.py
    from pyproj import CRS

CRUMB_M2 = 0.01


@dataclass(frozen=True)
class Rings:
    """Features whose rings are all valid, and what was found of those that were not.

    Where the outline is refused (an error), the geometry is a guess at it, or empty: good for a map, never to be used.
    """

    features: list[SourceFeature]
    findings: list[Finding]

    @property
    def are_sound(self) -> bool:
        """Whether every outline is what the source means."""
        return all(finding.severity != Severity.ERROR for finding in self.findings)


def check_rings(
    features: Sequence[SourceFeature], *, crs: CRS | str = WGS84, settings: CheckSettings | None = None
) -> Rings:
    """Make the invalid rings of features (in `crs`) valid where that changes next to no area.

    Comes before everything that moves or joins outlines: afterwards nobody can tell any more what was wrong with them.
    """
    geometries = geometry_array(features)
    broken = np.flatnonzero(~shapely.is_valid(geometries))
    if not len(broken):
        return Rings(list(features), [])
    settings = settings or CheckSettings()
    measure = Measure.around(geometries, crs)
    notes = Notebook(measure)
    mended = list(features)
    for index in broken:
        mended[index] = _mended(mended[index], measure, settings, notes)
    return Rings(mended, notes.findings)


def _mended(feature: SourceFeature, measure: Measure, settings: CheckSettings, notes: Notebook) -> SourceFeature:
    label = feature.code or f"row {feature.row}"
    reason, place = _invalid_place(feature.geometry)
    whole = polygons_of(shapely.make_valid(feature.geometry, method="structure", keep_collapsed=False))
    if whole is None:
        notes.add(
            Kind.INVALID_RING,
            Severity.ERROR,
            f"The outline of district {label} (row {feature.row}) encloses no area. Redraw it in the source.",
            [label],
            place=place,
            area_m2=0,
        )
        return replace(feature, geometry=shapely.MultiPolygon())
    whole = _without_crumbs(whole, measure)
    before = float(shapely.area(measure.to_metric(feature.geometry)))
    after = float(shapely.area(measure.to_metric(whole)))
    # The linework method counts a doubly wound place as a hole, the structure method as land: where they
    # differ, what the ring meant is a guess.
    linework = float(shapely.area(measure.to_metric(shapely.make_valid(feature.geometry))))
    change = max(abs(after - before), abs(linework - after))
    allowed = max(settings.ring_area_m2, settings.ring_area_share * after)
    if change <= allowed:
        notes.add(
            Kind.REPAIRED_RING,
            Severity.WARNING,
            f"The outline of district {label} was not valid ({reason}) and has been repaired; its area "
            f"changed by {change:,.2f} m². Look at the place on the map and correct the source.",
            [label],
            place=place,
            area_m2=change,
        )
    else:
        notes.add(
            Kind.INVALID_RING,
            Severity.ERROR,
            f"The outline of district {label} is not valid ({reason}), and repairing it would change its area by "
            f"{change:,.0f} m², more than the {allowed:,.0f} m² allowed. Redraw it in the source.",
            [label],
            place=place,
            area_m2=change,
        )
    return replace(feature, geometry=whole)


def _without_crumbs(whole: Geometry, measure: Measure) -> Geometry:
    """What repairing a crossing of two hairs leaves over is not a part of the district."""
    parts = shapely.get_parts(whole)
    areas = shapely.area(measure.to_metric(parts))
    kept = parts[(areas > CRUMB_M2) | (areas == areas.max())]
    return whole if len(kept) == len(parts) else polygons_of(shapely.MultiPolygon(list(kept)))


def _invalid_place(geometry: Geometry) -> tuple[str, Geometry | None]:
    """What is wrong with a geometry in a few words, and the point where."""
    text = str(shapely.is_valid_reason(geometry))
    reason, _, rest = text.partition("[")
    numbers = rest.rstrip("]").split()[:2]
    place = shapely.Point(*map(float, numbers)) if len(numbers) == 2 else None
    return reason.strip().lower(), place
