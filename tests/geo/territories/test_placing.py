"""Every known house of a city with the polygon that covers it: as the database answers for one place."""

import pytest
from django.contrib.gis.geos import Point

from geo.models import DistrictBoundary, House, Street
from geo.territories.placing import houses_with_polygons
from tests.world import NOON, World, build_world

pytestmark = pytest.mark.django_db


def test_houses_lie_where_the_database_says(world: World) -> None:
    other = build_world("other", west=25.005)  # whose polygons overlap these
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    places = [world.in_north, world.in_mid, world.in_south, world.on_shared_edge, world.outside]
    for number, place in enumerate(places, start=1):
        House.objects.create(street=street, number=str(number), location=place)
    House.objects.create(
        street=Street.objects.create(city=other.city, name_uk="вулиця Перша"), number="1", location=world.in_north
    )
    placed = houses_with_polygons(world.city, NOON)
    assert [(one.number, one.polygon) for one in placed] == [
        ("1", "1"), ("2", "2"), ("3", "3"), ("4", "1"), ("5", None),
    ]  # fmt: skip
    in_force = DistrictBoundary.objects.in_force_at(NOON).filter(edition__city=world.city)
    for one in placed:
        covering = in_force.filter(boundary__covers=Point(one.lon, one.lat, srid=4326)).order_by("district__code")
        assert one.polygon == covering.values_list("district__code", flat=True).first()


def test_a_city_without_polygons_or_houses_has_none_placed(world: World) -> None:
    assert houses_with_polygons(world.city, NOON) == []
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    House.objects.create(street=street, number="1", location=world.in_north)
    before_any = NOON.replace(year=2020)
    assert [one.polygon for one in houses_with_polygons(world.city, before_any)] == [None]
    assert houses_with_polygons(world.city, NOON, streets=[]) == []
