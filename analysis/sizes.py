"""How large the places of a heatmap are: districts with their addresses and residents, release areas."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F, FloatField, Func

from analysis.models import AreaPlan, ReleaseArea
from geo.models.editions import BoundaryQuerySet

ADDRESSES = """
    SELECT border.id, count(*)
    FROM geo_districtboundary AS border
    JOIN geo_district AS district ON district.id = border.district_id
    JOIN geo_street AS street ON street.city_id = district.city_id
    JOIN geo_house AS house ON house.street_id = street.id
    WHERE border.id = ANY(%s) AND ST_Covers(border.boundary, house.location)
    GROUP BY border.id
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


def _km2(field: str) -> Func:
    return Func(F(field), template="ST_Area(%(expressions)s::geography) / 1e6", output_field=FloatField())


def grounds_of(boundaries: BoundaryQuerySet) -> list[Ground]:
    """Measure districts, in the order of their codes."""
    names = ("pk", "district__code", "district__name_uk", "district__name_en", "km2", "population")
    rows = list(boundaries.annotate(km2=_km2("boundary")).order_by("district__code").values_list(*names))
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, [[pk for pk, *_rest in rows]])
        addresses = dict(cursor.fetchall())
    return [
        Ground(code, name_uk, name_en, km2, addresses.get(pk, 0), residents)
        for pk, code, name_uk, name_en, km2, residents in rows
    ]


def km2_by_area(plan: AreaPlan | None) -> dict[str, float]:
    """Return the square kilometres of each area of a plan, by its name, "district-number"."""
    areas = ReleaseArea.objects.filter(plan=plan).annotate(km2=_km2("shape"))
    rows = areas.order_by().values_list("district__code", "number", "km2")
    return {f"{district}-{number}": km2 for district, number, km2 in rows}
