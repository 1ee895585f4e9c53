"""How large the places of a heatmap are: districts with their addresses and residents, release areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import F, FloatField, Func

from analysis.models import AreaPlan, ReleaseArea
from geo.models import City
from geo.models.editions import BoundaryQuerySet

ADDRESSES = """
    SELECT ST_AsBinary(ST_Collect(house.location))
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
    if addresses is None:
        counts = _addresses_within(city, [row[-1] for row in rows])
        addresses = dict(zip([row[0] for row in rows], counts, strict=True))
    return [
        Ground(code, name_uk, name_en, km2, addresses.get(code, 0), people)
        for code, name_uk, name_en, km2, people, _shape in rows
    ]


def km2_by_area(plan: AreaPlan | None) -> dict[str, float]:
    """Return the square kilometres of each area of a plan, by its name, "district-number"."""
    areas = ReleaseArea.objects.filter(plan=plan).annotate(km2=_km2("shape"))
    rows = areas.order_by().values_list("district__code", "number", "km2")
    return {f"{district}-{number}": km2 for district, number, km2 in rows}


def _km2(field: str) -> Func:
    return Func(F(field), template="ST_Area(%(expressions)s::geography) / 1e6", output_field=FloatField())


def _addresses_within(city: City, boundaries: Sequence[GEOSGeometry]) -> list[int]:
    """Count the known addresses of a city in each of some shapes; on an edge they count in both.

    They come as one geometry: 16,000 rows take longer to be read than to be counted.
    """
    if not boundaries:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, [city.pk])
        [collected] = cursor.fetchone()
    if collected is None:
        return [0] * len(boundaries)
    tree = shapely.STRtree(shapely.points(shapely.get_coordinates(shapely.from_wkb(bytes(collected)))))
    shapes = shapely.from_wkb([bytes(each.wkb) for each in boundaries])
    inside, _places = tree.query(shapes, predicate="intersects")
    counts: list[int] = np.bincount(inside, minlength=len(shapes)).tolist()
    return counts
