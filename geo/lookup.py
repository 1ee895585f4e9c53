"""Where is this place? Points as people write them, the nearest district, exact addresses."""

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from geo.names import in_current_language

UKRAINE = (22.0, 44.0, 40.3, 52.4)
"""West, south, east, north in degrees: a point outside whose swap lies inside has lat and lon exchanged."""


class BadCoordinates(Exception):
    """What was given is not a place; the message says why and what to do."""


class NoEditionInForce(Exception):
    """No served city had boundaries in force on the day asked for."""


FAR_M = 50_000
"""The officer of a district further away than this, in metres, does not know who serves a place."""


@dataclass(frozen=True, slots=True)
class NearestDistrict:
    """The served district nearest to a place outside: `distance_m` metres away."""

    city_slug: str
    city_name: str
    code: str
    name: str
    distance_m: float


class OutsideServedArea(Exception):
    """No district asked for covers the place; `nearest` is the nearest one, where one is within `FAR_M`.

    Where one city was asked and it is far, that is the nearest of any city: its `distance_m` is 0 if it covers the
    place.
    """

    def __init__(self, nearest: NearestDistrict | None) -> None:
        super().__init__(_("This place is outside every district we know."))
        self.nearest = nearest


class AnswersByAddressOnly(OutsideServedArea):
    """The city asked has a list of streets in force and no polygons: it cannot say whose a point is."""

    def __init__(self) -> None:
        super().__init__(None)

    def __str__(self) -> str:
        return _(
            "The borders of the districts are not drawn yet here: this city answers by address only. "
            "Type the street and the number of the house."
        )


def parse_point(lat: str, lon: str) -> tuple[float, float]:
    """Return (lon, lat) in degrees WGS 84 from two texts; a decimal comma is understood.

    Raises BadCoordinates: not numbers, not finite, out of range, or exchanged (a place in Ukraine when swapped).
    """
    try:
        y, x = (float(text.strip().replace(",", ".")) for text in (lat, lon))
    except ValueError:
        raise BadCoordinates(
            _("Latitude and longitude must be numbers in degrees, such as 49.5531 and 25.5943.")
        ) from None
    if not (math.isfinite(y) and math.isfinite(x)):
        raise BadCoordinates(_("Latitude and longitude must be finite numbers."))
    if _in_ukraine(y, x) and not _in_ukraine(x, y):
        raise BadCoordinates(
            _("Latitude and longitude look exchanged: did you mean lat=%(lat)s, lon=%(lon)s?") % {"lat": x, "lon": y}
        )
    if not (-90 <= y <= 90 and -180 <= x <= 180):
        raise BadCoordinates(_("Latitude goes from -90 to 90 and longitude from -180 to 180 degrees."))
    return x, y


def _in_ukraine(lon: float, lat: float) -> bool:
    west, south, east, north = UKRAINE
    return west <= lon <= east and south <= lat <= north


def nearest_district(
    *, lon: float, lat: float, at: datetime.datetime, city: str | None, stages: Iterable[str]
) -> NearestDistrict | None:
    """Return the served district nearest to a point, by distance on the spheroid, or None where none is in force.

    An index gives the nearest on the sphere, in order. That order is the spheroid's to 3 parts in 1,000, so the
    nearest of all is among the first few.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Right after an import the planner knows no statistics yet and would measure every polygon: 1.8 s in London.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
        cursor.execute(
            """
            WITH place AS (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography AS point),
            near AS MATERIALIZED (
                SELECT candidate.district_id, ST_Distance(candidate.boundary::geography, place.point) AS distance_m
                FROM place CROSS JOIN geo_districtboundary AS candidate
                WHERE candidate.edition_id = ANY(ARRAY(
                    SELECT in_force.edition_id
                    FROM geo_editionperiod AS in_force JOIN geo_city AS served ON served.id = in_force.city_id
                    WHERE in_force.period @> %(at)s
                      AND served.stage = ANY(%(stages)s) AND (%(city)s = '' OR served.slug = %(city)s)
                ))
                ORDER BY candidate.boundary::geography(MultiPolygon, 4326) <-> place.point
                LIMIT 8
            )
            SELECT city.slug, city.name_uk, city.name_en, district.code, district.name_uk, district.name_en,
                   near.distance_m
            FROM near
            JOIN geo_district AS district ON district.id = near.district_id
            JOIN geo_city AS city ON city.id = district.city_id
            ORDER BY near.distance_m, district.code COLLATE "C"
            LIMIT 1
            """,
            {
                "lon": lon,
                "lat": lat,
                "at": at,
                "stages": [str(stage) for stage in stages],
                "city": city or "",
            },
        )
        row = cursor.fetchone()
        cursor.execute("SET LOCAL enable_sort = DEFAULT; SET LOCAL enable_seqscan = DEFAULT")
    if row is None:
        return None
    slug, city_uk, city_en, code, name_uk, name_en, distance_m = row
    return NearestDistrict(
        city_slug=slug,
        city_name=in_current_language(city_uk, city_en),
        code=code,
        name=in_current_language(name_uk, name_en),
        distance_m=round(distance_m, 1),
    )
