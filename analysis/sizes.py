"""How large the places of a heatmap are: districts with their addresses and residents, release areas."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analysis.districts import Drawn, addresses_within, ground_km2
from analysis.models import AreaPlan, ReleaseArea
from geo.models import City


class Ground(NamedTuple):
    """A district: square kilometres on the ground, known addresses, residents where its edition tells them."""

    code: str
    name_uk: str
    name_en: str
    km2: float
    addresses: int
    residents: int | None


def grounds_of(city: City, districts: Sequence[Drawn], addresses: Mapping[str, int] | None = None) -> list[Ground]:
    """Measure districts of a city, in their order; `addresses` by code spares counting them."""
    if addresses is None:
        counts = addresses_within(city, districts)
        addresses = {each.code: counts.get(each.district, 0) for each in districts}
    return [
        Ground(each.code, each.name_uk, each.name_en, each.km2, addresses.get(each.code, 0), each.residents)
        for each in districts
    ]


def km2_by_area(plan: AreaPlan | None) -> dict[str, float]:
    """Return the square kilometres of each area of a plan, by its name, "district-number"."""
    areas = ReleaseArea.objects.filter(plan=plan).annotate(km2=ground_km2("shape"))
    rows = areas.order_by().values_list("district__code", "number", "km2")
    return {f"{district}-{number}": km2 for district, number, km2 in rows}
