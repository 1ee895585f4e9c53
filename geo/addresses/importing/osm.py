"""Read addresses, streets and settlements from OpenStreetMap files (.osm, .osm.pbf) that a stranger may have made.

A child process parses the file within limits (see `osm_child`) and hands back one line of JSON for every element that
says something; what a line means is decided here.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.utils.translation import gettext as _

from geo.addresses.importing.borders import Borders, SettlementMap
from geo.addresses.importing.rows import HouseRow, Item, Outside, Refusal, SettlementRow, StreetRow, UnreadableAddresses
from geo.models import City, Settlement, StreetName

CHILD = Path(__file__).with_name("osm_child.py")
MAIN = frozenset({"motorway", "trunk", "primary", "secondary"})
PLACES = {
    "city": Settlement.Kind.TOWN,
    "town": Settlement.Kind.TOWN,
    "village": Settlement.Kind.VILLAGE,
    "hamlet": Settlement.Kind.HAMLET,
    "quarter": Settlement.Kind.QUARTER,
    "suburb": Settlement.Kind.QUARTER,
    "neighbourhood": Settlement.Kind.QUARTER,
}
OTHER_NAMES = (
    ("old_name", StreetName.Kind.FORMER),
    ("old_name:uk", StreetName.Kind.FORMER),
    ("alt_name", StreetName.Kind.COLLOQUIAL),
    ("alt_name:uk", StreetName.Kind.COLLOQUIAL),
    ("name:ru", StreetName.Kind.RUSSIAN),
    ("name:en", StreetName.Kind.ENGLISH),
)
"""A tag and the kind of name it holds; a tag may hold several names, with semicolons between."""
RANKS = {"relation": 0, "way": 1, "node": 2}
"""A building is believed before a shop in it that repeats its address."""


@dataclass(frozen=True, slots=True)
class OsmLimits:
    """How much one file may ask of the machine."""

    file_bytes: int = 1_500_000_000
    memory_bytes: int = 4_000_000_000
    cpu_s: int = 900
    wall_s: float = 1200.0


def read_osm(city: City, path: Path, limits: OsmLimits | None = None) -> Iterator[Item]:
    """Yield what the map says within the city's outline (everything, where it has none). Raises UnreadableAddresses."""
    limits = limits or OsmLimits()
    if path.stat().st_size > limits.file_bytes:
        raise UnreadableAddresses(
            _("%(file)s is larger than %(limit)d MB. Cut the city out of it first.")
            % {"file": path.name, "limit": limits.file_bytes // 1_000_000}
        )
    outline = None
    if city.outline:
        outline = shapely.from_wkb(bytes(city.outline.wkb))
        shapely.prepare(outline)
    borders, places = Borders(), set[str]()
    with tempfile.TemporaryFile() as kept:
        # Borders stand at the end of a map, and what lies within them before: it waits on the disk.
        for line in _lines(path, limits):
            found = json.loads(line)
            name = _name(found["tags"])
            kind = PLACES.get(found["tags"].get("place", ""))
            if kind and kind != Settlement.Kind.QUARTER:
                places.add(name)
            if name and kind != Settlement.Kind.QUARTER:
                borders.add(name, found.get("border", ()), is_place=kind is not None)
            if found["at"] and outline is not None and not shapely.contains_xy(outline, *found["at"]):
                yield Outside(_place(found))
            else:
                kept.write(line)
        settlements = borders.of(places)
        kept.seek(0)
        for line in kept:
            yield from _items(json.loads(line), settlements)


def _lines(path: Path, limits: OsmLimits) -> Iterator[bytes]:
    """What the child process found, as it finds it: a line of JSON for every element."""
    with tempfile.TemporaryDirectory(prefix="addresses-") as room:
        request = {"path": str(path.resolve()), "memory_bytes": limits.memory_bytes, "cpu_s": limits.cpu_s}
        process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD), json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=room,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": room, "TMPDIR": room},
            start_new_session=True,
        )
        clock = threading.Timer(limits.wall_s, process.kill)
        clock.start()
        try:
            with process:
                yield from process.stdout or ()
        finally:
            clock.cancel()
            process.kill()
        ended = process.wait()
    if ended:
        raise UnreadableAddresses(
            _("%(file)s cannot be read as OSM: it is damaged, or needs more time or memory than is allowed.")
            % {"file": path.name}
        )


def _items(found: dict[str, Any], settlements: SettlementMap) -> Iterator[Item]:
    place, tags = _place(found), found["tags"]
    line = tuple((lon, lat) for lon, lat in found["line"])
    if not line:
        yield Refusal(place, _text(tags), _("The element has no place: its nodes are not in the file."))
        return
    lon, lat = found["at"]
    name = _name(tags)
    if "highway" in tags and name and found["type"] == "way":
        there = settlements.at(*line[len(line) // 2])
        yield StreetRow(there, name, tags.get("name:en", ""), tags["highway"] in MAIN, tuple(_others(tags)), line)
    elif tags.get("place") in PLACES and name:
        yield SettlementRow(name, PLACES[tags["place"]], tags.get("name:en", ""))
    if "addr:housenumber" in tags:
        street = tags.get("addr:street:uk") or tags.get("addr:street", "")
        there = tags.get("addr:city") or settlements.at(lon, lat)
        if not street:
            there = tags.get("addr:place") or there
        if street or there:
            yield HouseRow(place, there, street, tags["addr:housenumber"], lon, lat, RANKS[found["type"]])
        else:
            yield Refusal(place, _text(tags), _("The address names no street."))


def _place(found: dict[str, Any]) -> str:
    return f"{found['type']}/{found['id']}"


def _name(tags: dict[str, str]) -> str:
    return tags.get("name:uk") or tags.get("name", "")


def _others(tags: dict[str, str]) -> Iterator[tuple[str, str]]:
    for tag, kind in OTHER_NAMES:
        for name in tags.get(tag, "").split(";"):
            if name.strip():
                yield str(kind), name.strip()[:160]


def _text(tags: dict[str, str]) -> str:
    parts = (tags.get(key, "") for key in ("addr:city", "addr:place", "addr:street", "addr:housenumber", "name"))
    return ", ".join(part for part in parts if part)
