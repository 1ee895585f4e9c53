"""The public API of the territory: cities, districts as GeoJSON, streets, limits, and errors that say what to do."""

import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geo.api import caller
from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import City, Landmark, Street
from tests.world import NOON, World, build_world, square


def test_cities_lists_pilot_and_open_with_centre_and_bounds(world: World, client: Client) -> None:
    build_world(slug="navchannia", stage="training", west=26.0)
    body = client.get("/api/v1/cities/").json()
    assert [city["slug"] for city in body["results"]] == ["kvadraty"]
    assert body["results"][0]["bounds"] == [25.0, 49.99, 25.03, 50.0]
    assert body["results"][0]["centre"] == [25.015, 49.995]


def test_districts_are_a_feature_collection_with_code_and_name(world: World, client: Client) -> None:
    response = client.get("/api/v1/districts/?city=kvadraty&zoom=12", headers={"Accept-Language": "en"})
    assert response["Content-Type"] == "application/geo+json"
    body = json.loads(response.content)
    assert [f["properties"] for f in body["features"]] == [
        {"code": "1", "name": "North"},
        {"code": "2", "name": "Middle"},
        {"code": "3", "name": "South"},
    ]
    assert body["features"][0]["geometry"]["type"] == "MultiPolygon"


def test_bbox_leaves_out_what_is_elsewhere(world: World, client: Client) -> None:
    response = client.get("/api/v1/districts/?city=kvadraty&bbox=25.021,49.99,25.04,50")
    assert [f["id"] for f in json.loads(response.content)["features"]] == ["3"]


def answer_and_queries(client: Client, address: str, etag: str = "") -> tuple[HttpResponse, str]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, headers={"If-None-Match": etag} if etag else {})
    return response, " ".join(query["sql"] for query in queries)


@pytest.mark.parametrize("what", ["districts", "streets"])
def test_unchanged_map_answers_304_without_being_built(world: World, client: Client, what: str) -> None:
    Landmark.objects.create(
        city=world.city, kind="water", shape="SRID=4326;POLYGON((25 49.99,25.01 49.99,25 50,25 49.99))"
    )
    address = f"/api/v1/{what}/?city=kvadraty"
    first, queries = answer_and_queries(client, address)
    assert "FeatureCollection" in queries
    for known in (first["ETag"], f'"other", W/{first["ETag"]}'):
        again, queries = answer_and_queries(client, address, known)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert "FeatureCollection" not in queries


def test_changed_map_has_another_etag(world: World, client: Client) -> None:
    districts, streets = "/api/v1/districts/?city=kvadraty", "/api/v1/streets/?city=kvadraty"

    def etags(language: str = "uk") -> set[str]:
        asked = [districts, f"{districts}&zoom=9", f"{districts}&bbox=25.021,49.99,25.04,50", streets]
        return {client.get(address, headers={"Accept-Language": language})["ETag"] for address in asked}

    seen = etags()
    assert len(seen) == 4
    assert not seen & etags("en")
    world.north.name_uk = "Нова назва"
    world.north.save()
    street = Street.objects.create(city=world.city, name_uk="Перша", line="SRID=4326;MULTILINESTRING((25 50,25 51))")
    assert not seen & etags()
    before = client.get(streets)["ETag"]
    Street.objects.filter(pk=street.pk).update(line="SRID=4326;MULTILINESTRING((25 50,25 52))")
    assert client.get(streets)["ETag"] != before


def test_a_draft_does_not_move_the_bounds_of_a_city(world: World, client: Client) -> None:
    far = [DrawnDistrict("1", "", square(30.0, 49.99))]
    draft = record_edition(city=world.city, districts=far, source="", recorded_at=NOON, recorded_by="tests")

    def bounds() -> list[float]:
        return client.get("/api/v1/cities/").json()["results"][0]["bounds"]

    assert bounds() == [25.0, 49.99, 25.03, 50.0]
    activate_edition(draft, by="tests", now=timezone.now())
    assert bounds() == [30.0, 49.99, 30.01, 50.0]
    City.objects.filter(pk=world.city.pk).update(outline=MultiPolygon(Polygon.from_bbox((24, 48, 26, 50)), srid=4326))
    assert bounds() == [24, 48, 26, 50]


def test_a_city_without_boundaries_in_force_has_no_bounds(world: World, client: Client) -> None:
    City.objects.create(slug="nova", name_uk="Нова", stage="pilot")
    assert [city["bounds"] is None for city in client.get("/api/v1/cities/").json()["results"]] == [False, True]


def test_streets_and_waters_carry_their_kind(world: World, client: Client) -> None:
    Street.objects.create(city=world.city, name_uk="Перша", line="SRID=4326;MULTILINESTRING((25 49.99,25.01 50))")
    Landmark.objects.create(
        city=world.city, kind="water", name_uk="Став", shape="SRID=4326;POLYGON((25 49.99,25.01 49.99,25 50,25 49.99))"
    )
    features = json.loads(client.get("/api/v1/streets/?city=kvadraty").content)["features"]
    assert [f["properties"] for f in features] == [
        {"kind": "water", "name": "Став"},
        {"kind": "street", "name": "Перша"},
    ]


@pytest.mark.parametrize(
    ("query", "status", "kind", "words"),
    [
        ("", 400, "bad-request", "/api/v1/cities/"),
        ("city=nema", 404, "unknown-city", "/api/v1/cities/"),
        ("city=kvadraty&bbox=1,2", 400, "bad-request", "bbox"),
        ("city=kvadraty&bbox=30,49,25,50", 400, "bad-request", "west before east"),
        ("city=kvadraty&zoom=-1", 400, "bad-request", "zoom"),
        ("city=kvadraty&zoom=²", 400, "bad-request", "zoom"),
        ("city=kvadraty&zoom=23", 400, "bad-request", "zoom"),
        (f"city=kvadraty&zoom={'1' * 5000}", 400, "bad-request", "zoom"),
        ("city=kvadraty&on=yesterday", 400, "bad-request", "2026-01-31"),
        ("city=kvadraty&on=9999-12-31", 400, "bad-request", "2026-01-31"),
        ("city=kvadraty&on=0001-01-01", 400, "bad-request", "2026-01-31"),
        ("city=kvadraty&on=2001-01-01", 400, "no-edition-in-force", "boundaries"),
    ],
)
def test_wrong_questions_get_a_problem_that_says_what_to_give(
    world: World, client: Client, query: str, status: int, kind: str, words: str
) -> None:
    response = client.get(f"/api/v1/districts/?{query}", headers={"Accept-Language": "en"})
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert body["type"] == f"urn:dilnychnyi:{kind}"
    assert words in body["title"] + body.get("detail", "")


def test_cities_in_draft_or_closed_are_unknown_to_the_public(world: World, client: Client) -> None:
    for stage in ("draft", "closed"):
        City.objects.filter(pk=world.city.pk).update(stage=stage)
        assert client.get("/api/v1/districts/?city=kvadraty").status_code == 404


def test_the_limit_stands_in_headers_and_one_call_too_many_is_told_when_to_come_back(
    world: World, client: Client, settings
) -> None:
    settings.PUBLIC_API_RATE_PER_MINUTE = 3
    address = {"REMOTE_ADDR": "192.0.2.7"}
    statuses = [client.get("/api/v1/cities/", **address).status_code for _ in range(4)]
    assert 429 in statuses or statuses == [200] * 4  # a window may end in between
    response = client.get("/api/v1/cities/", **address)
    assert response["RateLimit-Limit"] == "3"
    if response.status_code == 429:
        assert int(response["Retry-After"]) > 0
        assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["cities/", "districts/?city=kvadraty", "streets/?city=kvadraty", "lookup/"])
@pytest.mark.parametrize("limit", [0, 600])
def test_scripts_of_any_site_may_read_what_is_public(
    world: World, client: Client, settings, address: str, limit: int
) -> None:
    settings.PUBLIC_API_RATE_PER_MINUTE = limit
    assert client.get(f"/api/v1/{address}")["Access-Control-Allow-Origin"] == "*"


def test_one_caller_does_not_use_up_the_limit_of_another(world: World, client: Client, settings) -> None:
    settings.PUBLIC_API_RATE_PER_MINUTE = 1
    client.get("/api/v1/cities/", REMOTE_ADDR="192.0.2.8")
    assert client.get("/api/v1/cities/", REMOTE_ADDR="192.0.2.9").status_code == 200


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_a_caller_is_counted_by_address_and_of_ipv6_by_network(
    rf: RequestFactory, settings, address: str, counted: str
) -> None:
    assert caller(rf.get("/", REMOTE_ADDR=address)) == counted
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert caller(rf.get("/", headers={"X-Forwarded-For": f"203.0.113.9, {address}"})) == counted
