"""GeoJSON, written as a stream: one feature at a time, and at the end how it was made (RFC 7946 allows the member)."""

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON

from analysis.cells import ZOOM, polygon_of, side_m
from analysis.models import CellCountQuerySet
from geo.models import City, DistrictBoundary

METHOD = (
    "Live counts of letters that an officer or supervisor has accepted, that have a place and are not spam, "
    "by square of the web-map grid and local day of receipt. Protected letters have no square. Reports, not verdicts. "
    "Squares without letters are absent."
)


@dataclass(frozen=True, slots=True)
class Made:
    """How an export was made."""

    city: City
    at: datetime.datetime
    by: str
    first: datetime.date | None = None
    last: datetime.date | None = None
    categories: tuple[str, ...] = ()


def cell_features(cells: CellCountQuerySet, *, zoom: int = ZOOM) -> Iterator[dict[str, Any]]:
    """Yield each square of `zoom` that has letters as a GeoJSON Feature with `cell`, `letters` and `side_m`."""
    for row in cells.summed(zoom).iterator(chunk_size=2_000):
        geometry = polygon_of(row["area"], zoom)
        latitude = geometry["coordinates"][0][0][1]
        yield {
            "type": "Feature",
            "properties": {"cell": row["area"], "letters": row["letters"], "side_m": round(side_m(latitude, zoom), 1)},
            "geometry": geometry,
        }


def district_features(city: City, *, at: datetime.datetime) -> Iterator[dict[str, Any]]:
    """Yield each district of the edition in force, unsimplified, as a GeoJSON Feature."""
    boundaries = (
        DistrictBoundary.objects.in_force_at(at)
        .filter(district__city=city)
        .annotate(as_geojson=AsGeoJSON("boundary", precision=7))
        .values_list(
            "district__code",
            "district__name_uk",
            "district__name_en",
            "edition__number",
            "edition__source",
            "edition__licence",
            "as_geojson",
        )
        .order_by("district__code")
    )
    names = ("code", "name_uk", "name_en", "edition", "source", "licence")
    for *values, geojson in boundaries.iterator(chunk_size=100):
        properties = dict(zip(names, values, strict=True))
        yield {"type": "Feature", "properties": properties, "geometry": geojson}


def write_collection(features: Iterable[dict[str, Any]], metadata: dict[str, Any]) -> Iterator[str]:
    """Write a FeatureCollection piece by piece; `metadata` and the number of features follow at the end.

    A geometry that is text is GeoJSON already, written by PostGIS.
    """
    yield '{"type":"FeatureCollection","features":['
    count = 0
    for count, feature in enumerate(features, start=1):
        geometry = feature["geometry"]
        if isinstance(geometry, str):
            head = json.dumps(feature | {"geometry": None}, ensure_ascii=False, separators=(",", ":"))
            written = f"{head.removesuffix('null}')}{geometry}}}"
        else:
            written = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        yield ("," if count > 1 else "") + written
    closing = json.dumps(metadata | {"features": count}, ensure_ascii=False, separators=(",", ":"))
    yield f'],"metadata":{closing}}}'


def metadata_of_cells(made: Made, *, zoom: int, letters: int, elsewhere: int) -> dict[str, Any]:
    """Return how an export of cells was made; `elsewhere` counts letters that have no square."""
    return _metadata(made, "cells") | {
        "method": METHOD,
        "grid": {"name": "WebMercatorQuad", "zoom": zoom, "numbering": "Z-order"},
        "first_day": made.first.isoformat() if made.first else None,
        "last_day": made.last.isoformat() if made.last else None,
        "categories": list(made.categories) or "all",
        "letters": letters,
        "letters_without_square": elsewhere,
        "licence": "Not for publication: live counts for the officers and supervisors of the city",
    }


def metadata_of_areas(made: Made, areas: dict[str, Any]) -> dict[str, Any]:
    """Return how an export of release areas was made."""
    return _metadata(made, "areas") | areas | {"licence": "CC-BY-4.0"}


def metadata_of_districts(made: Made) -> dict[str, Any]:
    """Return how an export of districts was made."""
    return _metadata(made, "districts") | {"method": "Polygons of the boundary edition in force, WGS 84, unsimplified."}


def _metadata(made: Made, what: str) -> dict[str, Any]:
    return {"what": what, "city": made.city.slug, "made_at": made.at.isoformat(timespec="seconds"), "made_by": made.by}
