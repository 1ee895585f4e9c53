"""Which coordinate reference system a file means, and whether its coordinates can be of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.boundaries.measuring import WGS84, Geometries
from geo.boundaries.unreadable import UnreadableBoundaries

if TYPE_CHECKING:  # see measuring.py
    from pyproj import CRS


def crs_of(stated: str | None, epsg: int | None, driver: str, file_name: str) -> tuple[CRS, list[str]]:
    """The CRS of the outlines, without heights, and what has to be said about how it was found.

    `epsg` is what a person says it is; `driver` is GDAL's name of the format. Raises UnreadableBoundaries.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        if epsg is not None:
            return _flat(CRS.from_epsg(epsg), file_name), [f"The CRS EPSG:{epsg} was typed in, not read from the file."]
        if stated:
            return _flat(CRS.from_user_input(stated), file_name), []
    except CRSError as error:
        what = f"EPSG:{epsg} is not a CRS that PROJ knows" if epsg is not None else "states a CRS that cannot be read"
        raise UnreadableBoundaries(f"{file_name}: {what}. Give its EPSG number with --crs.") from error
    if driver in {"GeoJSON", "TopoJSON", "LIBKML"}:
        return CRS.from_user_input(WGS84), ["The file states no CRS; its format means WGS 84."]
    missing = "there is no .prj beside it" if driver == "ESRI Shapefile" else "it names none"
    raise UnreadableBoundaries(
        f"{file_name} does not say which CRS its coordinates are in ({missing}). Give its EPSG number with --crs."
    )


def _flat(crs: CRS, file_name: str) -> CRS:
    """A CRS of the plane or of longitude and latitude; refuses heights alone, geocentric and local ones."""
    flat = crs.to_2d()
    if not (flat.is_projected or flat.is_geographic):
        raise UnreadableBoundaries(
            f"{file_name}: {crs_label(crs)} is not a CRS that a map is drawn in ({crs.type_name}). Give the EPSG "
            "number of a projected or geographic one with --crs."
        )
    return flat


def check_degrees(crs: CRS, geometries: Geometries, file_name: str) -> None:
    """Refuse coordinates that the CRS cannot mean: metres in a file that means degrees, or the far side of the sky.

    Raises UnreadableBoundaries.
    """
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    west, south, east, north = (float(value) for value in shapely.total_bounds(geometries))
    if crs.is_geographic and (west < -360 or east > 360 or south < -90.001 or north > 90.001):
        raise UnreadableBoundaries(
            f"{file_name} means degrees, but its coordinates reach from {west:,.0f}, {south:,.0f} to {east:,.0f}, "
            f"{north:,.0f}: they look like metres. Give the EPSG number of their CRS with --crs."
        )
    try:
        corners = Transformer.from_crs(crs, WGS84, always_xy=True).transform(
            [west, east], [south, north], errcheck=True
        )
    except ProjError as error:
        raise UnreadableBoundaries(
            f"{file_name}: the coordinates do not fit the CRS {crs_label(crs)}. Give the right EPSG number with --crs."
        ) from error
    if not np.isfinite(corners).all():
        raise UnreadableBoundaries(
            f"{file_name}: the coordinates do not fit the CRS {crs_label(crs)}. Give the right EPSG number with --crs."
        )


def crs_label(crs: CRS) -> str:
    """`WGS 84 (EPSG:4326)`, or the name alone when the CRS states no authority."""
    epsg = crs.to_epsg(min_confidence=100) or (4326 if crs == WGS84 else None)
    return f"{crs.name} (EPSG:{epsg})" if epsg else str(crs.name)
