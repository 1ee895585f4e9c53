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
from urllib.parse import urlencode

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
from tests.analysis.files import read_file
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_exports import FORMATS
from tests.analysis.test_tokens import token_of
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
        [("api-heatmap", {}), ("api-hours", {}), ("api-hotspots", {}), ("staff_heatmap", {}), ("staff_exports", {}),
         *(("api-export", {"format": form, "what": what}) for form in FORMATS for what in ("areas", "hotspots")),
         ("api-export", {"format": "csv", "what": "districts"}), ("api-export", {"format": "geojson", "what": "cells"}),
         *(("ogc-items", {"collection": name}) for name in ("areas", "sensitive-areas"))]
    ),
    asked,
)  # fmt: skip
PAGES = ("staff_heatmap", "staff_exports")


@dataclass(frozen=True)
class Twins:
    """Two cities that differ in nothing, their areas, and an analyst of both: signed in, and with a token for each."""

    offices: tuple[Office, Office]
    areas: Areas
    client: Client
    scripts: tuple[Client, Client]

    def answers(self, name: str, query: dict[str, Any]) -> list[tuple[int, Any]]:
        """Ask both cities the same."""
        return [
            self._answer(office, script, name, query) for office, script in zip(self.offices, self.scripts, strict=True)
        ]

    def _answer(self, office: Office, script: Client, name: str, query: dict[str, Any]) -> tuple[int, Any]:
        slug = office.world.city.slug
        if name in PAGES:
            return self._page(name, slug, query)
        if name == "ogc-items":
            return self._features(script, query)
        answer: Any = self.client.get(reverse(name), {"city": slug} | query)
        content = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code == 200 and name == "api-export":
            read = read_file(query["format"], content)
            told: Any = {"rows": read.rows, "shapes": [shape.wkb for shape in read.shapes], "metadata": read.about}
        else:
            told = json.loads(content)
        told = _without(told, slug)
        return answer.status_code, told

    def _features(self, script: Client, query: dict[str, Any]) -> tuple[int, Any]:
        """What a program reads with its token, all pages; a day range is how OGC asks for days."""
        days = f"{query.get('from', '..')}/{query.get('to', '..')}"
        asked = {"datetime": days, "limit": 7} | {name: query[name] for name in ("bbox",) if name in query}
        address, told = f"{reverse('ogc-items', args=[query['collection']])}?{urlencode(asked)}", []
        while address:
            answer: Any = script.get(address)
            if answer.status_code != 200:
                return answer.status_code, answer.json()
            told += [
                {"geometry": each["geometry"], **each["properties"], "city": ""} for each in answer.json()["features"]
            ]
            address = next((link["href"] for link in answer.json()["links"] if link["rel"] == "next"), "")
        return 200, {"areas": told}

    def _page(self, name: str, slug: str, query: dict[str, Any]) -> tuple[int, Any]:
        """What the page says between its head and its foot, but for the minute at which it would be printed."""
        answer: Any = self.client.get(reverse(name, args=[slug]), query)
        main = re.search(r"<main.*</main>", answer.text.replace(slug, "city"), re.DOTALL)
        words = re.sub(r'<p class="print-only">.*?</p>', "", main[0] if main else "", flags=re.DOTALL)
        words = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|tokens/\d+/', "", words)
        return answer.status_code, {"page": words}


def _without(told: Any, slug: str) -> Any:
    """An answer without the city's name and the moments at which it was made and its areas were drawn."""
    if isinstance(told, dict):
        kept = {name: value for name, value in told.items() if name not in {"made_at", "drawn_at"}}
        return {name: _without(value, slug) for name, value in kept.items()}
    if isinstance(told, list):
        return [_without(each, slug) for each in told]
    return told.replace(slug, "city") if isinstance(told, str) else told


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
    texts = [token_of(analyst, office)[1] for office in offices]
    scripts = [Client(headers={"Authorization": f"Bearer {text}"}) for text in texts]
    return Twins((offices[0], offices[1]), Areas.read(ordinary, protected), client, (scripts[0], scripts[1]))


def attack(twins: Twins, seed: int, sequence: list[Any]) -> None:
    """Fill both cities, release, and ask both everything, as fast as one likes: no limit of calls saves a release."""
    chance = random.Random(seed)
    with transaction.atomic(), override_settings(PUBLIC_API_RATE_PER_MINUTE=0):
        letters = some_letters(chance)
        for office, written in zip(twins.offices, (letters, another_world(letters, twins.areas, chance)), strict=True):
            accepted(office, written)
            close_due(now=LATE, city=office.world.city)
        accepted(twins.offices[1], [Sent()] * 7 + [Sent(category=DV)] * 7)
        for (name, usual), query in sequence:
            first, second = twins.answers(name, usual | query)
            assert first == second, (name, query)
            for area in first[1].get("features", []):
                least = 100 if first[1]["metadata"]["topics"] == "protected" else 8
                assert area["properties"].get("addresses", least) >= least
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
HEATMAPS = [(("staff_heatmap", {}), {"category": [each]}) for each in (*ORDINARY, DV)]
FILES = [
    (("api-export", {"format": form, "what": "areas"}), {"category": [each]}) for form in FORMATS for each in ORDINARY
]
FEATURES = [(("ogc-items", {"collection": name}), {}) for name in ("areas", "sensitive-areas")]


def test_the_worlds_differ_in_what_is_hidden_and_a_laxer_mask_would_show_it(twins: Twins) -> None:
    """The attack itself works: where small counts are told as they are, it tells the two worlds apart."""
    attack(twins, 1, EVERYTHING)
    with override_settings(RELEASE_SMALL_COUNT=1), pytest.raises(AssertionError, match="api-"):
        attack(twins, 1, EVERYTHING)
    for calls_of, name in ((HEATMAPS, "staff_heatmap"), (FILES, "api-export"), (FEATURES, "ogc-items")):
        attack(twins, 1, calls_of)
        with override_settings(RELEASE_SMALL_COUNT=1), pytest.raises(AssertionError, match=name):
            attack(twins, 1, calls_of)
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
