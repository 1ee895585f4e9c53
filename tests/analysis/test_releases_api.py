"""Releases over the API: for analysts, whole areas and whole periods, told as they were masked."""

import datetime
from typing import Any

import pytest

from analysis.closing import close_due
from people.models import User
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_api import ask, body
from tests.analysis.test_closing import LATE, june
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import later

HERE = {"from": "2026-06-01", "to": "2026-06-30"}
DV = "domestic-violence"


@pytest.fixture
def analyst(office: Office) -> User:
    """An analyst of the training city, whose June and July were released."""
    give_houses(office.world, 60)
    accepted(office, [Sent()] * 6 + [Sent(category="traffic"), Sent((25.0251, 49.9921), district="3", at=june(2, 20))])
    accepted(office, [Sent(at=later(days=31))] * 2 + [Sent(category=DV)] * 5)
    close_due(now=LATE)
    return user_with_role(office.world, "analyst", "analyst@example.org")


def told(collection: dict[str, Any]) -> list[tuple[int, int]]:
    """Return the spans of the areas with letters, the largest first."""
    spans = [(f["properties"]["at_least"], f["properties"]["at_most"]) for f in collection["features"]]
    return sorted((span for span in spans if span != (0, 0)), reverse=True)


def test_an_analyst_sees_areas_with_their_homes_and_how_they_were_made(analyst: User) -> None:
    collection = body(ask(analyst, "api-heatmap", category="noise", **HERE))
    assert told(collection) == [(6, 6), (1, 4)]
    areas = collection["features"]
    assert all(area["properties"]["addresses"] >= 8 for area in areas)
    assert {area["geometry"]["type"] for area in areas} == {"MultiPolygon"}
    assert len({area["id"] for area in areas}) == len(areas) > 6
    metadata = collection["metadata"]
    assert (metadata["of"], metadata["topics"], metadata["periods"]) == ("releases", "ordinary", ["2026-06"])
    assert (metadata["categories"], metadata["small_counts"]) == (["noise"], "1-4")
    assert metadata["areas"]["addresses_at_least"] == 8
    assert metadata["areas"]["known_addresses"] == 180


def test_sums_add_what_was_told_and_nothing_else(analyst: User) -> None:
    """6 in June and 1-4 in July are 7 to 10; with another category of 1-4 they are 8 to 14."""
    both = {"from": "2026-06-01", "to": "2026-07-31"}
    assert told(body(ask(analyst, "api-heatmap", category="noise", **both)))[0] == (7, 10)
    assert told(body(ask(analyst, "api-heatmap", category=["noise", "traffic"], **both)))[0] == (8, 14)


@pytest.mark.parametrize(
    "days", [{"from": "2026-06-02"}, {"to": "2026-06-29"}, {"from": "2026-06-10", "to": "2026-06-20"}]
)
def test_part_of_a_period_is_no_period(analyst: User, days: dict[str, str]) -> None:
    assert "2026-06" not in body(ask(analyst, "api-heatmap", **days))["metadata"]["periods"]


def test_a_box_and_a_zoom_choose_whole_areas(analyst: User) -> None:
    everything = {f["id"]: f for f in body(ask(analyst, "api-heatmap", **HERE))["features"]}
    near = body(ask(analyst, "api-heatmap", bbox="25.0049,49.9949,25.0051,49.9951", zoom="18", **HERE))["features"]
    assert 0 < len(near) < len(everything)
    assert all(feature == everything[feature["id"]] for feature in near)


def test_protected_topics_have_their_own_areas_and_quarters(analyst: User) -> None:
    collection = body(ask(analyst, "api-heatmap", category=DV))
    assert told(collection) == [(5, 5)]
    assert collection["metadata"]["periods"][0] == "2026-Q2"
    assert all(f["properties"]["addresses"] == 60 for f in collection["features"]), "one area a district: 60 homes"
    assert {f["properties"]["coarse_because"] for f in collection["features"]} == {"few_addresses"}
    mixed = ask(analyst, "api-heatmap", category=[DV, "noise"])
    assert (mixed.status_code, mixed.json()["type"]) == (400, "urn:dilnychnyi:bad-filter")
    assert ask(analyst, "api-heatmap", category="noise", topics="protected").status_code == 400
    assert ask(analyst, "api-heatmap", topics="everything").status_code == 400


def test_hours_of_ordinary_topics_are_by_district_and_month(analyst: User) -> None:
    answer = ask(analyst, "api-hours", category="noise", **HERE).json()
    assert answer["hours"] == [
        {"weekday": 1, "hour": 12, "at_least": 6, "at_most": 6},
        {"weekday": 2, "hour": 23, "at_least": 1, "at_most": 4},
    ]
    one = ask(analyst, "api-hours", district="3", **HERE).json()
    assert [hour["weekday"] for hour in one["hours"]] == [2]


def test_hours_of_protected_topics_are_four_parts_of_the_day_of_the_whole_city(analyst: User) -> None:
    answer = ask(analyst, "api-hours", topics="protected").json()
    assert answer["parts"] == [{"part": "afternoon", "at_least": 5, "at_most": 5}]
    assert (answer["periods"], answer["categories"]) == (["2026"], [DV])
    assert ask(analyst, "api-hours", topics="protected", district="1").status_code == 400
    assert ask(analyst, "api-hours", topics="protected", **HERE).json()["parts"] == []


def test_the_export_of_areas_is_the_same_as_a_file(analyst: User) -> None:
    response = ask(analyst, "api-export", format="geojson", what="areas", category="noise", **HERE)
    assert response["Content-Disposition"] == 'attachment; filename="navchannia-areas.geojson"'
    exported, shown = body(response), body(ask(analyst, "api-heatmap", category="noise", **HERE))
    assert exported["features"] == shown["features"]


def test_officers_and_supervisors_see_live_counts_and_may_ask_for_releases(analyst: User, office: Office) -> None:
    assert "cell" in body(ask(office.supervisor, "api-heatmap"))["features"][0]["properties"]
    assert told(body(ask(office.supervisor, "api-heatmap", of="releases", category="noise", **HERE))) == [
        (6, 6),
        (1, 4),
    ]
    live = ask(office.supervisor, "api-hours", **HERE).json()
    assert live["of"] == "live"
    assert {"weekday": 1, "hour": 12, "letters": 12} in live["hours"]
    own = ask(office.officer, "api-hours", **HERE).json()["hours"]
    assert all(hour["weekday"] == 1 for hour in own), "the letter of Tuesday is from another district"
    assert ask(office.officer, "api-hours", of="everything").status_code == 400


def test_an_analyst_sees_neither_live_counts_nor_another_city(analyst: User) -> None:
    assert ask(analyst, "api-heatmap", of="live").status_code == 403
    assert ask(analyst, "api-hours", of="live").status_code == 403
    assert ask(analyst, "api-heatmap", city="kvadraty").status_code == 404


def test_before_anything_is_released_the_answer_is_empty(office: Office) -> None:
    analyst = user_with_role(office.world, "analyst", "analyst@example.org")
    collection = body(ask(analyst, "api-heatmap"))
    assert (collection["features"], collection["metadata"]["periods"]) == ([], [])
    assert ask(analyst, "api-hours").json()["hours"] == []


def test_releases_over_older_areas_are_named_and_left_out_of_a_map(analyst: User, office: Office) -> None:
    give_houses(office.world, 40, seed=2)
    accepted(office, [Sent(at=LATE)])
    close_due(now=LATE + datetime.timedelta(days=60))
    metadata = body(ask(analyst, "api-heatmap", **{"from": "2026-06-01", "to": "2027-02-28"}))["metadata"]
    assert metadata["areas"]["plan"] == 2
    assert metadata["periods"] == ["2027-01", "2027-02"]
    assert metadata["left_out"][0] == "2026-06"
