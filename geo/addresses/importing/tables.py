"""Read addresses from CSV and from GeoJSON points, row by row."""

import codecs
import csv
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from geo.addresses.importing.rows import HouseColumns, HouseRow, Item, Refusal, UnreadableAddresses
from geo.addresses.parsing import parse_address
from geo.addresses.streets import BY_CODE, StreetName
from geo.lookup import UKRAINE, BadCoordinates, parse_point
from geo.tables import Headings, fold_heading

COLUMNS: Headings = {
    "street": ("вулиця", "назва вулиці", "street name", "addr:street"),
    "house": ("будинок", "номер", "номер будинку", "буд", "№", "number", "house number", "addr:housenumber"),
    "lat": ("latitude", "широта", "y"),
    "lon": ("lng", "long", "longitude", "довгота", "x"),
    "settlement": ("населений пункт", "село", "місто", "city", "place", "addr:city", "addr:place"),
    "address": ("адреса", "addr:full", "full address"),
}
COLUMN_OF = {fold_heading(spelling): column for column, others in COLUMNS.items() for spelling in (column, *others)}
NEEDED = {
    "lat": pgettext_lazy("column", "lat"),
    "lon": pgettext_lazy("column", "lon"),
    "street": pgettext_lazy("column", "street"),
    "house": pgettext_lazy("column", "house"),
}
"""The columns that a table must have, as the reader's language calls them; an address is street and house."""
SAMPLE_BYTES = 65_536
BATCH = 500
"""Rows of a CSV that are looked at together: fewer than the 700 new lists after which Python looks for garbage."""
MAX_GEOJSON_BYTES = 100_000_000
"""GeoJSON is read as a whole and takes ten times its size in memory; CSV and OSM are streamed."""
_WEST, _SOUTH, _EAST, _NORTH = UKRAINE


def read_csv(path: Path) -> Iterator[Item]:
    """Yield the houses of a CSV with a header: street and house, or address; lat and lon; perhaps settlement.

    UTF-8 or Windows-1251, comma, semicolon or tab. Raises UnreadableAddresses.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        separator = _separator(file.read(SAMPLE_BYTES))
        file.seek(0)
        lines = csv.reader(file, delimiter=separator)
        try:
            header = next((line for line in lines if any(line)), [])
            yield from _houses(lines, _places(path, header))
        except csv.Error as error:
            raise UnreadableAddresses(
                _("%(file)s, line %(line)d: %(why)s. Save the table again as CSV.")
                % {"file": path.name, "line": lines.line_num, "why": error}
            ) from error


def _encoding(path: Path) -> str:
    for encoding in ("utf-8-sig", "cp1251"):
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while chunk := file.read(1 << 20):
                    if "\0" in decoder.decode(chunk):
                        break
                else:
                    decoder.decode(b"", final=True)
                    return encoding
            except UnicodeDecodeError:
                continue
    raise UnreadableAddresses(
        _("%(file)s is no file of addresses. Give CSV in UTF-8, GeoJSON points, or OSM (.osm, .osm.pbf).")
        % {"file": path.name}
    )


def _separator(sample: str) -> str:
    header = next((line for line in sample.splitlines() if line.strip()), "")
    return max(",;\t", key=lambda each: sum(fold_heading(cell) in COLUMN_OF for cell in header.split(each)))


def _places(path: Path, header: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, heading in enumerate(header):
        column = COLUMN_OF.get(fold_heading(heading))
        if column and column not in places:
            places[column] = at
    told = {"street", "house"} if "address" in places else set()
    missing = [str(name) for column, name in NEEDED.items() if column not in places and column not in told]
    if missing:
        raise UnreadableAddresses(
            _("%(file)s has no column %(columns)s; it needs street and house (or address), lat and lon.")
            % {"file": path.name, "columns": ", ".join(missing)}
        )
    return places


def _houses(lines: Iterator[list[str]], places: Mapping[str, int]) -> Iterator[Item]:
    """Written for a million rows: where a batch is good as a whole, no row is looked at alone."""
    split = "street" in places and "house" in places
    width = 1 + max(places.values())
    start = 2
    while batch := list(itertools.islice(lines, BATCH)):
        columns = _columns(batch, places, start) if split and min(map(len, batch)) >= width else None
        if columns:
            yield columns
        else:
            for row, cells in enumerate(batch, start=start):
                if any(cells):
                    yield _house(row, cells, places, split=split)
        start += len(batch)


def _columns(batch: Sequence[list[str]], places: Mapping[str, int], start: int) -> HouseColumns | None:
    """The rows of a batch, or None where one has no coordinates that can be taken as they are."""
    columns = list(zip(*batch, strict=False))
    try:
        lats, lons = (np.fromiter(map(float, columns[places[name]]), float, len(batch)) for name in ("lat", "lon"))
    except ValueError:
        return None
    if not ((lats >= _SOUTH) & (lats <= _NORTH) & (lons >= _WEST) & (lons <= _EAST)).all():
        return None
    settlements = columns[places["settlement"]] if "settlement" in places else ("",) * len(batch)
    rows = range(start, start + len(batch))
    return HouseColumns(
        rows, settlements, columns[places["street"]], columns[places["house"]], lons, lats, (0,) * len(batch)
    )


def _house(row: int, cells: Sequence[str], places: Mapping[str, int], *, split: bool) -> Item:
    said = {column: cells[at] for column, at in places.items() if at < len(cells)}
    if len(said) < len(places):
        return Refusal(row, ", ".join(cells), _("The row has fewer cells than the header."))
    text = f"{said['street']} {said['house']}".strip() if split else said["address"]
    try:
        lon, lat = parse_point(said["lat"], said["lon"])
    except BadCoordinates as error:
        return Refusal(row, text, str(error))
    settlement = said.get("settlement", "")
    if split:
        return HouseRow(row, settlement, said["street"], said["house"], lon, lat)
    return _from_text(row, settlement, text, lon, lat)


def _from_text(row: int, settlement: str, text: str, lon: float, lat: float) -> Item:
    """Read an address that stands in one cell."""
    address = parse_address(text)
    if address.house is None or not address.street.name:
        return Refusal(row, text, _("No street with a house number could be read."))
    return HouseRow(
        row, settlement or address.settlement, _as_written(text, address.street), str(address.house), lon, lat
    )


def _as_written(text: str, street: StreetName) -> str:
    """«Андріївський узвіз» stays so; where the text cannot be cut, the kind stands before the name."""
    for part in re.split(r"[,;]", text):
        if StreetName.parse(part.strip()) == street:
            return part.strip()
    return f"{BY_CODE[street.kind].name_uk} {street.name}" if street.kind else street.name


def read_geojson(path: Path) -> Iterator[Item]:
    """Yield the houses of a GeoJSON FeatureCollection of points. Raises UnreadableAddresses."""
    if path.stat().st_size > MAX_GEOJSON_BYTES:
        raise UnreadableAddresses(
            _("%(file)s is larger than %(limit)d MB. Save it as CSV.")
            % {"file": path.name, "limit": MAX_GEOJSON_BYTES // 1_000_000}
        )
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        rows = list(map(dict, features))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableAddresses(_("%(file)s is not a GeoJSON FeatureCollection.") % {"file": path.name}) from error
    for row, feature in enumerate(rows, start=1):
        yield _feature(row, feature)


def _feature(row: int, feature: Mapping[str, Any]) -> Item:
    properties = feature.get("properties")
    said: dict[str, str] = {}
    for name, value in properties.items() if isinstance(properties, dict) else ():
        column = COLUMN_OF.get(fold_heading(str(name)))
        if column and isinstance(value, str | int | float) and str(value).strip():
            said.setdefault(column, str(value).strip())
    text = " ".join(itertools.chain(said.values()))
    geometry = feature.get("geometry")
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(point, list) or len(point) < 2:
        return Refusal(row, text, _("The feature is not a point."))
    try:
        lon, lat = parse_point(str(point[1]), str(point[0]))
    except BadCoordinates as error:
        return Refusal(row, text, str(error))
    if "street" in said and "house" in said:
        return HouseRow(row, said.get("settlement", ""), said["street"], said["house"], lon, lat)
    if "address" in said:
        return _from_text(row, said.get("settlement", ""), said["address"], lon, lat)
    return Refusal(row, text, _("The feature has no street or no house number."))
