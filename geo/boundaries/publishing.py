"""What the public map is given: GeoJSON text assembled by the database from what was stored with the edition.

Each has a version, which costs next to nothing beside the text: it changes when a row that the text is made of does
(`xmin` is the transaction that wrote the row, `ctid` where it lies).
"""

import hashlib
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from geo.models import BoundaryEdition, City

NAME_SQL = "COALESCE(NULLIF(CASE WHEN %(language)s = 'en' THEN {0}.name_en END, ''), {0}.name_uk)"

FORMAT = 1
"""Part of every version: raise it when the same rows make another text."""

BBox = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def districts_version(edition: BoundaryEdition, *, band: int, bbox: BBox | None = None) -> str:
    """Return what changes whenever `districts_geojson` with the same arguments does. The polygons never change."""
    rows = """
        SELECT md5(string_agg(row.id || ' ' || row.xmin::text || row.ctid::text, ',' ORDER BY row.id))
        FROM geo_districtboundary AS boundary JOIN geo_district AS row ON row.id = boundary.district_id
        WHERE boundary.edition_id = %s
    """
    return _version("districts", edition.pk, band, bbox, _text_of(rows, [edition.pk]))


def streets_version(city: City) -> str:
    """Return what changes whenever `streets_geojson` does."""
    rows = """
        SELECT md5(string_agg(version, ',' ORDER BY version)) FROM (
            SELECT 'landmark ' || id || ' ' || xmin::text || ctid::text AS version FROM geo_landmark WHERE city_id = %s
            UNION ALL SELECT 'street ' || id || ' ' || xmin::text || ctid::text FROM geo_street WHERE city_id = %s
        ) AS row
    """
    return _version("streets", _text_of(rows, [city.pk, city.pk]))


def _version(*parts: object) -> str:
    return hashlib.sha256(repr((FORMAT, get_language(), *parts)).encode()).hexdigest()[:20]


def _text_of(query: str, parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return str(cursor.fetchone()[0])


def districts_geojson(edition: BoundaryEdition, *, band: int, bbox: BBox | None = None) -> bytes:
    """Return the districts of an edition that reach into a box as a FeatureCollection, UTF-8."""
    west, south, east, north = bbox or (-180.0, -90.0, 180.0, 90.0)
    return _text_of(
        f"""
            SELECT '{{"type":"FeatureCollection","features":[' || COALESCE(string_agg(
                '{{"type":"Feature","id":' || to_json(district.code) || ',"properties":' ||
                json_build_object('code', district.code, 'name', {NAME_SQL.format("district")}) ||
                ',"geometry":' || simplified.geometry_json || '}}',
                ',' ORDER BY district.code COLLATE "C"
            ), '') || ']}}'
            FROM geo_districtboundary AS boundary
            JOIN geo_district AS district ON district.id = boundary.district_id
            JOIN geo_simplifiedboundary AS simplified ON simplified.boundary_id = boundary.id
            WHERE boundary.edition_id = %(edition)s AND simplified.band = %(band)s
              AND boundary.boundary && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
            """,  # noqa: S608 - NAME_SQL is a constant
        {
            "edition": edition.pk,
            "band": band,
            "language": get_language(),
            "west": west,
            "south": south,
            "east": east,
            "north": north,
        },
    ).encode()


def streets_geojson(city: City) -> bytes:
    """Return the drawn features of a city (streets, waters, greens) as a FeatureCollection, UTF-8, larger first."""
    return _text_of(
        f"""
            SELECT '{{"type":"FeatureCollection","features":[' || COALESCE(string_agg(
                '{{"type":"Feature","properties":' ||
                json_build_object('kind', feature.kind, 'name', {NAME_SQL.format("feature")}) ||
                ',"geometry":' || ST_AsGeoJSON(feature.shape, 6) || '}}', ',' ORDER BY feature.layer, feature.name_uk
            ), '') || ']}}'
            FROM (
                SELECT kind, name_uk, name_en, shape, 0 AS layer FROM geo_landmark WHERE city_id = %(city)s
                UNION ALL
                SELECT CASE WHEN is_main THEN 'main-street' ELSE 'street' END, name_uk, name_en, line, 1
                FROM geo_street WHERE city_id = %(city)s AND line IS NOT NULL
            ) AS feature
            """,  # noqa: S608 - NAME_SQL is a constant
        {"city": city.pk, "language": get_language()},
    ).encode()
