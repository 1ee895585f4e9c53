"""Edit an edition: some of its polygons drawn anew, checked like any file, and recorded as an edition of its own."""

import datetime
import json
import math
from collections.abc import Mapping
from typing import Any

import shapely
from django.utils.translation import gettext as _

from geo.boundaries.features import SourceFeature, polygons_of
from geo.boundaries.importing import (
    CheckedBoundaries,
    ImportOptions,
    check_features,
    commit_boundaries,
    complete_report,
    drawn_districts,
)
from geo.boundaries.report import BoundaryReport
from geo.models import BoundaryEdition

MAX_VERTICES = 200_000
"""One edited district has at most so many vertices; whole cities of ours have fewer."""


class DraftRefused(Exception):
    """What was drawn cannot be taken; the message names the district and the reason."""


def read_drawing(changes: Mapping[str, Any]) -> dict[str, shapely.Geometry]:
    """Return polygons in EPSG:4326 by code from GeoJSON geometries by code. Raises DraftRefused."""
    drawn = {}
    for code, geometry in changes.items():
        try:
            shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
        except (shapely.errors.GEOSException, TypeError, ValueError) as error:
            raise DraftRefused(_("The outline of district %(code)s is not a polygon.") % {"code": code}) from error
        polygons = None if shape.geom_type not in {"Polygon", "MultiPolygon"} else polygons_of(shape)
        if polygons is None or shapely.get_num_coordinates(polygons) > MAX_VERTICES:
            raise DraftRefused(_("The outline of district %(code)s is not a polygon.") % {"code": code})
        west, south, east, north = polygons.bounds
        if not (all(map(math.isfinite, polygons.bounds)) and -180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise DraftRefused(_("The outline of district %(code)s lies outside the world.") % {"code": code})
        drawn[code] = polygons
    return drawn


def check_draft(
    base: BoundaryEdition,
    drawn: Mapping[str, shapely.Geometry],
    *,
    source: str,
    now: datetime.datetime,
    tolerance_m: float = 1.0,
) -> CheckedBoundaries:
    """Check all polygons of an edition with the drawn ones (EPSG:4326, by code) in place of theirs; nothing changes.

    Raises DraftRefused when nothing was drawn or a district is not one of the edition.
    """
    rows = list(base.boundaries.select_related("district").order_by("district__code"))
    unknown = sorted(drawn.keys() - {row.district.code for row in rows})
    if unknown:
        raise DraftRefused(_("The edition has no district %(code)s.") % {"code": unknown[0]})
    if not drawn:
        raise DraftRefused(_("No district was changed: there is nothing to save."))
    features = [
        SourceFeature(
            code=row.district.code,
            name=row.district.name_uk,
            geometry=drawn.get(row.district.code) or shapely.from_wkb(bytes(row.boundary.wkb)),
            row=number,
            population=row.population,
            name_en=row.district.name_en,
        )
        for number, row in enumerate(rows, start=1)
    ]
    options = ImportOptions(tolerance_m=tolerance_m)
    checked, moved = check_features(base.city, features, crs_wkt="EPSG:4326", options=options)
    report = BoundaryReport(
        source={"drawn_from": base.number, "drawn": sorted(drawn), "crs": "EPSG:4326"},
    )
    districts = drawn_districts(checked.features)
    complete_report(report, base.city, checked, districts, moved, options, now=now)
    return CheckedBoundaries(
        city=base.city, districts=districts, report=report, source=source, licence=base.licence, sha256=""
    )


def record_draft(
    base: BoundaryEdition,
    drawn: Mapping[str, shapely.Geometry],
    *,
    source: str,
    by: str,
    now: datetime.datetime,
    tolerance_m: float = 1.0,
) -> BoundaryEdition:
    """Record an edition, not in force, with the drawn polygons in place of those of `base`, and return it.

    Raises DraftRefused, and BoundariesRefused (with the report) when an outline crosses itself beyond repair.
    """
    checked = check_draft(base, drawn, source=source, now=now, tolerance_m=tolerance_m)
    return commit_boundaries(checked, by=by, now=now)
