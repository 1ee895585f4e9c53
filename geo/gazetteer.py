"""Record what a city knows of its streets and houses, and what its map draws when there is no basemap."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiLineString, Point
from django.db import transaction
from django.utils.translation import gettext as _

from geo.lookup import BadCoordinates, parse_point
from geo.models import City, House, Landmark, Street, StreetName
from geo.models.addresses import house_key, street_key


class UnreadableGazetteer(Exception):
    """A file of streets or addresses cannot be used; the message names the place and the remedy. Nothing changed."""


@dataclass(frozen=True, slots=True)
class HouseRow:
    """One address of a file: `row` counts from 1 after the header; degrees WGS 84."""

    row: int
    street: str
    number: str
    lon: float
    lat: float


def read_houses(path: Path) -> list[HouseRow]:
    """Read a CSV with columns street, house, lat, lon. Raises UnreadableGazetteer with the row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"street", "house", "lat", "lon"} - set(reader.fieldnames or ())
        if missing:
            raise UnreadableGazetteer(
                _("%(file)s has no column %(columns)s; it needs street, house, lat and lon.")
                % {"file": path.name, "columns": ", ".join(sorted(missing))}
            )
        return [_house_row(path, number, row) for number, row in enumerate(reader, start=1)]


def _house_row(path: Path, number: int, row: Mapping[str, str | None]) -> HouseRow:
    street, house = (row["street"] or "").strip(), (row["house"] or "").strip()
    if not street or not house:
        raise UnreadableGazetteer(
            _("%(file)s, row %(row)d: the street or the house is empty.") % {"file": path.name, "row": number}
        )
    try:
        lon, lat = parse_point(row["lat"] or "", row["lon"] or "")
    except BadCoordinates as error:
        raise UnreadableGazetteer(
            _("%(file)s, row %(row)d: %(why)s") % {"file": path.name, "row": number, "why": error}
        ) from error
    return HouseRow(row=number, street=street, number=house, lon=lon, lat=lat)


@transaction.atomic
def record_houses(city: City, rows: Iterable[HouseRow]) -> int:
    """Record houses, and their streets where these are new; a house known already is moved. Return how many."""
    listed = list(rows)
    names = {street_key(row.street): row.street for row in reversed(listed)}
    Street.objects.bulk_create(
        [Street(city=city, name_uk=name, key=key) for key, name in sorted(names.items())], ignore_conflicts=True
    )
    streets = dict(Street.objects.filter(city=city, settlement=None).values_list("key", "pk"))
    houses = {
        (street, key): House(street_id=street, number=row.number, key=key, location=Point(row.lon, row.lat, srid=4326))
        for row in listed
        for street, key in [(streets[street_key(row.street)], house_key(row.number))]
    }
    House.objects.bulk_create(
        houses.values(), update_conflicts=True, unique_fields=["street", "key"], update_fields=["number", "location"]
    )
    return len(houses)


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file of our own making. Raises UnreadableGazetteer."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableGazetteer(_("%(file)s is not a GeoJSON FeatureCollection.") % {"file": path.name}) from error
    return list(features)


@transaction.atomic
def record_streets(city: City, features: Iterable[Mapping[str, Any]]) -> int:
    """Record the centre lines of streets by name (`name_uk`, `name_en`, `class`). Return how many."""
    streets = []
    for feature in features:
        line = GEOSGeometry(json.dumps(feature["geometry"]), srid=4326)
        properties = feature["properties"]
        streets.append(
            Street(
                city=city,
                name_uk=properties["name_uk"],
                key=street_key(properties["name_uk"]),
                name_en=properties.get("name_en", ""),
                is_main=properties.get("class") == "main",
                line=line if isinstance(line, MultiLineString) else MultiLineString(line, srid=4326),
            )
        )
    Street.objects.bulk_create(
        streets,
        update_conflicts=True,
        unique_fields=["city", "settlement", "key"],
        update_fields=["name_uk", "name_en", "is_main", "line"],
    )
    return len(streets)


@transaction.atomic
def record_other_names(city: City, path: Path) -> int:
    """Record other names of streets from a CSV of our own making. Return how many. Raises Street.DoesNotExist.

    Columns: street, kind (as `StreetName.Kind`), name, houses (empty: all), until (ISO date or empty), source.
    """
    streets = {street.key: street for street in Street.objects.filter(city=city, settlement=None)}
    with path.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    for row in listed:
        street = streets.get(street_key(row["street"]))
        if street is None:
            raise Street.DoesNotExist(row["street"])
        StreetName.objects.update_or_create(
            street=street,
            kind=row["kind"],
            key=street_key(row["name"]),
            defaults={
                "name": row["name"],
                "houses": row["houses"],
                "until": row["until"] or None,
                "source": row["source"],
            },
        )
    return len(listed)


@transaction.atomic
def record_landmarks(city: City, kind: str, features: Iterable[Mapping[str, Any]]) -> int:
    """Replace the landmarks of one kind. Return how many."""
    Landmark.objects.filter(city=city, kind=kind).delete()
    return len(
        Landmark.objects.bulk_create(
            Landmark(
                city=city,
                kind=kind,
                name_uk=(feature.get("properties") or {}).get("name_uk", ""),
                name_en=(feature.get("properties") or {}).get("name_en", ""),
                shape=GEOSGeometry(json.dumps(feature["geometry"]), srid=4326),
            )
            for feature in features
        )
    )
