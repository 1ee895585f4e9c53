"""Whatever an analyst asks, in whatever order: worlds that differ in what a release hides answer alike.

Two cities have the same streets, houses and districts. In one lie some letters; in the other the same letters with
other places within their areas, other days within their periods, other hours beside the places, other small counts,
other kept letters, and letters that were accepted late. If no answer tells the two apart, then no sequence of answers
does, however they are added, subtracted or cut: nothing finer than the release can be derived (docs/adr/0016).
"""

import datetime
import json
import random
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.closing import close_due
from analysis.drawing import plan_for
from analysis.models import Sensitivity
from people.models import Membership, User
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.worlds import DV, ORDINARY, Areas, another_world, some_letters
from tests.appeals.conftest import Office, build_office
from tests.world import LONG_AGO, NOON

LATE = datetime.datetime(2027, 2, 1, 3, 0, tzinfo=datetime.UTC)
SLUGS = ("odna", "druha")

days = st.dates(datetime.date(2026, 4, 1), datetime.date(2027, 1, 31)).map(str)
edges = st.floats(-0.005, 0.035)
boxes = st.tuples(edges, edges, edges, edges).map(
    lambda e: f"{25 + min(e[:2]):.5f},{49.985 + min(e[2:]):.5f},{25 + max(e[:2]):.5f},{49.985 + max(e[2:]):.5f}"
)
asked = st.fixed_dictionaries(
    {},
    optional={
        "from": days,
        "to": days,
        "bbox": boxes,
        "zoom": st.integers(0, 24).map(str),
        "category": st.lists(st.sampled_from([*ORDINARY, DV, "other", "unknown"]), min_size=1, max_size=3),
        "topics": st.sampled_from(["ordinary", "protected"]),
        "district": st.sampled_from(["1", "2", "3", "4"]),
        "of": st.sampled_from(["live", "releases"]),
        "weekday": st.lists(st.integers(1, 7).map(str), min_size=1, max_size=3),
        "hour_from": st.integers(0, 23).map(str),
        "hour_to": st.integers(1, 24).map(str),
        "per": st.sampled_from(["area", "address", "resident"]),
        "compare": st.sampled_from(["before", "year"]),
        "sort": st.sampled_from(["district", "-letters", "-before", "area"]),
    },
)
calls = st.tuples(
    st.sampled_from(
        [("api-heatmap", {}), ("api-hours", {}), ("api-export", {"format": "geojson", "what": "areas"}),
         ("api-export", {"format": "geojson", "what": "cells"}), ("staff_heatmap", {})]
    ),
    asked,
)  # fmt: skip


@dataclass(frozen=True)
class Twins:
    """Two cities that differ in nothing, their areas, and an analyst of both."""

    offices: tuple[Office, Office]
    areas: Areas
    client: Client

    def answers(self, name: str, query: dict[str, Any]) -> list[tuple[int, Any]]:
        """Ask both cities the same."""
        return [self._answer(office, name, query) for office in self.offices]

    def _answer(self, office: Office, name: str, query: dict[str, Any]) -> tuple[int, Any]:
        slug = office.world.city.slug
        if name == "staff_heatmap":
            return self._page(slug, query)
        answer: Any = self.client.get(reverse(name), {"city": slug} | query)
        words = (b"".join(answer) if answer.streaming else answer.content).decode().replace(slug, "city")
        told = json.loads(words)
        told.get("metadata", {}).pop("made_at", None)
        told.get("metadata", {}).get("areas") and told["metadata"]["areas"].pop("drawn_at")
        return answer.status_code, told

    def _page(self, slug: str, query: dict[str, Any]) -> tuple[int, Any]:
        """What the page says between its head and its foot, but for the minute at which it would be printed."""
        answer: Any = self.client.get(reverse("staff_heatmap", args=[slug]), query)
        main = re.search(r"<main.*</main>", answer.text.replace(slug, "city"), re.DOTALL)
        words = re.sub(r'<p class="print-only">.*?</p>', "", main[0] if main else "", flags=re.DOTALL)
        return answer.status_code, {"page": words}


@pytest.fixture
def twins(db: None) -> Twins:
    """Two cities of 60 and more houses in each district, their areas drawn."""
    analyst = User.objects.create_user("analyst@example.org")
    offices, plans = [], []
    for slug in SLUGS:
        office = build_office(slug)
        give_houses(office.world, 240)
        Membership.objects.create(user=analyst, city=office.world.city, role="analyst")
        plans.append([plan_for(office.world.city, each, at=NOON, now=LONG_AGO) for each in Sensitivity])
        offices.append(office)
    ordinary, protected = plans[0]
    assert ordinary and protected and protected.areas.count() > 3
    client = Client()
    client.force_login(analyst)
    return Twins((offices[0], offices[1]), Areas.read(ordinary, protected), client)


def attack(twins: Twins, seed: int, sequence: list[Any]) -> None:
    """Fill both cities, release, and ask both everything."""
    chance = random.Random(seed)
    with transaction.atomic():
        letters = some_letters(chance)
        for office, written in zip(twins.offices, (letters, another_world(letters, twins.areas, chance)), strict=True):
            accepted(office, written)
            close_due(now=LATE, city=office.world.city)
        accepted(twins.offices[1], [Sent()] * 7 + [Sent(category=DV)] * 7)
        for (name, usual), query in sequence:
            first, second = twins.answers(name, usual | query)
            assert first == second, (name, query)
            for area in first[1].get("features", []):
                assert area["properties"]["addresses"] >= (100 if first[1]["metadata"]["topics"] == "protected" else 8)
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), sequence=st.lists(calls, min_size=1, max_size=8))
def test_no_answers_tell_worlds_apart_that_a_release_does_not(twins: Twins, seed: int, sequence: list[Any]) -> None:
    attack(twins, seed, sequence)


EVERYTHING = [
    (("api-heatmap", {}), {"category": [each]} | days)
    for each in (*ORDINARY, DV)
    for days in ({}, {"from": "2026-06-01", "to": "2026-06-30"}, {"from": "2026-07-01", "to": "2026-09-30"})
] + [(("api-hours", {}), {"category": [each]}) for each in (*ORDINARY, DV)]
PAGES = [(("staff_heatmap", {}), {"category": [each]}) for each in (*ORDINARY, DV)]


def test_the_worlds_differ_in_what_is_hidden_and_a_laxer_mask_would_show_it(twins: Twins) -> None:
    """The attack itself works: where small counts are told as they are, it tells the two worlds apart."""
    attack(twins, 1, EVERYTHING)
    with override_settings(RELEASE_SMALL_COUNT=1), pytest.raises(AssertionError, match="api-"):
        attack(twins, 1, EVERYTHING)
    attack(twins, 1, PAGES)
    with override_settings(RELEASE_SMALL_COUNT=1), pytest.raises(AssertionError, match="staff_heatmap"):
        attack(twins, 1, PAGES)
    with pytest.raises(AssertionError, match="api-"):
        attack_live(twins)


def attack_live(twins: Twins) -> None:
    """Let the analyst supervise, and ask for live counts of the same two worlds."""
    user = User.objects.get(email="analyst@example.org")
    for office in twins.offices:
        Membership.objects.create(user=user, city=office.world.city, role="supervisor")
    attack(twins, 1, [(("api-heatmap", {}), {})])


@pytest.mark.prove
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), sequence=st.lists(calls, min_size=40, max_size=40))
def test_ten_thousand_attempts_tell_no_worlds_apart(twins: Twins, seed: int, sequence: list[Any]) -> None:
    attack(twins, seed, sequence)
