"""The child process that parses an OSM file nobody has looked at yet. Run by `osm`, never imported by it.

It stands alone (no import of the project) and limits its own memory and time before it loads osmium. Usage:
`python -I osm_child.py '{"path": …, "memory_bytes": …, "cpu_s": …}'`; it writes one line of JSON for every element that
has an address, is a named street, place or border: type, id, tags, the point that stands for it, its line; of what
may be a settlement's border the pieces of its outer line too.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

TAGS = (
    "addr:housenumber", "addr:street", "addr:street:uk", "addr:city", "addr:place", "highway", "place",
    "name", "name:uk", "name:en", "name:ru", "old_name", "old_name:uk", "alt_name", "alt_name:uk",
    "boundary",
)  # fmt: skip
MAX_TEXT = 500
MAX_MEMBERS = 2_000
STREETS = frozenset(
    {
        "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
        "pedestrian", "service", "track", "road", "footway", "path", "steps",
        "motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link",
    }
)  # fmt: skip
Line = list[tuple[float, float]]


def main(request: dict[str, Any]) -> None:
    """Read what the request names and print what was found."""
    for limit, amount in (
        (resource.RLIMIT_AS, request["memory_bytes"]),
        (resource.RLIMIT_CPU, request["cpu_s"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (amount, amount))
    path = request["path"]
    with Path(path).open("rb") as file:
        kind = "pbf" if b"OSMHeader" in file.read(64) else "osm"
    for found in read(path, kind):
        sys.stdout.write(json.dumps(found, ensure_ascii=False, allow_nan=False) + "\n")


def read(path: str, kind: str) -> Iterator[dict[str, Any]]:
    """Every element that says something. Relations take their place from member ways, so these are kept at hand."""
    import osmium

    file = osmium.io.File(path, kind)
    wanted: set[int] = set()
    relations: Iterator[Any] = iter(osmium.FileProcessor(file, osmium.osm.RELATION))
    for element in relations:
        if says_something(dict(element.tags)):
            wanted.update(member.ref for member in list(element.members)[:MAX_MEMBERS] if member.type == "w")
    lines: dict[int, Line] = {}
    elements: Iterator[Any] = iter(osmium.FileProcessor(file).with_locations())
    for element in elements:
        tags = {key: value[:MAX_TEXT] for key in TAGS if (value := element.tags.get(key))}
        if element.is_way() and element.id in wanted:
            lines[element.id] = line_of(element)
        if not says_something(tags):
            continue
        if element.is_node():
            name = "node"
            line = [(element.lon, element.lat)] if element.location.valid() else []
        elif element.is_way():
            name, line = "way", line_of(element)
        else:
            name = "relation"
            outer = [m.ref for m in list(element.members)[:MAX_MEMBERS] if m.type == "w" and m.role in {"outer", ""}]
            line = [point for ref in outer for point in lines.get(ref, [])]
        found = {"type": name, "id": element.id, "tags": tags, "at": point_of(line), "line": line}
        if name != "node" and is_border(tags):
            found["border"] = [line] if name == "way" else [lines[ref] for ref in outer if ref in lines]
        yield found


def says_something(tags: dict[str, str]) -> bool:
    """Whether the tags are an address, a named street or a named place."""
    named = "name" in tags or "name:uk" in tags
    return "addr:housenumber" in tags or (named and (tags.get("highway") in STREETS or is_border(tags)))


def is_border(tags: dict[str, str]) -> bool:
    """Whether an area with these tags may be a settlement."""
    return "place" in tags or tags.get("boundary") == "administrative"


def line_of(way: Any) -> Line:
    """The nodes of a way whose places are in the file, as (lon, lat)."""
    return [(node.lon, node.lat) for node in way.nodes if node.location.valid()]


def point_of(line: Line) -> tuple[float, float] | None:
    """The point that stands for an element: the centre of the area it encloses, else the middle of its extent."""
    if not line:
        return None
    doubled = lon = lat = 0.0
    west, south = line[0]
    if line[0] == line[-1]:
        for (x1, y1), (x2, y2) in pairwise(line):
            cross = (x1 - west) * (y2 - south) - (x2 - west) * (y1 - south)
            doubled += cross
            lon += (x1 + x2 - 2 * west) * cross
            lat += (y1 + y2 - 2 * south) * cross
    if abs(doubled) > 1e-14:
        return round(west + lon / (3 * doubled), 7), round(south + lat / (3 * doubled), 7)
    lons, lats = zip(*line, strict=True)
    return round((min(lons) + max(lons)) / 2, 7), round((min(lats) + max(lats)) / 2, 7)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
