"""Hotspots of releases: whole areas, no counts, and the same whenever what was released is the same."""

import json
import random

import pytest
import shapely
from django.test import Client

from analysis.closing import close_due
from analysis.models import ReleaseArea
from people.models import User
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_closing import LATE
from tests.appeals.conftest import Office, user_with_role

PLACE = (25.0031, 49.9931)
JUNE = {"from": "2026-06-01", "to": "2026-06-30"}


@pytest.fixture
def analyst(office: Office) -> User:
    """An analyst of a city with a place where letters gather; June was released."""
    give_houses(office.world, 150)
    chance = random.Random(3)
    accepted(office, [Sent(place=PLACE) for _ in range(20)])
    accepted(
        office,
        [
            Sent(
                place=(25 + 0.01 * each + chance.uniform(0.0001, 0.0099), 49.99 + chance.uniform(0.0001, 0.0099)),
                district=str(each + 1),
            )
            for each in (number % 3 for number in range(30))
        ],
    )
    close_due(now=LATE)
    return user_with_role(office.world, "analyst", "analyst@example.org")


def ask(client: Client, office: Office, **query: str) -> dict:
    """The answer as JSON."""
    response = client.get("/api/v1/analysis/hotspots/", {"city": office.world.city.slug, **query})
    assert response.status_code == 200, response.content
    return json.loads(response.content)


@pytest.mark.parametrize("per", ["area", "address"])
def test_an_analyst_is_told_whole_areas_with_a_rank_and_no_count(
    office: Office, analyst: User, client: Client, per: str
) -> None:
    client.force_login(analyst)
    found = ask(client, office, per=per, **JUNE)
    assert found["metadata"]["verdict"] == "found"
    [spot] = found["features"]
    assert spot["properties"] == {"rank": 1, "class": "very_sure", "p": spot["properties"]["p"]}
    assert 0 < spot["properties"]["p"] <= 0.001
    shape = shapely.from_geojson(json.dumps(spot["geometry"]))
    assert shape.contains(shapely.Point(*PLACE))
    areas = [shapely.from_wkb(bytes(each.wkb)) for each in ReleaseArea.objects.values_list("shape", flat=True)]
    whole = [each for each in areas if each.intersection(shape).area > each.area / 2]
    assert shape.symmetric_difference(shapely.union_all(whole)).area < 1e-8, "but for the seventh decimal"


def test_what_was_released_too_little_tells_nothing(office: Office, analyst: User, client: Client) -> None:
    client.force_login(analyst)
    assert ask(client, office, category="traffic", **JUNE)["metadata"]["verdict"] == "few"
    assert ask(client, office, topics="protected")["features"] == []
    assert ask(client, office, to="2020-01-01")["metadata"]["verdict"] == "few"


def test_letters_after_the_release_change_nothing(office: Office, analyst: User, client: Client) -> None:
    client.force_login(analyst)
    before = ask(client, office, **JUNE)
    accepted(office, [Sent(place=(25.0251, 49.9921), district="3") for _ in range(50)])
    assert ask(client, office, **JUNE) == before


def test_a_supervisor_may_ask_for_both(office: Office, analyst: User, client: Client) -> None:
    client.force_login(office.supervisor)
    assert "letters" in ask(client, office)["features"][0]["properties"]
    [spot] = ask(client, office, of="releases", **JUNE)["features"]
    assert (spot["properties"]["rank"], spot["properties"]["class"]) == (1, "very_sure")
