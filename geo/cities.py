"""Add cities."""

import json
from pathlib import Path

from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPolygon
from django.utils.translation import gettext as _

from geo.models import City


class UnusableOutline(Exception):
    """The outline's file does not hold one valid polygon; nothing was changed."""


def add_city(
    *,
    slug: str,
    name_uk: str,
    name_en: str = "",
    katottg: str = "",
    stage: str = City.Stage.DRAFT,
    outline: Path | None = None,
) -> City:
    """Add a city and return it. Raises ValidationError (slug taken or reserved, code malformed), UnusableOutline."""
    city = City(
        slug=slug,
        name_uk=name_uk,
        name_en=name_en,
        katottg=katottg,
        stage=stage,
        outline=read_outline(outline) if outline else None,
    )
    city.full_clean()
    city.save()
    return city


def read_outline(path: Path) -> MultiPolygon:
    """Read the polygons of a GeoJSON file as one outline in EPSG:4326. Raises UnusableOutline."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        shapes = [feature["geometry"] for feature in document.get("features", [])] or [
            document.get("geometry", document)
        ]
        polygons = [GEOSGeometry(json.dumps(shape), srid=4326) for shape in shapes]
        whole = polygons[0]
        for polygon in polygons[1:]:
            whole = whole.union(polygon)
    except (OSError, ValueError, TypeError, AttributeError, KeyError, GEOSException) as error:
        raise UnusableOutline(
            _("%(file)s is not GeoJSON with a polygon in EPSG:4326.") % {"file": path.name}
        ) from error
    outline = whole if isinstance(whole, MultiPolygon) else MultiPolygon(whole, srid=4326)
    if not outline.valid:
        raise UnusableOutline(
            _("The outline in %(file)s crosses itself: %(why)s.") % {"file": path.name, "why": outline.valid_reason}
        )
    return outline
