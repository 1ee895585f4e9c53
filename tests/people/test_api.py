"""GET /api/v1/lookup/: the public contract, and errors that say what to do."""

import datetime

import pytest
from django.test import Client

from geo.models import House, Street
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from tests.world import LONG_AGO, NOON, World


def ask(client: Client, query: str):
    return client.get(f"/api/v1/lookup/?{query}", headers={"Accept-Language": "en"})


def test_lookup_answers_by_contract(world: World, client: Client) -> None:
    body = ask(client, "lat=49.995&lon=25.005").json()
    assert {"city", "district", "officers", "border", "edition", "rule"} <= set(body)
    assert body["district"] == {"code": "1", "name": "North"}
    assert body["officers"][0]["name"] == "Test Officer 1"
    assert body["border"] == {"distance_m": None, "neighbours": []}
    assert (body["edition"]["number"], body["rule"]) == (1, "polygon")


def test_lookup_near_a_border_names_the_neighbour(world: World, client: Client) -> None:
    border = ask(client, "lat=49.995&lon=25.0098").json()["border"]
    assert [(n["code"], n["distance_m"], n["officers"][0]["role"]) for n in border["neighbours"]] == [
        ("2", border["distance_m"], "acting")
    ]


def test_outside_is_404_with_the_nearest_and_what_to_call(world: World, client: Client) -> None:
    response = ask(client, "lat=49.995&lon=25.04")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    body = response.json()
    assert (body["nearest"]["code"], round(body["nearest"]["distance_m"])) == ("3", 717)
    assert body["call"] == ["102", "112"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lat=25.005&lon=49.995", "exchanged"),
        ("lat=NaN&lon=25", "finite"),
        ("lat=inf&lon=25", "finite"),
        ("lat=91&lon=200", "-90 to 90"),
        ("lat=abc&lon=25", "numbers"),
        ("lat=49.9", "Give lat and lon"),
        ("address=Перша, 1", "city"),
        ("lat=49.995&lon=25.005&on=31.01.2026", "2026-01-31"),
        ("lat=49.995&lon=25.005&on=2001-01-01", "boundaries"),
    ],
)
def test_nonsense_is_400_and_says_why(world: World, client: Client, query: str, words: str) -> None:
    response = ask(client, query)
    assert response.status_code == 400
    assert words in response.json()["title"]


def test_a_decimal_comma_is_understood(world: World, client: Client) -> None:
    assert ask(client, "lat=49,995&lon=25,005").json()["district"]["code"] == "1"


@pytest.fixture
def street(world: World) -> Street:
    street = Street.objects.create(city=world.city, name_uk="вул. Перша")
    House.objects.create(street=street, number="12а", location=world.in_mid)
    return street


@pytest.mark.parametrize(
    ("typed", "match", "sure"),
    [("ВУЛ. перша, 12А", "exact", True), ("Persha 12a", "exact", True), ("Перва 12а", "corrected", False)],
)
def test_an_address_is_looked_up_in_its_city(
    street: Street, client: Client, typed: str, match: str, sure: bool
) -> None:
    body = ask(client, f"city=kvadraty&address={typed}").json()
    assert body["district"]["code"] == "2"
    assert (body["address"]["label"], body["address"]["match"], body["address"]["sure"]) == (
        "вул. Перша, 12а",
        match,
        sure,
    )


def test_a_house_that_is_not_known_gives_a_choice_of_the_nearest(street: Street, client: Client) -> None:
    response = ask(client, "city=kvadraty&address=вул. Перша, 13")
    assert response.status_code == 300
    assert [(each["label"], each["match"]) for each in response.json()["candidates"]] == [
        ("вул. Перша, 12а", "nearest")
    ]


def test_a_street_that_is_not_known_is_a_problem(street: Street, client: Client) -> None:
    response = ask(client, "city=kvadraty&address=Хрещатик, 1")
    assert (response.status_code, response.json()["type"]) == (404, "urn:dilnychnyi:unknown-address")


def test_the_schema_is_served_and_its_page_asks_no_other_host(world: World, client: Client) -> None:
    schema = client.get("/api/schema/")
    assert schema.status_code == 200
    assert b"/api/v1/lookup/" in schema.content
    assert b"http" not in client.get("/api/docs/").content.replace(b"http://testserver", b"")


@pytest.fixture
def listed(world: World, street: Street) -> World:
    """Вул. Перша, 12а stands in the middle square, and the list of streets gives it to the north."""
    House.objects.create(street=street, number="14", location=world.in_mid)
    House.objects.create(street=street, number="16", location=world.outside)
    record(world, "Дільниця 1: вул. Перша: 12А, 16", LONG_AGO)
    return world


def record(world: World, text: str, at: datetime.datetime = NOON) -> None:
    record_territories(
        city=world.city,
        compiled=compile_reading(world.city, read_text(text)),
        source="test",
        sha256="",
        recorded_at=at,
        recorded_by="test",
    )


@pytest.mark.parametrize(
    ("query", "district", "rule"),
    [
        ("city=kvadraty&address=Перша, 12А", "1", "territory_list"),
        ("city=kvadraty&address=Перша, 14", "2", "polygon"),
        ("city=kvadraty&address=Перша, 16", "1", "territory_list"),
        ("city=kvadraty&lat=49.995&lon=25.015", "2", "polygon"),
    ],
)
def test_the_list_of_streets_decides_for_an_address_and_the_polygon_for_a_point(
    listed: World, client: Client, query: str, district: str, rule: str
) -> None:
    body = ask(client, query).json()
    assert (body["district"]["code"], body["rule"]) == (district, rule)


def test_a_rule_of_a_district_without_a_polygon_decides_too(listed: World, client: Client) -> None:
    record(listed, "Дільниця 77: вул. Перша")
    body = ask(client, "city=kvadraty&address=Перша, 12А").json()
    assert (body["district"]["code"], body["rule"], body["edition"]["number"]) == ("77", "territory_list", 1)


def test_a_house_that_is_not_known_follows_the_list_and_the_answer_says_so(listed: World, client: Client) -> None:
    record(listed, "Дільниця 1: вул. Перша: 1–20; вул. Перша: 40\nДільниця 2: вул. Перша: 40")
    body = ask(client, "city=kvadraty&address=Перша, 7").json()
    assert (body["district"]["code"], body["rule"]) == ("1", "territory_list")
    address = body["address"]
    assert (address["house"], address["match"], address["sure"]) == ("7", "listed", True)
    assert (address["lat"], address["lon"]) == (None, None)
    assert body["border"] == {"distance_m": None, "neighbours": []}


@pytest.mark.parametrize("number", [30, 40])
def test_a_house_that_no_rule_or_two_rules_name_stays_a_choice_of_its_neighbours(
    listed: World, client: Client, number: int
) -> None:
    record(listed, "Дільниця 1: вул. Перша: 1–20; вул. Перша: 40\nДільниця 2: вул. Перша: 40")
    response = ask(client, f"city=kvadraty&address=Перша, {number}")
    assert response.status_code == 300
    assert {each["match"] for each in response.json()["candidates"]} == {"nearest"}


@pytest.mark.parametrize("asked", ["Перша, 7", "вулиця Пепша, 7"])
def test_a_list_does_not_answer_where_the_street_is_in_question(listed: World, client: Client, asked: str) -> None:
    if "Пепша" not in asked:
        Street.objects.create(city=listed.city, name_uk="провулок Перша")
        record(listed, "Дільниця 1: вул. Перша; пров. Перша")
    response = ask(client, f"city=kvadraty&address={asked}")
    assert response.status_code == 300
    assert response.json()["candidates"][0]["sure"] is False
