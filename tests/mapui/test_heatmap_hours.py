"""The heatmap by weekdays and hours: districts alone, whole months, and none of sensitive topics."""

import datetime

import pytest
from django.test import Client

from people.models import User
from tests.analysis.letters import Sent, accepted
from tests.appeals.conftest import Office, user_with_role
from tests.mapui.heatmap_pages import DV, PAGE, on_map, release_june, words
from tests.world import NOON


@pytest.fixture
def analyst(office: Office, english: Client) -> User:
    """An analyst of the training city, signed in."""
    user = user_with_role(office.world, "analyst", "analyst@example.org")
    english.force_login(user)
    return user


def test_hours_colour_districts_and_say_why(office: Office, english: Client) -> None:
    accepted(office, [Sent(at=NOON)] * 4 + [Sent(at=NOON + datetime.timedelta(hours=9))] * 2)
    english.force_login(office.supervisor)
    noon = {"weekday": "1", "hour_from": "12", "hour_to": "13"}
    page = words(english, **noon)
    assert "4 letters at these hours" in page
    assert "so that nobody sees the place and the hour of a letter together" in page
    assert "By square" not in page
    assert "Hotspots" not in page
    assert on_map(english, per="letters", **noon)["districts"]["1"] == {"value": 4, "words": "North: letters 4"}
    assert "data-source" not in english.get(PAGE, noon).text
    context = english.get(PAGE, noon).context
    assert [(dot.hour, dot.chosen) for dot in context["week"]["dots"]] == [(12, True), (21, False)]
    assert [bar.most for bar in context["trend"]["bars"]] == [4], "by month"


def test_an_officer_sees_hours_of_no_other_district(office: Office, english: Client) -> None:
    accepted(office, [Sent((25.0251, 49.9921), district="3")] * 4)
    english.force_login(office.officer)
    assert set(on_map(english, weekday="1")["districts"]) == {"1"}


def test_sensitive_topics_have_no_hours(office: Office, english: Client) -> None:
    accepted(office, [Sent(category=DV)] * 5 + [Sent()])
    english.force_login(office.supervisor)
    refused = words(english, category=DV, weekday="1")
    assert "Hours of sensitive topics are shown for no district: every hour is counted." in refused
    assert "5 letters" in refused
    assert "1 letter at these hours" in words(english, category=[DV, "noise"], weekday="1")
    assert "1 letter at these hours" in words(english, weekday="1")


def test_an_analyst_sees_hours_by_district_and_none_of_sensitive_topics(
    office: Office, english: Client, analyst: User
) -> None:
    release_june(office)
    assert "6 letters at these hours" in words(english, weekday="1", hour_from="12", hour_to="13")
    assert on_map(english, weekday="1", per="letters")["districts"]["1"]["value"] == 6
    assert on_map(english, weekday="2", per="letters")["districts"]["3"]["words"] == "South: letters 1–4"
    for query in ({"topics": "protected"}, {"category": DV}):
        page = words(english, weekday="1", **query)
        assert "Hours of sensitive topics are shown for no district" in page
        assert "Sensitive topics have no weekdays and hours here" in page
        assert on_map(english, weekday="1", **query)["districts"] == {}


def test_hours_are_compared_by_whole_months(office: Office, english: Client) -> None:
    accepted(office, [Sent(at=NOON)] * 4 + [Sent(at=NOON - datetime.timedelta(days=7))] * 3)
    english.force_login(office.supervisor)
    page = words(english, compare="before", weekday="1", **{"from": "2026-06-10", "to": "2026-06-20"})
    assert "Letters: 4; from 05/01/2026 to 05/31/2026: 3." in page


def test_a_wrong_hour_is_told(office: Office, english: Client) -> None:
    english.force_login(office.supervisor)
    assert "“hour_from” must be a whole number from 0 to 23." in words(english, hour_from="25")
