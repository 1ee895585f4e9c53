"""Shapes as GeoJSON."""

import json
from typing import Any

import shapely


def as_geojson(shape: shapely.Geometry) -> dict[str, Any]:
    """Return a shape in degrees as a GeoJSON geometry, rings as RFC 7946 wants them, 7 decimals: about a centimetre."""
    turned = shapely.orient_polygons(shape)
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(shapely.set_precision(turned, 1e-7, mode="pointwise")))
    return geometry
