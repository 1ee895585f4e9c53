"""Release areas: one fixed partition of a district, drawn from its addresses and never from letters. Pure: no database.

A district is laid out in cells of the web map (zoom 18) and cut in two along a line of the grid, again and again, as
near the middle of its addresses as both sides allow: each must still meet the floor. What cannot be cut is an area. So
every area is a rectangle of cells, clipped to its district, and holds about one to two times the addresses of the
floor. This is the "Mondrian" partition of LeFevre, DeWitt and Ramakrishnan, Mondrian Multidimensional K-Anonymity
(ICDE 2006), with homes as the ones to hide among. Why not a quadtree: docs/adr/0016.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.cells import encode, lat_of, lon_of, tile_of

CELL_M = 100
"""What a cell of zoom 18 is called in metres: 93 to 110 m in Ukraine."""
Shape: TypeAlias = "shapely.Polygon | shapely.MultiPolygon"
Numbers = NDArray[np.float64]


class Reason(StrEnum):
    """Why an area is as large as it is, where that is not its addresses."""

    FEW_ADDRESSES = "few_addresses"
    """The whole district has too few addresses for one area."""
    SMALL = "small"
    """The whole district is smaller than one area should be."""
    NO_ADDRESSES = "no_addresses"
    """No address of the district is known: its areas are as large as the floors without a gazetteer say."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that an area holds: addresses, and cells on each side; without any known address, more cells.

    A side of n cells means also that n x n cells' worth of the area lies inside the district.
    """

    addresses: int
    side: int
    side_without_addresses: int


@dataclass(frozen=True, slots=True)
class Area:
    """A release area: its cells at zoom 18, the addresses in it, its polygon clipped to the district (EPSG:4326)."""

    cells: tuple[int, ...]
    addresses: int
    shape: shapely.MultiPolygon
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class _Window:
    """A rectangle of the grid's rows and columns, the ends not included."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def sides(self) -> tuple[int, int]:
        return self.bottom - self.top, self.right - self.left

    def of(self, grid: Numbers) -> Numbers:
        return grid[self.top : self.bottom, self.left : self.right]

    def cut(self, axis: int, at: int) -> "tuple[_Window, _Window]":
        if axis == 0:
            line = self.top + at
            return (
                _Window(self.top, line, self.left, self.right),
                _Window(line, self.bottom, self.left, self.right),
            )
        line = self.left + at
        return (
            _Window(self.top, self.bottom, self.left, line),
            _Window(self.top, self.bottom, line, self.right),
        )


@dataclass(frozen=True, slots=True)
class _Grid:
    """A district in cells: column and row of the first one, the share of each that lies inside, its addresses."""

    x: int
    y: int
    inside: Numbers
    addresses: Numbers

    @property
    def whole(self) -> _Window:
        rows, columns = self.inside.shape
        return self.trimmed(_Window(0, rows, 0, columns))

    def trimmed(self, window: _Window) -> _Window:
        """Leave out empty rows and columns at the edges: what lies outside makes no area wide."""
        filled = window.of(self.inside) > 0
        rows, columns = np.flatnonzero(filled.any(axis=1)), np.flatnonzero(filled.any(axis=0))
        if not rows.size:
            return _Window(window.top, window.top, window.left, window.left)
        return _Window(
            window.top + int(rows[0]),
            window.top + int(rows[-1]) + 1,
            window.left + int(columns[0]),
            window.left + int(columns[-1]) + 1,
        )


def partition(district: Shape, addresses: Numbers, floor: Floor) -> list[Area]:
    """Return the release areas of a district, from north-west to south-east of the cuts.

    `district` in EPSG:4326; `addresses` has a row (lon, lat) each, those outside the district do not count.
    """
    grid = _laid_out(district, addresses)
    known = bool(grid.addresses.sum())
    side = floor.side if known else floor.side_without_addresses
    least = _Least(floor.addresses if known else 0, side)
    lacks = least.lacks(grid, grid.whole)
    reason = lacks or (None if known else Reason.NO_ADDRESSES)
    windows = [grid.whole] if lacks else _cut_up(grid, least)
    return [_area(district, grid, window, reason) for window in windows]


@dataclass(frozen=True, slots=True)
class _Least:
    addresses: int
    side: int

    def lacks(self, grid: _Grid, window: _Window) -> Reason | None:
        if window.of(grid.addresses).sum() < self.addresses:
            return Reason.FEW_ADDRESSES
        # Shares of clipped cells are sums of floating point numbers.
        if min(window.sides) < self.side or window.of(grid.inside).sum() < self.side**2 - 1e-9:
            return Reason.SMALL
        return None


def _cut_up(grid: _Grid, least: _Least) -> list[_Window]:
    waiting, done = [grid.whole], []
    while waiting:
        window = waiting.pop()
        halves = _halves(grid, window, least)
        if halves is None:
            done.append(window)
        else:
            waiting += reversed(halves)
    return done


def _halves(grid: _Grid, window: _Window, least: _Least) -> tuple[_Window, _Window] | None:
    """Cut across the longer side, as near the middle of the addresses as both halves allow; else across the other."""
    weights = grid.addresses if least.addresses else grid.inside
    for axis in (0, 1) if window.sides[0] > window.sides[1] else (1, 0):
        before = np.cumsum(window.of(weights).sum(axis=1 - axis))[:-1]
        unevenness = np.abs(2 * before - window.of(weights).sum())
        for place in np.lexsort((np.arange(before.size), unevenness)):
            first, second = (grid.trimmed(half) for half in window.cut(axis, int(place) + 1))
            if not (least.lacks(grid, first) or least.lacks(grid, second)):
                return first, second
    return None


def _laid_out(district: Shape, addresses: Numbers) -> _Grid:
    west, south, east, north = district.bounds
    x, y = tile_of(west, north)
    x_last, y_last = tile_of(east, south)
    lons = np.array([lon_of(column) for column in range(x, x_last + 2)])
    lats = np.array([lat_of(row) for row in range(y, y_last + 2)])
    boxes = shapely.box(lons[None, :-1], lats[1:, None], lons[None, 1:], lats[:-1, None])
    shapely.prepare(district)
    inside = shapely.contains_properly(district, boxes).astype(np.float64)
    partly = (inside == 0) & shapely.intersects(district, boxes)
    inside[partly] = shapely.area(shapely.intersection(district, boxes[partly])) / shapely.area(boxes[partly])
    counts = np.zeros_like(inside)
    for lon, lat in _within(district, addresses):
        column, row = tile_of(float(lon), float(lat))
        counts[row - y, column - x] += 1
    counts[inside == 0] = 0
    return _Grid(x, y, inside, counts)


def _within(district: Shape, points: Numbers) -> Numbers:
    west, south, east, north = district.bounds
    lon, lat = points[:, 0], points[:, 1]
    near = points[(lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)]
    held: Numbers = near[shapely.intersects_xy(district, near[:, 0], near[:, 1])]
    return held


def _area(district: Shape, grid: _Grid, window: _Window, reason: Reason | None) -> Area:
    left, right = grid.x + window.left, grid.x + window.right
    top, bottom = grid.y + window.top, grid.y + window.bottom
    box = shapely.box(lon_of(left), lat_of(bottom), lon_of(right), lat_of(top))
    rows, columns = np.nonzero(window.of(grid.inside) > 0)
    return Area(
        cells=tuple(sorted(encode(left + int(c), top + int(r)) for r, c in zip(rows, columns, strict=True))),
        addresses=int(window.of(grid.addresses).sum()),
        shape=shapely.MultiPolygon(list(_polygons(shapely.intersection(district, box)))),
        reason=reason,
    )


def _polygons(shape: shapely.Geometry) -> Iterator[shapely.Polygon]:
    """Leave out the points and lines in which a border merely touches the box."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield part
        elif part.geom_type == "MultiPolygon":
            yield from _polygons(part)
