"""What the public map is given: GeoJSON text assembled by the database from what was stored with the edition."""

import hashlib
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import get_language

from geo.models import BoundaryEdition, City

NAME_SQL = "COALESCE(NULLIF(CASE WHEN %(language)s = 'en' THEN {0}.name_en END, ''), {0}.name_uk)"


@dataclass(frozen=True, slots=True)
class Published:
    """GeoJSON (UTF-8) and the fingerprint of its content."""

    content: bytes
    fingerprint: str


def _published(text: str) -> Published:
    content = text.encode()
    return Published(content=content, fingerprint=hashlib.sha256(content).hexdigest()[:20])


def published_districts(
    edition: BoundaryEdition, *, band: int, bbox: tuple[float, float, float, float] | None = None
) -> Published:
    """Return the districts of an edition as a FeatureCollection; `bbox` is west, south, east, north in degrees."""
    west, south, east, north = bbox or (-180.0, -90.0, 180.0, 90.0)
    with connection.cursor() as cursor:
        cursor.execute(
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
        )
        return _published(cursor.fetchone()[0])


def published_streets(city: City) -> Published:
    """Return the drawn features of a city (streets, waters, greens) as a FeatureCollection, larger things first."""
    with connection.cursor() as cursor:
        cursor.execute(
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
        )
        return _published(cursor.fetchone()[0])
