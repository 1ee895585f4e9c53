"""OGC API - Features: pages that link to each other, strict parameters, and GDAL reads every collection to its end."""

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import DistrictBoundary
from geo.moments import local_day
from people.models import Station
from tests.world import World, build_world, square

ITEMS = "/ogc/collections/districts/items"


def pages(client: Client, address: str) -> Iterator[dict]:
    """Follow the links to the next page."""
    while address:
        body = client.get(address).json()
        yield body
        following = [urlsplit(link["href"]) for link in body["links"] if link["rel"] == "next"]
        address = f"{following[0].path}?{following[0].query}" if following else ""


def codes(body: dict) -> list[str]:
    """The districts of a page."""
    return [feature["properties"]["code"] for feature in body["features"]]


def test_every_link_leads_somewhere(world: World, client: Client) -> None:
    found, wanted = set(), {"http://testserver/ogc/"}
    while wanted - found:
        address = (wanted - found).pop()
        response = client.get(address.removeprefix("http://testserver"))
        assert response.status_code == 200, address
        found.add(address)
        body = response.json()
        wanted |= {link["href"] for each in (body, *body.get("collections", ())) for link in each.get("links", ())}
    assert {urlsplit(each).path for each in found} == {
        "/ogc/", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/districts", ITEMS,
        "/ogc/collections/stations", "/ogc/collections/stations/items",
    }  # fmt: skip


def test_features_are_geojson_with_their_rings_counterclockwise(world: World, client: Client) -> None:
    response = client.get(ITEMS)
    assert response["Content-Type"] == "application/geo+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    body = response.json()
    assert (body["type"], body["numberMatched"], body["numberReturned"]) == ("FeatureCollection", 3, 3)
    first = body["features"][0]
    assert first["properties"] == {
        "city": "kvadraty", "code": "1", "name_uk": "Північна", "name_en": "North", "edition": 1,
        "source": "tests/world.py", "licence": "", "residents": None,
    }  # fmt: skip
    outline = GEOSGeometry(str(first["geometry"]).replace("'", '"'))
    assert outline.equals(DistrictBoundary.objects.get(pk=first["id"]).boundary)
    assert shapely.is_ccw(shapely.LinearRing(first["geometry"]["coordinates"][0][0]))


def test_pages_hold_every_feature_once(world: World, client: Client) -> None:
    found = list(pages(client, f"{ITEMS}?limit=2"))
    assert [codes(body) for body in found] == [["1", "2"], ["3"]]
    assert {body["numberMatched"] for body in found} == {3}


def test_filters_hold_on_every_page(world: World, client: Client) -> None:
    build_world(slug="druhe", west=26.0)
    of_box = list(pages(client, f"{ITEMS}?limit=1&bbox=25.011,49.99,26.005,50&f=json"))
    assert [(f["properties"]["city"], f["properties"]["code"]) for body in of_box for f in body["features"]] == [
        ("kvadraty", "2"), ("kvadraty", "3"), ("druhe", "1"),
    ]  # fmt: skip
    assert codes(client.get(f"{ITEMS}?city=druhe&bbox=0,0,0,26.005,50,0").json()) == ["1"]


def test_what_the_public_may_not_see_yet_is_not_there(world: World, client: Client) -> None:
    other = build_world(slug="navchannia", stage="training", west=26.0)
    assert client.get(f"{ITEMS}?city=navchannia").json()["features"] == []
    hidden = other.edition.boundaries.first()
    assert client.get(f"{ITEMS}/{hidden.pk}").status_code == 404
    assert client.get("/ogc/collections/stations/items").json()["numberMatched"] == 1


@pytest.fixture
def two_editions(world: World) -> World:
    """A second edition with one large district, in force from now on."""
    now = timezone.now()
    edition = record_edition(
        city=world.city, districts=[DrawnDistrict("9", "Уся", square(25.0, 49.99, 0.03), "All")], source="second",
        recorded_at=now, recorded_by="tests",
    )  # fmt: skip
    activate_edition(edition, starts_at=now, by="tests", now=now)
    return world


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("", ["9"]),
        ("{tomorrow}", ["9"]),
        ("{now:%Y-%m-%dT%H:%M:%S.%fZ}", ["9"]),
        ("{today}", ["1", "2", "3", "9"]),
        ("{yesterday}T12:00:00%2B02:00", ["1", "2", "3"]),
        ("../{yesterday}", ["1", "2", "3"]),
        ("{yesterday}/..", ["1", "2", "3", "9"]),
        ("../..", ["1", "2", "3", "9"]),
        ("1991-01-01/1992-01-01", []),
    ],
)
def test_districts_are_those_in_force_then(two_editions: World, client: Client, moment: str, there: list[str]) -> None:
    now = two_editions.city.editions.get(number=2).periods.get().period.lower
    today, day = local_day(now), datetime.timedelta(days=1)
    then = moment.format(now=now, today=today, yesterday=today - day, tomorrow=today + day)
    assert codes(client.get(f"{ITEMS}?datetime={then}" if then else ITEMS).json()) == there


def test_an_edition_that_came_into_force_twice_is_told_once(two_editions: World, client: Client) -> None:
    later = timezone.now()
    activate_edition(two_editions.edition, starts_at=later, by="tests", now=later)
    assert codes(client.get(f"{ITEMS}?datetime=../..").json()) == ["1", "2", "3", "9"]


def test_a_feature_of_an_older_edition_keeps_its_address(two_editions: World, client: Client) -> None:
    old = two_editions.edition.boundaries.get(district=two_editions.north)
    body = client.get(f"{ITEMS}/{old.pk}").json()
    assert (body["id"], body["properties"]["code"]) == (old.pk, "1")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=ten", "limit=-1", "after=x", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=30,0,20,1", "datetime=now",
        "datetime=2026-02-30", "datetime=2026-01-01T00:00:00", "datetime=2026-02-01/2026-01-01", "datetime=9999-12-31",
        "datetime=..", "colour=red", "f=html", "bbox=nan,nan,nan,nan",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_in_words(world: World, client: Client, query: str) -> None:
    response = client.get(f"{ITEMS}?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["title"]


@pytest.mark.parametrize(
    "path", ["/ogc/collections/letters", "/ogc/collections/letters/items", f"{ITEMS}/0", f"{ITEMS}/{10**30}"]
)
def test_what_is_not_there_is_said_so(world: World, client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_titles_are_told_in_the_language_that_is_asked_for(world: World, client: Client) -> None:
    for language, title in (("en", "Police districts"), ("uk", "Поліцейські дільниці")):
        body = client.get("/ogc/collections/districts", headers={"Accept-Language": language}).json()
        assert body["title"] == title


def test_a_limit_beyond_the_largest_is_taken_as_the_largest(world: World, client: Client) -> None:
    assert client.get(f"{ITEMS}?limit=1000000").json()["numberReturned"] == 3


def test_a_station_without_a_place_is_left_out(world: World, client: Client) -> None:
    Station.objects.create(city=world.city, key="unplaced", name_uk="Без місця", address_uk="вул. Друга, 2")
    body = client.get("/ogc/collections/stations/items?datetime=2020-01-01").json()
    assert [feature["properties"]["key"] for feature in body["features"]] == ["main"]


READ = """
import json, sys, pyogrio, shapely
source = sys.argv[1]
read = lambda layer, **options: pyogrio.raw.read(source, layer=layer, **options)[2]
print(json.dumps({
    "layers": sorted(name for name, _kind in pyogrio.list_layers(source)),
    "districts": len(read("districts")),
    "area": shapely.union_all(shapely.from_wkb(read("districts"))).area,
    "stations": len(read("stations")),
    "in_box": len(read("districts", bbox=(25.001, 49.991, 25.015, 49.999))),
}))
"""
"""In a process of its own: GDAL keeps Python's lock while it waits for the answer."""


def test_gdal_reads_every_collection_to_its_end(transactional_db: None, live_server: LiveServer) -> None:
    for number in range(40):
        build_world(slug=f"misto-{number}", west=25.0 + 0.04 * number)
    done = subprocess.run(
        [sys.executable, "-c", READ, f"OAPIF:{live_server.url}/ogc/"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "layers": ["districts", "stations"],
        "districts": 120,
        "area": pytest.approx(120 * 0.0001),
        "stations": 40,
        "in_box": 2,
    }
