"""Cities: what every page asks of them costs little, however many they are."""

import datetime

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from geo.models import City
from tests.world import LONG_AGO, NOON, World, build_world

OUTLINE = MultiPolygon(Polygon.from_bbox((25, 49.99, 25.03, 50)), srid=4326)


def queries_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def test_pages_do_not_load_the_outlines_of_cities(world: World, client: Client) -> None:
    City.objects.update(outline=OUTLINE)
    for address in ("/", "/kvadraty/"):
        assert not [sql for sql in queries_of(client, address) if '"outline"' in sql]


def test_first_page_asks_no_more_for_three_cities_than_for_one(world: World, client: Client) -> None:
    one = len(queries_of(client, "/"))
    build_world("druhe", west=26.0)
    build_world("tretie", west=27.0)
    queries_of(client, "/")  # each city's picture is drawn once
    assert len(queries_of(client, "/")) <= one
    assert client.get("/").content.decode().count("city-card__map") == 3


def test_neighbours_of_a_district_are_those_whose_polygons_meet_its_own(world: World) -> None:
    build_world("druhe", west=25.03)  # another city's squares begin where this one's end
    by_code = {
        one.code: list(world.city.districts.bordering(one.pk, at=NOON).values_list("code", flat=True))
        for one in (world.north, world.mid, world.south)
    }
    assert by_code == {"1": ["2"], "2": ["1", "3"], "3": ["2"]}
    assert not world.city.districts.bordering(world.north.pk, at=LONG_AGO - datetime.timedelta(days=1))
