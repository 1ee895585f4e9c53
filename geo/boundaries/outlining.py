"""The outline of a city: read from a file or taken from its districts, looked at beside them, and set.

`look_at_outline` changes nothing and says what would fall outside; `change_outline` sets it, and keeps what stood
before.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.utils.translation import gettext as _

from geo.boundaries.features import SourceFeature, geometry_array, polygons_of
from geo.boundaries.findings import Kind
from geo.boundaries.importing import recorded_features
from geo.boundaries.measuring import WGS84, Measure
from geo.boundaries.reading import read_shapes
from geo.boundaries.refusals import refusal_text
from geo.boundaries.report import BoundaryReport
from geo.boundaries.rings import check_rings
from geo.boundaries.topology import check_coverage
from geo.boundaries.unreadable import ReadLimits, UnreadableBoundaries
from geo.models import BoundaryEdition, City, CityOutline, House

MAX_VERTICES = 200_000
"""An outline has at most so many vertices: pages of the staff draw it whole, and whole cities of ours have fewer."""
OF_OUTLINES = (Kind.OUTSIDE_OUTLINE, Kind.UNCOVERED_OUTLINE)


class UnusableOutline(Exception):
    """What was given is no outline of a city; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class OutlineLook:
    """An outline beside what is in force. `findings` are of the check of boundaries: districts that reach outside,
    and parts of the city in no district; None where no edition is in force.
    """

    area_km2: float
    findings: list[dict[str, Any]] | None
    houses: int
    houses_outside: int


def read_outline(path: Path, *, layer: str | None = None, crs_epsg: int | None = None) -> MultiPolygon:
    """Read all polygons of a file, of any kind and CRS that boundaries may have, as one outline in EPSG:4326.

    Raises UnusableOutline.
    """
    limits = ReadLimits(file_bytes=settings.IMPORT_MAX_BYTES)
    try:
        shapes = read_shapes(path, layer=layer, crs_epsg=crs_epsg, limits=limits)
    except UnreadableBoundaries as refusal:
        raise UnusableOutline(refusal_text(refusal)) from refusal
    parts = shapes.to_wgs84()
    features = [SourceFeature(code="", name="", geometry=part, row=row) for row, part in enumerate(parts, start=1)]
    rings = check_rings(features)
    if not rings.are_sound:
        raise UnusableOutline(
            _("The outline crosses itself, and mending it would change too much. Redraw it in the source.")
        )
    return _whole(geometry_array(rings.features))


def outline_of_districts(edition: BoundaryEdition) -> MultiPolygon:
    """Return all that the districts of an edition cover, in EPSG:4326. Raises UnusableOutline without a district."""
    return _whole(geometry_array(recorded_features(edition)))


def look_at_outline(city: City, outline: MultiPolygon, *, at: datetime.datetime) -> OutlineLook:
    """Lay an outline over the edition in force at a moment and the known houses."""
    shape = shapely.from_wkb(bytes(outline.wkb))
    edition = BoundaryEdition.objects.in_force_at(at).filter(city=city).first()
    found: list[dict[str, Any]] | None = None
    if edition is not None:
        checked = check_coverage(recorded_features(edition), outline=shape)
        of_outlines = [each for each in checked.findings if each.kind in OF_OUTLINES]
        found = BoundaryReport(source={}, findings=of_outlines).to_data()["findings"]
    houses = House.objects.filter(street__city=city)
    total = houses.count()
    return OutlineLook(
        area_km2=area_km2(outline),
        findings=found,
        houses=total,
        houses_outside=total - houses.filter(location__coveredby=outline).count(),
    )


def area_km2(outline: MultiPolygon) -> float:
    """Return the area of an outline in EPSG:4326, in km²."""
    shapes = np.array([shapely.from_wkb(bytes(outline.wkb))], dtype=object)
    return float(shapely.area(Measure.around(shapes, WGS84).to_metric(shapes, cut=True))[0]) / 1e6


@transaction.atomic
def change_outline(
    *, city: City, outline: MultiPolygon | None, source: str, by: str, at: datetime.datetime
) -> CityOutline:
    """Set the outline of a city, or (None) take it away, and return it as it stands on record.

    The first change keeps what stood before too: it may have come with the city. What is in force stays as it is.
    """
    held = City.objects.select_for_update().get(pk=city.pk)
    newest = CityOutline.objects.filter(city=held).order_by("-number").first()
    if newest is None and held.outline:
        newest = CityOutline.objects.create(city=held, number=1, outline=held.outline, recorded_at=at)
    recorded = CityOutline.objects.create(
        city=held,
        number=newest.number + 1 if newest else 1,
        outline=outline,
        source=source[:300],
        recorded_at=at,
        recorded_by=by,
    )
    held.outline = outline
    held.save(update_fields=["outline"])
    return recorded


def _whole(parts: Any) -> MultiPolygon:
    """All polygons as one, valid, without what lies twice. Raises UnusableOutline."""
    whole = polygons_of(shapely.union_all(parts)) if len(parts) else None
    if whole is None:
        raise UnusableOutline(_("The outline is empty."))
    if shapely.get_num_coordinates(whole) > MAX_VERTICES:
        raise UnusableOutline(
            _("The outline has more than %(n)d vertices. Simplify it in the source.") % {"n": MAX_VERTICES}
        )
    found = GEOSGeometry(memoryview(shapely.to_wkb(whole)), srid=4326)
    return found if isinstance(found, MultiPolygon) else MultiPolygon(found, srid=4326)
