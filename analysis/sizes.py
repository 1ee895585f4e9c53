"""How large the places of a heatmap are: districts with their addresses and residents, release areas."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from django.db import connection
from django.db.models import F, FloatField, Func
from numpy.typing import NDArray

from analysis.models import AreaPlan, ReleaseArea
from geo.models import City
from geo.models.editions import BoundaryQuerySet

ADDRESSES = """
    SELECT ST_X(house.location), ST_Y(house.location)
    FROM geo_house AS house JOIN geo_street AS street ON street.id = house.street_id
    WHERE street.city_id = %s AND house.location IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A district: square kilometres on the ground, known addresses, residents where its edition tells them."""

    code: str
    name_uk: str
    name_en: str
    km2: float
    addresses: int
    residents: int | None


def grounds_of(city: City, boundaries: BoundaryQuerySet, addresses: Mapping[str, int] | None = None) -> list[Ground]:
    """Measure districts of a city, in the order of their codes; `addresses` by code spares counting them.

    They are counted here, not by a join: houses have no index by place.
    """
    names = ("district__code", "district__name_uk", "district__name_en", "km2", "population")
    rows = list(boundaries.annotate(km2=_km2("boundary")).order_by("district__code").values_list(*names, "boundary"))
    points = np.empty((0, 2)) if addresses is not None or not rows else _addresses(city)
    return [
        Ground(
            code, name_uk, name_en, km2, _within(shape, points) if addresses is None else addresses.get(code, 0), people
        )
        for code, name_uk, name_en, km2, people, shape in rows
    ]


def km2_by_area(plan: AreaPlan | None) -> dict[str, float]:
    """Return the square kilometres of each area of a plan, by its name, "district-number"."""
    areas = ReleaseArea.objects.filter(plan=plan).annotate(km2=_km2("shape"))
    rows = areas.order_by().values_list("district__code", "number", "km2")
    return {f"{district}-{number}": km2 for district, number, km2 in rows}


def _km2(field: str) -> Func:
    return Func(F(field), template="ST_Area(%(expressions)s::geography) / 1e6", output_field=FloatField())


def _addresses(city: City) -> NDArray[np.float64]:
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, [city.pk])
        return np.array(cursor.fetchall(), np.float64).reshape(-1, 2)


def _within(boundary: object, points: NDArray[np.float64]) -> int:
    shape = shapely.from_wkb(bytes(boundary.wkb))  # type: ignore[attr-defined]
    west, south, east, north = shape.bounds
    lon, lat = points[:, 0], points[:, 1]
    near = points[(lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)]
    shapely.prepare(shape)
    return int(shapely.intersects_xy(shape, near[:, 0], near[:, 1]).sum())
