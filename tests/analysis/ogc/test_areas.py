"""Release areas in the OGC API: for those who read releases, by a sign-in or a token; whole areas, whole periods."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from analysis.closing import close_due
from analysis.models import Export, Token
from people.models import Membership, User
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.ogc.test_features import pages
from tests.analysis.test_closing import LATE
from tests.analysis.test_releases_api import analyst
from tests.analysis.test_tokens import token_of
from tests.appeals.conftest import Office, build_office, office, user_with_role

__all__ = ["analyst", "office"]
ITEMS = "/ogc/collections/areas/items"


@pytest.fixture
def script(analyst: User, office: Office) -> Client:
    """A program with the analyst's token, and no cookies."""
    _token, text = token_of(analyst, office)
    return Client(headers={"Authorization": f"Bearer {text}"})


def spans(body: dict[str, Any]) -> list[tuple[int, int]]:
    """What was released of areas with letters, the most first."""
    told = [(f["properties"]["at_least"], f["properties"]["at_most"]) for f in body["features"]]
    return sorted((span for span in told if span != (0, 0)), reverse=True)


def test_nobody_sees_areas_without_saying_who_asks(analyst: User, client: Client) -> None:
    listed = client.get("/ogc/collections").json()["collections"]
    assert [each["id"] for each in listed] == ["districts", "stations"]
    for path in ("/ogc/collections/areas", ITEMS, f"{ITEMS}/1"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:dilnychnyi:token-needed")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_who_reads_no_releases_sees_no_areas(analyst: User, office: Office, client: Client) -> None:
    client.force_login(user_with_role(office.world, "moderator", "moderator@example.org"))
    assert client.get(ITEMS).status_code == 403
    _token, live = token_of(office.supervisor, office, Token.Kind.LIVE)
    assert Client(headers={"Authorization": f"Bearer {live}"}).get(ITEMS).status_code == 403


def test_a_token_and_a_sign_in_see_the_same(analyst: User, script: Client, client: Client) -> None:
    client.force_login(analyst)
    for each in (script, client):
        names = [found["id"] for found in each.get("/ogc/collections").json()["collections"]]
        assert names == ["districts", "stations", "areas", "sensitive-areas"]
    first, second = script.get(ITEMS), client.get(ITEMS)
    assert first["Cache-Control"] == second["Cache-Control"] == "no-store, private"
    assert first.json()["features"] == second.json()["features"]
    assert [(use.format, use.what, use.rows) for use in Export.objects.all()] == [
        ("ogc", "areas", first.json()["numberReturned"])
    ]


def test_areas_tell_what_was_released_of_all_their_periods(script: Client) -> None:
    """Six and two letters about noise, one about traffic, in June and July, and one in another place."""
    body = script.get(ITEMS).json()
    assert spans(body) == [(8, 14), (1, 4)]
    one = max(body["features"], key=lambda each: each["properties"]["at_least"])["properties"]
    assert (one["city"], one["district"], one["licence"]) == ("navchannia", "1", "CC-BY-4.0")
    assert one["addresses"] >= 8
    assert one["first_day"] == "2026-06-01"
    sensitive = script.get("/ogc/collections/sensitive-areas/items").json()
    assert spans(sensitive) == [(5, 5)]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-06-15", [(7, 10), (1, 4)]),
        ("2026-06-01/2026-06-30", [(7, 10), (1, 4)]),
        ("2026-07-01/..", [(1, 4)]),
        ("2026-06-30/2026-07-01", [(8, 14), (1, 4)]),
        ("2020-01-01", []),
    ],
)
def test_a_moment_chooses_whole_periods(script: Client, moment: str, told: list[tuple[int, int]]) -> None:
    assert spans(script.get(ITEMS, {"datetime": moment}).json()) == told


def test_a_box_chooses_whole_areas(script: Client) -> None:
    everything = {each["id"]: each for each in script.get(ITEMS).json()["features"]}
    near = script.get(ITEMS, {"bbox": "25.0049,49.9949,25.0051,49.9951"}).json()["features"]
    assert 0 < len(near) < len(everything)
    assert all(each == everything[each["id"]] for each in near)


def test_pages_hold_every_area_once(script: Client) -> None:
    everything = [each["id"] for each in script.get(ITEMS).json()["features"]]
    paged = [each["id"] for body in pages(script, f"{ITEMS}?limit=5") for each in body["features"]]
    assert paged == everything


def test_an_area_has_an_address_of_its_own(script: Client) -> None:
    first = script.get(ITEMS).json()["features"][0]
    found = script.get(f"{ITEMS}/{first['id']}").json()
    assert found["properties"] == first["properties"]


def test_areas_drawn_anew_take_the_place_of_older_ones(script: Client, office: Office) -> None:
    old = script.get(ITEMS).json()
    give_houses(office.world, 40, seed=2)
    accepted(office, [Sent(at=LATE)])
    close_due(now=LATE.replace(month=4))
    new = script.get(ITEMS).json()
    assert spans(new) == [(1, 4)]
    assert {each["id"] for each in old["features"]}.isdisjoint(each["id"] for each in new["features"])
    assert spans(script.get(ITEMS, {"datetime": "2026-06-15"}).json()) == [(7, 10), (1, 4)]
    assert script.get(f"{ITEMS}/{old['features'][0]['id']}").status_code == 200


def test_areas_are_those_of_the_cities_that_one_reads(analyst: User, script: Client, client: Client) -> None:
    other = build_office("druhe", west=26.0)
    give_houses(other.world, 60)
    accepted(other, [Sent((26.005, 49.995))])
    close_due(now=LATE, city=other.world.city)
    client.force_login(analyst)
    assert client.get(ITEMS, {"city": "druhe"}).json()["features"] == []
    Membership.objects.create(user=analyst, city=other.world.city, role="analyst")
    assert client.get(ITEMS, {"city": "druhe"}).json()["features"] != []
    assert script.get(ITEMS, {"city": "druhe"}).json()["features"] == [], "a token is of one city"


READ = """
import json, sys, pyogrio
source = sys.argv[1]
meta, _index, shapes, values = pyogrio.raw.read(source, layer="areas")
print(json.dumps({
    "layers": sorted(name for name, _kind in pyogrio.list_layers(source)),
    "areas": len(shapes),
    "columns": sorted(meta["fields"].tolist()),
    "in_box": len(pyogrio.raw.read(source, layer="areas", bbox=(25.0049, 49.9949, 25.0051, 49.9951))[2]),
}))
"""


def test_gdal_reads_areas_with_a_token(transactional_db: None, live_server: LiveServer, tmp_path: Path) -> None:
    there = build_office()
    give_houses(there.world, 400)
    accepted(there, [Sent()] * 6)
    close_due(now=LATE)
    _token, text = token_of(there.supervisor, there)
    header = tmp_path / "header.txt"
    header.write_text(f"Authorization: Bearer {text}\n")
    done = subprocess.run(
        [sys.executable, "-c", READ, f"OAPIF:{live_server.url}/ogc/"],
        env=os.environ | {"GDAL_HTTP_HEADER_FILE": str(header)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["layers"] == ["areas", "districts", "sensitive-areas", "stations"]
    assert read["areas"] > 100, "more than one page"
    assert {"at_least", "at_most", "area", "district", "city"} <= set(read["columns"])
    assert 0 < read["in_box"] < read["areas"]
