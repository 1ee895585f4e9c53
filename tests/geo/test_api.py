"""The public API of the territory: cities, districts as GeoJSON, streets, limits, and errors that say what to do."""

import json

import pytest
from django.test import Client

from geo.models import City, Landmark, Street
from tests.world import World, build_world


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


def test_unchanged_districts_answer_304_and_a_fingerprinted_address_is_kept_for_a_year(
    world: World, client: Client
) -> None:
    first = client.get("/api/v1/districts/?city=kvadraty")
    etag = first["ETag"]
    assert client.get("/api/v1/districts/?city=kvadraty", headers={"If-None-Match": etag}).status_code == 304
    kept = client.get(f"/api/v1/districts/?city=kvadraty&v={etag.strip(chr(34))}")
    assert "immutable" in kept["Cache-Control"]
    world.north.name_uk = "Нова назва"
    world.north.save()
    renamed = client.get("/api/v1/districts/?city=kvadraty", headers={"If-None-Match": etag})
    assert (renamed.status_code, renamed["ETag"] != etag) == (200, True)


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
