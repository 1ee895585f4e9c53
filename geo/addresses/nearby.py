"""Which known house a point on the map means."""

import math
from pathlib import Path
from typing import Final

from geo.models import City, House
from geo.prepared import PreparedStatement, Question, Rows

NEAR_M = 25.0
"""A point this near to a known house means it: half of the usual way between two fronts on a street."""
STREET_M = 80.0
"""The houses of streets whose centre line comes this near are looked at: houses have no index by place."""
METRES_A_DEGREE = 111_320.0
"""Of latitude; the box below is only a first sieve, distances are measured by PostGIS on the sphere."""
HOUSE_NEAR: Final = PreparedStatement(Path(__file__).parents[1] / "sql" / "house_near.sql")
"""Every letter with a place asks it."""


def asked_house_near(city: City, *, lon: float, lat: float, within_m: float = NEAR_M) -> Question:
    """Return the question for `house_read`: which known house of a city lies nearest to a point (degrees WGS 84).

    Only houses within `within_m` metres, on streets whose centre line is known, are found.
    """
    return HOUSE_NEAR.asked(
        city=city.pk,
        lon=lon,
        lat=lat,
        high=STREET_M / METRES_A_DEGREE,
        wide=STREET_M / METRES_A_DEGREE / max(0.1, math.cos(math.radians(lat))),
        within_m=within_m,
    )


def house_read(rows: Rows) -> House | None:
    """Return the house with its street that was answered, if there was one."""
    return House.objects.select_related("street").get(pk=rows[0]["id"]) if rows else None
