"""Polygons for the public map: simplified as a coverage, so that neighbours still share one border and no gap opens."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction

from geo.models import BoundaryEdition, DistrictBoundary, SimplifiedBoundary

BANDS: tuple[tuple[int, float], ...] = ((9, 150.0), (12, 20.0), (15, 2.5), (22, 0.0))
"""(last zoom of the band, tolerance in metres of EPSG:3857): half a pixel of its last zoom; 0 keeps every vertex."""

DECIMALS = 6
"""Coordinates are rounded to 0.11 m of latitude at most."""


def band_of_zoom(zoom: int | None) -> int:
    """Return the index of the band that a zoom level belongs to; without a zoom, the third (zooms 13 to 15)."""
    if zoom is None:
        return 2
    return next((index for index, (last_zoom, _) in enumerate(BANDS) if zoom <= last_zoom), len(BANDS) - 1)


def simplify_coverage(geometries: Any) -> Iterator[Any]:
    """Yield polygons in EPSG:4326 simplified together for each band, the finest (unchanged) first, the coarsest last.

    Visvalingam-Whyatt in EPSG:3857; each band is made from the one before, so that a coarse one costs little.
    """
    from pyproj import Transformer  # see measuring.py

    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    to_wgs84 = Transformer.from_crs(3857, 4326, always_xy=True)
    mercator = shapely.transform(geometries, lambda xy: np.column_stack(to_mercator.transform(*xy.T)))
    for _, tolerance_m in reversed(BANDS):
        if not tolerance_m:
            yield geometries
            continue
        mercator = shapely.coverage_simplify(mercator, tolerance_m)
        yield shapely.transform(mercator, lambda xy: np.column_stack(to_wgs84.transform(*xy.T)))


def simplify_edition(edition: BoundaryEdition) -> None:
    """Store what a map draws of an edition, one geometry a district and zoom band, unless it is stored already.

    Made when it is first needed (activation, or the staff's report): importing does not wait for it.
    """
    drawn_already = SimplifiedBoundary.objects.filter(boundary__edition=edition)
    if drawn_already.exists():
        return
    with transaction.atomic():
        BoundaryEdition.objects.select_for_update().get(pk=edition.pk)
        if not drawn_already.exists():
            _store_simplified(edition)


def _store_simplified(edition: BoundaryEdition) -> None:
    rows = list(DistrictBoundary.objects.filter(edition=edition).order_by("pk").values_list("pk", "boundary"))
    geometries = shapely.from_wkb(np.array([bytes(boundary.wkb) for _, boundary in rows], dtype=object))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY geo_simplifiedboundary (boundary_id, band, geometry_json) FROM STDIN") as copy,
    ):
        for band, drawn in zip(reversed(range(len(BANDS))), simplify_coverage(geometries), strict=True):
            rounded = shapely.transform(drawn, lambda xy: np.round(xy, DECIMALS))
            for (pk, _), text in zip(rows, shapely.to_geojson(rounded), strict=True):
                copy.write_row((pk, band, text))
