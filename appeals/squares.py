"""Squares of 1/200 of a degree, by whose numbers letters near one another are found.

Row security keeps an index of places from being used: to compare places PostgreSQL calls functions that might tell of
rows nobody may see (they are not "leakproof"), so it asks the policies first, row by row. Whole numbers it may compare.
"""

import math
from typing import Any, Final

from django.db.models import BigIntegerField, Expression, F, FloatField, Func
from django.db.models.functions import Cast, Floor

PER_DEGREE: Final = 200
"""Squares to a degree: in Ukraine one is 560 m high and 330 to 400 m wide."""
ROW: Final = 100_000
"""More than the squares of a parallel (72,000), so that no two squares have one number."""
METRES_OF_A_DEGREE: Final = 110_574
"""The shortest degree of latitude in metres (WGS 84, at the equator): a box made with it is never too small."""


def square_of(place: Expression | F) -> Any:
    """Return the number of the square of a place (EPSG:4326) in SQL: NULL without one."""

    def part(function: str) -> Cast:
        degrees = Func(place, function=function, output_field=FloatField())
        return Cast(Floor(degrees * PER_DEGREE), BigIntegerField())

    return part("ST_Y") * ROW + part("ST_X")


def squares_around(lon: float, lat: float, *, within_m: float) -> list[int]:
    """Return the numbers of all squares that touch the circle of so many metres around a place in degrees."""
    high = within_m / METRES_OF_A_DEGREE
    wide = high / math.cos(math.radians(lat))
    rows = range(math.floor((lat - high) * PER_DEGREE), math.floor((lat + high) * PER_DEGREE) + 1)
    columns = range(math.floor((lon - wide) * PER_DEGREE), math.floor((lon + wide) * PER_DEGREE) + 1)
    return [row * ROW + column for row in rows for column in columns]
