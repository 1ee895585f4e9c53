"""Which known house a point on the map means."""

import math

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point, Polygon

from geo.models import City, House

NEAR_M = 25.0
"""A point this near to a known house means it: half of the usual way between two fronts on a street."""
STREET_M = 80.0
"""The houses of streets whose centre line comes this near are looked at: houses have no index by place."""
METRES_A_DEGREE = 111_320.0
"""Of latitude; the box below is only a first sieve, distances are measured by PostGIS on the sphere."""


def house_near(city: City, *, lon: float, lat: float, within_m: float = NEAR_M) -> House | None:
    """Return the known house of a city that lies nearest to a point (degrees WGS 84), if one lies within `within_m`.

    Only houses on streets whose centre line is known are found.
    """
    high = STREET_M / METRES_A_DEGREE
    wide = high / max(0.1, math.cos(math.radians(lat)))
    around = Polygon.from_bbox((lon - wide, lat - high, lon + wide, lat + high))
    around.srid = 4326
    nearest = (
        House.objects.filter(street__city=city, street__line__bboverlaps=around)
        .annotate(away=Distance("location", Point(lon, lat, srid=4326)))
        .select_related("street")
        .order_by("away", "pk")
        .first()
    )
    return nearest if nearest and nearest.away.m <= within_m else None
