"""Drawing the release areas of a city: from the edition in force at a moment and the addresses it knows."""

import datetime
import hashlib
from typing import cast

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, transaction
from django.db.models import Max

from analysis.areas import Area, Floor, Numbers, partition
from analysis.masking import floor_of
from analysis.models import AreaCell, AreaPlan, ReleaseArea, Sensitivity
from geo.models import BoundaryEdition, City, District, DistrictBoundary

ADDRESSES = """
    SELECT ST_X(house.location), ST_Y(house.location)
    FROM geo_house AS house JOIN geo_street AS street ON street.id = house.street_id
    WHERE street.city_id = %s
    ORDER BY 1, 2
"""


@transaction.atomic
def plan_for(city: City, sensitivity: Sensitivity, *, at: datetime.datetime, now: datetime.datetime) -> AreaPlan | None:
    """Return the areas for what was received until a moment; draw them where something they hang on has changed.

    None where no polygon of the city was in force then.
    """
    edition = BoundaryEdition.objects.in_force_at(at).filter(city=city).first()
    if edition is None:
        return None
    floor = floor_of(protected=sensitivity == Sensitivity.PROTECTED)
    addresses = _addresses(city)
    drawn_from = {
        "edition": edition,
        "addresses_sha256": hashlib.sha256(addresses.tobytes()).hexdigest(),
        "min_addresses": floor.addresses,
        "min_side": floor.side,
        "min_side_without_addresses": floor.side_without_addresses,
    }
    plans = AreaPlan.objects.filter(city=city, sensitivity=sensitivity)
    if known := plans.filter(**drawn_from).order_by("-number").first():
        return known
    number = (plans.aggregate(last=Max("number"))["last"] or 0) + 1
    plan = AreaPlan.objects.create(
        city=city, sensitivity=sensitivity, number=number, addresses=len(addresses), drawn_at=now, **drawn_from
    )
    boundaries = DistrictBoundary.objects.filter(edition=edition).select_related("district")
    for each in boundaries.order_by("district__code"):
        _draw(plan, each.district, shapely.from_wkb(bytes(each.boundary.wkb)), addresses, floor)
    return plan


def _draw(plan: AreaPlan, district: District, shape: shapely.MultiPolygon, addresses: Numbers, floor: Floor) -> None:
    areas = partition(shape, addresses, floor)
    rows = ReleaseArea.objects.bulk_create(
        _row(plan, district, number, area) for number, area in enumerate(areas, start=1)
    )
    AreaCell.objects.bulk_create(
        (
            AreaCell(plan=plan, district=district, cell=cell, area=row)
            for row, area in zip(rows, areas, strict=True)
            for cell in area.cells
        ),
        batch_size=5_000,
    )


def _row(plan: AreaPlan, district: District, number: int, area: Area) -> ReleaseArea:
    return ReleaseArea(
        plan=plan,
        district=district,
        number=number,
        addresses=area.addresses,
        cells=len(area.cells),
        reason=area.reason or "",
        shape=cast(MultiPolygon, GEOSGeometry(memoryview(shapely.to_wkb(area.shape)), srid=4326)),
    )


def _addresses(city: City) -> Numbers:
    """Every known house as (lon, lat) in degrees, in one order."""
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, [city.pk])
        return np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 2)
