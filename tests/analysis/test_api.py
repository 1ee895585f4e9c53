"""The heatmap and the export: whole cells, true counts, and only for whoever reads the letters anyway."""

import json
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appeals import services
from appeals.models import Appeal
from people.models import User
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON


def ask(user: User, name: str, **query: Any) -> Any:
    """GET a named address as a signed-in user."""
    client = Client()
    client.force_login(user)
    return client.get(reverse(name), {"city": "navchannia", **query})


def body(response: Any) -> dict[str, Any]:
    """Read a streamed GeoJSON."""
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    return dict(json.loads(b"".join(response.streaming_content)))


@pytest.fixture
def accepted(office: Office) -> list[Appeal]:
    """Two accepted letters in the north (noise, traffic a day later), one in the south, one not accepted."""
    new_letter(office.world)
    sent = [
        new_letter(office.world),
        new_letter(office.world, category="traffic", received_at=later(days=1)),
        new_letter(office.world, district="3", point=office.world.in_south),
    ]
    return [services.accept(appeal=each.appeal, by=office.supervisor, at=NOON) for each in sent]


def letters(collection: dict[str, Any]) -> list[int]:
    """Return the counts of the cells."""
    return [feature["properties"]["letters"] for feature in collection["features"]]


def test_cells_carry_counts_and_how_they_were_made(office: Office, accepted: list[Appeal]) -> None:
    collection = body(ask(office.supervisor, "api-heatmap"))
    assert letters(collection) == [2, 1]
    assert collection["features"][0]["geometry"]["type"] == "Polygon"
    assert collection["metadata"]["letters"] == 3
    assert letters(body(ask(office.officer, "api-heatmap"))) == [2]


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ({"category": "traffic"}, [1]),
        ({"category": ["traffic", "noise"]}, [2, 1]),
        ({"category": "unknown"}, []),
        ({"from": "2026-06-02"}, [1]),
        ({"to": "2026-06-01"}, [1, 1]),
        ({"zoom": "10"}, [3]),
        ({"bbox": "25,49.99,25.01,50"}, [2]),
    ],
)
def test_filters_narrow_what_is_counted(
    office: Office, accepted: list[Appeal], query: dict[str, Any], counts: list[int]
) -> None:
    collection = body(ask(office.supervisor, "api-heatmap", **query))
    assert letters(collection) == counts
    assert collection["metadata"]["letters"] == sum(counts)


@pytest.mark.parametrize("query", [{"from": "yesterday"}, {"from": "2026-06-02", "to": "2026-06-01"}, {"zoom": "x"}])
def test_a_filter_that_cannot_be_read_is_told(office: Office, query: dict[str, str]) -> None:
    answer = ask(office.supervisor, "api-heatmap", **query)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:dilnychnyi:bad-filter")


@pytest.mark.parametrize("name", ["api-heatmap", "api-export"])
@pytest.mark.parametrize("role", ["moderator", "analyst", "coordinator", "superuser"])
def test_live_cells_are_closed_to_everybody_else(office: Office, accepted: list[Appeal], role: str, name: str) -> None:
    if role == "superuser":
        user = User.objects.create_superuser("root@example.org")
    else:
        user = user_with_role(office.world, role, "other@example.org")
    assert ask(user, name, format="geojson", what="cells", of="live").status_code == 403


def test_an_export_asks_who_is_there_after_a_quarter_of_an_hour(client: Client, office: Office) -> None:
    client.force_login(office.supervisor)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 16 * 60
    session.save()
    query = {"city": "navchannia", "format": "geojson", "what": "cells"}
    answer = client.get(reverse("api-export"), query)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:dilnychnyi:confirm-first")
    assert client.get(reverse("api-heatmap"), query).status_code == 200
