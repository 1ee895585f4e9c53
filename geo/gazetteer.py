"""Record what the map of a city draws when there is no basemap: streets and landmarks of our own drawing."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiLineString
from django.db import transaction
from django.utils.translation import gettext as _

from geo.models import City, Landmark, Street, StreetName
from geo.models.addresses import street_key


class UnreadableGazetteer(Exception):
    """A file of streets or landmarks cannot be used; the message names the place and the remedy. Nothing changed."""


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
