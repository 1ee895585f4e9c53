"""Cells: tiles of the web map, numbered along the Z-order curve. Pure: no database.

A cell of zoom z is one of the 2^z x 2^z squares that web maps are cut into (Web Mercator, EPSG:3857): x counts from
180 W eastwards, y from 85.0511 N southwards. Its Z-order number takes turns between the bits of y and x, so that the
four children of cell c are 4c to 4c+3, and any coarser cell is one range of finer ones.
The formula is the OpenStreetMap wiki's "Slippy map tilenames"; analysis/migrations/0002 holds the same in SQL.
"""

import math
from dataclasses import dataclass
from typing import Any

ZOOM = 18
"""Counts are kept at this zoom: about 99 m in Ternopil."""
COARSEST_ZOOM = 8
MAX_LATITUDE = 85.05
"""Web Mercator ends at 85.0511 degrees."""
RADIANS = math.pi / 180.0
EQUATOR_M = 40_075_016.686


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle, in degrees."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2


@dataclass(frozen=True, slots=True)
class Range:
    """Cells from `first` to `last`, both included."""

    first: int
    last: int


def tile_of(lon: float, lat: float, zoom: int = ZOOM) -> tuple[int, int]:
    """Return the column and row of the cell that holds a point in degrees."""
    side = 1 << zoom
    latitude = max(-MAX_LATITUDE, min(MAX_LATITUDE, lat)) * RADIANS
    x = math.floor((lon + 180.0) / 360.0 * side)
    y = math.floor((1.0 - math.asinh(math.tan(latitude)) / math.pi) / 2.0 * side)
    return max(0, min(side - 1, x)), max(0, min(side - 1, y))


def cell_of(lon: float, lat: float, zoom: int = ZOOM) -> int:
    """Return the Z-order number of the cell that holds a point in degrees."""
    return encode(*tile_of(lon, lat, zoom))


def encode(x: int, y: int) -> int:
    """Take turns between the bits of x (even places) and y (odd places)."""
    return _spread(x) | _spread(y) << 1


def decode(cell: int) -> tuple[int, int]:
    """Return the column and row of a cell."""
    return _squeeze(cell), _squeeze(cell >> 1)


def lon_of(x: int, zoom: int = ZOOM) -> float:
    """Return the western edge of a column of cells, in degrees."""
    return x / (1 << zoom) * 360.0 - 180.0


def lat_of(y: int, zoom: int = ZOOM) -> float:
    """Return the northern edge of a row of cells, in degrees."""
    return math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y / (1 << zoom)))))


def parent(cell: int, zoom: int, *, from_zoom: int = ZOOM) -> int:
    """Return the coarser cell at `zoom` that holds a cell of `from_zoom`."""
    return cell >> 2 * (from_zoom - zoom)


def bounds_of(cell: int, zoom: int = ZOOM) -> Bounds:
    """Return the box of a cell, in degrees."""
    x, y = decode(cell)
    return Bounds(west=lon_of(x, zoom), south=lat_of(y + 1, zoom), east=lon_of(x + 1, zoom), north=lat_of(y, zoom))


def side_m(lat: float, zoom: int = ZOOM) -> float:
    """Return the side of a cell at a latitude, in metres on the ground."""
    return EQUATOR_M * math.cos(lat * RADIANS) / (1 << zoom)


def polygon_of(cell: int, zoom: int = ZOOM) -> dict[str, Any]:
    """Return a cell as a GeoJSON Polygon, counterclockwise (RFC 7946), 7 decimals: about a centimetre."""
    box = bounds_of(cell, zoom)
    west, south, east, north = (round(value, 7) for value in (box.west, box.south, box.east, box.north))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def ranges_covering(box: Bounds, *, zoom: int = ZOOM, at_most: int = 32) -> list[Range]:
    """Return ranges of cells of `zoom` that together cover a box: exact, or a little more when `at_most` is reached.

    Walks the quadtree from the top; a tile wholly inside the box, or met when the ranges are spent, counts whole.
    """
    x0, y0 = tile_of(box.west, box.north, zoom)
    x1, y1 = tile_of(box.east, box.south, zoom)
    whole: list[tuple[int, int]] = []
    partly = [(0, 0)]
    while partly and len(whole) + 4 * len(partly) <= at_most * 2:
        finer: list[tuple[int, int]] = []
        for tile, level in partly:
            for child in range(4 * tile, 4 * tile + 4):
                shift = zoom - level - 1
                west, north = (part << shift for part in decode(child))
                east, south = west + (1 << shift) - 1, north + (1 << shift) - 1
                if west > x1 or east < x0 or north > y1 or south < y0:
                    continue
                inside = west >= x0 and east <= x1 and north >= y0 and south <= y1
                (whole if inside else finer).append((child, level + 1))
        partly = finer
    merged: list[Range] = []
    for first, tile, level in sorted((tile << 2 * (zoom - level), tile, level) for tile, level in whole + partly):
        last = ((tile + 1) << 2 * (zoom - level)) - 1
        if merged and merged[-1].last + 1 == first:
            merged[-1] = Range(merged[-1].first, last)
        else:
            merged.append(Range(first, last))
    return merged


def _spread(value: int) -> int:
    """Put a zero between the bits of a number below 2^32."""
    value &= 0xFFFFFFFF
    value = (value | value << 16) & 0x0000FFFF0000FFFF
    value = (value | value << 8) & 0x00FF00FF00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F0F0F0F0F
    value = (value | value << 2) & 0x3333333333333333
    return (value | value << 1) & 0x5555555555555555


def _squeeze(value: int) -> int:
    """Undo `_spread`: keep every second bit."""
    value &= 0x5555555555555555
    value = (value | value >> 1) & 0x3333333333333333
    value = (value | value >> 2) & 0x0F0F0F0F0F0F0F0F
    value = (value | value >> 4) & 0x00FF00FF00FF00FF
    value = (value | value >> 8) & 0x0000FFFF0000FFFF
    return (value | value >> 16) & 0x00000000FFFFFFFF
