"""Write an edition: its polygons, and the border pieces that distances are asked from."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction
from django.db.models import Max

from geo.models import BoundaryEdition, City, District

PIECE_VERTICES = 16
"""At most so many vertices a border piece: measured as the best of 8 to 64 for the lookup."""


@dataclass(frozen=True, slots=True)
class DrawnDistrict:
    """One district as an edition draws it: `geometry` is a valid Polygon or MultiPolygon in EPSG:4326."""

    code: str
    name_uk: str
    geometry: shapely.Geometry
    name_en: str = ""
    population: int | None = None
    rural: bool = False


def record_edition(
    *,
    city: City,
    districts: Sequence[DrawnDistrict],
    source: str,
    recorded_at: datetime.datetime,
    recorded_by: str,
    licence: str = "",
    source_sha256: str = "",
    report: dict[str, Any] | None = None,
    errors: int = 0,
) -> BoundaryEdition:
    """Record a new edition, not in force yet, and return it.

    Districts that the city does not know are created. Those it knows keep their names: a name outlives editions.
    Raises IntegrityError when a geometry is invalid or a code occurs twice; nothing is written then.
    """
    with transaction.atomic():
        City.objects.select_for_update().get(pk=city.pk)
        number = (city.editions.aggregate(last=Max("number"))["last"] or 0) + 1
        edition = BoundaryEdition.objects.create(
            city=city,
            number=number,
            source=source,
            licence=licence,
            source_sha256=source_sha256,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
            report=report or {},
            errors=errors,
        )
        district_ids = _ensure_districts(city, districts)
        _copy_boundaries(edition, ((district_ids[drawn.code], drawn) for drawn in districts))
        _copy_border_pieces(edition, ((district_ids[drawn.code], drawn) for drawn in districts))
    return edition


def _ensure_districts(city: City, districts: Sequence[DrawnDistrict]) -> dict[str, int]:
    """Create the districts that are new and return the id of each by its code."""
    District.objects.bulk_create(
        [District(city=city, code=d.code, name_uk=d.name_uk, name_en=d.name_en, rural=d.rural) for d in districts],
        ignore_conflicts=True,
    )
    return dict(District.objects.filter(city=city).values_list("code", "id"))


def _copy_boundaries(edition: BoundaryEdition, rows: Iterable[tuple[int, DrawnDistrict]]) -> None:
    """COPY the polygons in as multipolygons (262,000 rows/s against 5,600 of bulk_create for points)."""
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy("COPY geo_districtboundary (edition_id, district_id, boundary, population) FROM STDIN") as copy,
    ):
        for district_id, drawn in rows:
            geometry = drawn.geometry
            if geometry.geom_type == "Polygon":
                geometry = shapely.multipolygons([geometry])
            ewkb = shapely.to_wkb(shapely.set_srid(geometry, 4326), hex=True, include_srid=True)
            copy.write_row((edition.pk, district_id, ewkb, drawn.population))


def _copy_border_pieces(edition: BoundaryEdition, rows: Iterable[tuple[int, DrawnDistrict]]) -> None:
    """COPY the borders in, cut into pieces."""
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy("COPY geo_borderpiece (edition_id, district_id, piece) FROM STDIN") as copy,
    ):
        for district_id, drawn in rows:
            pieces = shapely.set_srid(border_pieces(drawn.geometry), 4326)
            for ewkb in shapely.to_wkb(pieces, hex=True, include_srid=True):
                copy.write_row((edition.pk, district_id, ewkb))


def border_pieces(polygon: shapely.Geometry) -> Any:
    """Return the rings of a Polygon or MultiPolygon as an array of lines of at most PIECE_VERTICES vertices.

    Neighbouring pieces share their end, so that the pieces together are the whole border (ST_Subdivide clips instead,
    and takes ten times as long).
    """
    coordinates, ring_of = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygon)), return_index=True)
    first_of_ring = np.searchsorted(ring_of, ring_of)
    within_ring = np.arange(len(ring_of)) - first_of_ring
    is_last = np.append(ring_of[1:] != ring_of[:-1], True)
    is_joint = (within_ring > 0) & (within_ring % (PIECE_VERTICES - 1) == 0) & ~is_last
    times = 1 + is_joint.astype(int)  # a joint ends one piece and begins the next
    vertices = np.repeat(np.arange(len(ring_of)), times)
    begins = np.repeat(within_ring == 0, times)
    begins[np.cumsum(times)[is_joint] - 1] = True
    return shapely.linestrings(coordinates[vertices], indices=np.cumsum(begins) - 1)
