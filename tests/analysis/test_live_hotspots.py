"""Hotspots and changes of live cells: found where letters gather, of what the reader may see, and never more."""

import datetime
import json
import random

import pytest
import shapely
from django.test import Client

from analysis.models import CellCount
from tests.analysis.letters import Sent, accepted, give_houses
from tests.appeals.conftest import Office, user_with_role
from tests.world import NOON

CORNER = (25.0031, 49.9931)
HOTSPOTS, CHANGES = "/api/v1/analysis/hotspots/", "/api/v1/analysis/changes/"


def scattered(n: int, *, at: datetime.datetime = NOON, seed: int = 1) -> list[Sent]:
    """Letters from anywhere in the three districts."""
    chance = random.Random(seed)
    return [
        Sent(place=(25 + 0.01 * each + chance.uniform(0.0001, 0.0099), 49.99 + chance.uniform(0.0001, 0.0099)),
             at=at, district=str(each + 1))
        for each in (number % 3 for number in range(n))
    ]  # fmt: skip


def gathered(n: int, *, at: datetime.datetime = NOON) -> list[Sent]:
    """Letters from one place of the northern district."""
    return [Sent(place=CORNER, at=at) for _ in range(n)]


@pytest.fixture
def supervisor(office: Office, client: Client) -> Client:
    """Signed in as the supervisor."""
    client.force_login(office.supervisor)
    return client


def ask(client: Client, address: str, office: Office, **query: str) -> dict:
    """The answer as JSON."""
    response = client.get(address, {"city": office.world.city.slug, **query})
    assert response.status_code == 200, response.content
    assert response["Cache-Control"] == "no-store, private"
    return json.loads(response.content)


def test_a_hotspot_is_where_letters_gather(office: Office, supervisor: Client) -> None:
    accepted(office, [*scattered(60), *gathered(25)])
    found = ask(supervisor, HOTSPOTS, office)
    assert found["metadata"]["verdict"] == "found"
    assert found["metadata"]["letters"] == 85
    [spot] = found["features"]
    assert shapely.from_geojson(json.dumps(spot["geometry"])).contains(shapely.Point(*CORNER))
    told = spot["properties"]
    assert (told["rank"], told["letters"] >= 25, told["times"] > 2) == (1, True, True)
    assert told["hot_in_resamples"] > 0.9
    assert found["metadata"]["side_m"] == pytest.approx(196, abs=3)


def test_the_same_letters_give_the_same_answer(office: Office, supervisor: Client) -> None:
    accepted(office, [*scattered(60), *gathered(12)])
    assert ask(supervisor, HOTSPOTS, office) == ask(supervisor, HOTSPOTS, office)


def test_too_few_letters_are_said_to_be_too_few(office: Office, supervisor: Client) -> None:
    accepted(office, gathered(19))
    found = ask(supervisor, HOTSPOTS, office)
    assert (found["metadata"]["verdict"], found["features"]) == ("few", [])


def test_letters_from_anywhere_make_no_hotspot(office: Office, supervisor: Client) -> None:
    accepted(office, scattered(90))
    assert ask(supervisor, HOTSPOTS, office)["metadata"]["verdict"] == "none"


def test_an_officer_is_told_of_the_own_district_alone(office: Office, client: Client) -> None:
    accepted(office, [*scattered(60), *gathered(15), *(Sent(place=(25.025, 49.995), district="3") for _ in range(30))])
    client.force_login(office.officer)
    found = ask(client, HOTSPOTS, office)
    seen = CellCount.objects.visible_to(office.officer).placed().letters()
    assert found["metadata"]["letters"] == seen
    north = shapely.box(24.998, 49.988, 25.012, 50.002)
    assert found["features"]
    for spot in found["features"]:
        assert north.contains(shapely.from_geojson(json.dumps(spot["geometry"])))


def test_letters_kept_from_the_officer_make_no_hotspot_for_them(office: Office, client: Client) -> None:
    kept = [Sent(place=CORNER, kept=True) for _ in range(40)]
    accepted(office, [*(sent for sent in scattered(60) if sent.district == "1"), *kept])
    client.force_login(office.officer)
    assert ask(client, HOTSPOTS, office)["metadata"]["letters"] == 20
    client.force_login(office.supervisor)
    assert ask(client, HOTSPOTS, office)["metadata"]["letters"] == 60


def test_many_addresses_explain_many_letters(office: Office, supervisor: Client) -> None:
    give_houses(office.world, 50)
    accepted(office, [*scattered(120), *gathered(14)])
    found = {per: ask(supervisor, HOTSPOTS, office, per=per)["metadata"] for per in ("area", "address")}
    assert {per: each["by_chance"] for per, each in found.items()} == {"area": "area", "address": "addresses"}
    assert found["area"]["verdict"] == "found"


def test_categories_and_days_are_those_asked_for(office: Office, supervisor: Client) -> None:
    later = NOON + datetime.timedelta(days=40)
    accepted(office, [*scattered(30), *scattered(24, at=later, seed=2)])
    first = later.date().isoformat()
    assert ask(supervisor, HOTSPOTS, office, **{"from": first})["metadata"]["letters"] == 24
    assert ask(supervisor, HOTSPOTS, office, category="traffic")["metadata"]["letters"] == 0


def test_a_change_says_where_letters_became_more_and_fewer(office: Office, supervisor: Client) -> None:
    earlier = NOON - datetime.timedelta(days=30)
    other = (25.0271, 49.9971)
    quiet = [Sent(place=other, at=earlier, district="3") for _ in range(30)]
    accepted(office, [*scattered(30, at=earlier), *quiet, *scattered(30, seed=2), *gathered(30)])
    period = {"from": (NOON.date() - datetime.timedelta(days=29)).isoformat(), "to": NOON.date().isoformat()}
    found = ask(supervisor, CHANGES, office, **period)
    directions = {each["properties"]["direction"]: each for each in found["features"]}
    for direction, place in (("more", CORNER), ("fewer", other)):
        shape = shapely.from_geojson(json.dumps(directions[direction]["geometry"]))
        assert shape.contains(shapely.Point(*place)), direction
    assert found["metadata"]["letters_before"] == 60
    assert directions["more"]["properties"]["after"] > directions["more"]["properties"]["before"]


def test_last_year_is_compared_weekday_by_weekday(office: Office, supervisor: Client) -> None:
    accepted(office, scattered(30))
    found = ask(supervisor, CHANGES, office, compare="year", **{"from": "2026-06-01", "to": "2026-06-07"})
    assert found["metadata"]["before"] == ["2025-06-02", "2025-06-08"]


@pytest.mark.parametrize(
    ("address", "query"),
    [
        (HOTSPOTS, {"per": "mile"}),
        (CHANGES, {}),
        (CHANGES, {"from": "2026-01-01", "to": "2026-02-01", "compare": "x"}),
        (CHANGES, {"from": "2024-01-01", "to": "2026-02-01", "compare": "year"}),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    office: Office, supervisor: Client, address: str, query: dict[str, str]
) -> None:
    response = supervisor.get(address, {"city": office.world.city.slug, **query})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("role", ["analyst", "moderator", "coordinator"])
def test_who_reads_no_letters_is_told_nothing_of_them(office: Office, client: Client, role: str) -> None:
    client.force_login(user_with_role(office.world, role, "somebody@example.org"))
    for address in (HOTSPOTS, CHANGES):
        assert client.get(address, {"city": office.world.city.slug, "of": "live"}).status_code == 403
