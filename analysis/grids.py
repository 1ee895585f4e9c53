"""Live cells as a grid: counts in rows and columns of tiles, and which tiles lie in the districts that a user reads."""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from numpy.typing import NDArray

from analysis.districts import HELD, districts_read, shape_of
from analysis.filters import HeatFilters
from analysis.held_days import Squares, counts_days, squares_of_days
from geo.cells import ZOOM, Bounds, bounds_of, encode, side_m, tile_of
from geo.models import City
from people.models import User

ADDRESSES = """
    SELECT analysis_cell(house.location) >> %(shift)s AS cell, count(*)
    FROM geo_house AS house JOIN geo_street AS street ON street.id = house.street_id
    WHERE street.city_id = %(city)s AND house.location IS NOT NULL
    GROUP BY 1
"""
"""Analysis_cell is migration 0002's. Some 0.3 s for 50,000 houses: asked only where the comparison is by addresses."""


@dataclass(frozen=True, slots=True)
class LiveGrid:
    """The tiles of one zoom from (`left`, `top`) on, rows southwards.

    `inside` are those whose middle lies in a district that the user reads, and those that hold a letter.
    """

    zoom: int
    left: int
    top: int
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, city: City, user: User | AnonymousUser, *, zoom: int, at: datetime.datetime) -> "LiveGrid":
        """The grid over the districts in force; empty where the user reads none, or no polygons are in force."""
        districts = districts_read(city, user, at=at)
        return _grid_over(tuple((each.edition, each.district) for each in districts), zoom)

    def counts(self, city: City, user: User | AnonymousUser, filters: HeatFilters) -> NDArray[np.int64]:
        """How many letters each tile holds, as far as the user may see; tiles beyond the grid are left out."""
        filters = replace(filters, zoom=self.zoom)
        if counts_days(filters):
            return self._summed(squares_of_days(city, user, filters))
        return self._filled(filters.counted(city, user))

    def addresses(self, city: City) -> NDArray[np.int64]:
        """How many known addresses each tile holds."""
        return self._filled(addresses_by_cell(city, self.zoom).items())

    def with_letters(self, *counts: NDArray[np.int64]) -> "LiveGrid":
        """The same grid, where each tile that holds a letter is inside: on a border its middle may lie outside."""
        inside = self.inside.copy()
        for each in counts:
            inside |= each > 0
        return LiveGrid(self.zoom, self.left, self.top, inside)

    def side_m(self) -> float:
        """The side of a tile in metres, in the middle of the grid."""
        middle = len(self.inside) // 2
        return side_m(self.box(middle, 0).centre[1], self.zoom)

    def box(self, row: int, column: int) -> Bounds:
        """The box of a tile in degrees."""
        return bounds_of(self.cell(row, column), self.zoom)

    def cell(self, row: int, column: int) -> int:
        """The Z-order number of a tile."""
        return encode(self.left + column, self.top + row)

    def outline(self, tiles: Iterable[Sequence[int]]) -> shapely.Geometry:
        """Tiles (row, column) as one polygon or several, in degrees."""
        return outline_of((self.cell(row, column) for row, column in tiles), self.zoom)

    def mask(self, cells: Iterable[int]) -> NDArray[np.bool_]:
        """Which tiles are among some cells of the grid's zoom."""
        return self._filled((cell, 1) for cell in cells) > 0

    def _filled(self, rows: Iterable[tuple[int, int]]) -> NDArray[np.int64]:
        areas, letters = np.array(list(rows), np.int64).reshape(-1, 2).T
        return self._summed(Squares(areas, letters))

    def _summed(self, squares: Squares) -> NDArray[np.int64]:
        columns, rows = _every_second_bit(squares.areas) - self.left, _every_second_bit(squares.areas >> 1) - self.top
        height, width = self.inside.shape
        here = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        tiles = np.bincount(rows[here] * width + columns[here], squares.letters[here], height * width)
        return tiles.astype(np.int64).reshape(height, width)


def _every_second_bit(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what `geo.cells.decode` gives of many cells at once: their columns, or shifted by a bit their rows."""
    cells = cells & 0x5555555555555555
    for shift, kept in (
        (1, 0x3333333333333333), (2, 0x0F0F0F0F0F0F0F0F), (4, 0x00FF00FF00FF00FF),
        (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF),
    ):  # fmt: skip
        cells = (cells | cells >> shift) & kept
    return cells


@lru_cache(maxsize=HELD)
def _grid_over(places: tuple[tuple[int, int], ...], zoom: int) -> LiveGrid:
    """The grid over some districts, each named by edition and key: it is the same as long as they are drawn so."""
    if not places:
        return LiveGrid(zoom, 0, 0, np.zeros((0, 0), bool))
    # Copies, prepared for this call alone: two threads that ask one prepared polygon may bring the process down.
    shapes = shapely.from_wkb(shapely.to_wkb([shape_of(*place) for place in places]))
    shapely.prepare(shapes)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    left, top = tile_of(west, north, zoom)
    right, bottom = tile_of(east, south, zoom)
    lons, lats = _middles(zoom, left, right, top, bottom)
    grid_lon, grid_lat = np.meshgrid(lons, lats)
    inside = np.zeros(grid_lon.shape, bool)
    for shape in shapes:  # one after another: their union would cost more than all of them
        inside |= shapely.contains_xy(shape, grid_lon, grid_lat)
    inside.flags.writeable = False  # others are given the same
    return LiveGrid(zoom, left, top, inside)


def outline_of(cells: Iterable[int], zoom: int) -> shapely.Geometry:
    """Cells of a zoom as one polygon or several, in degrees."""
    boxes = [bounds_of(cell, zoom) for cell in cells]
    return shapely.union_all([shapely.box(each.west, each.south, each.east, each.north) for each in boxes])


def addresses_by_cell(city: City, zoom: int) -> dict[int, int]:
    """Return how many known addresses of a city each cell of a zoom holds; cells without any are absent."""
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, {"city": city.pk, "shift": 2 * (ZOOM - zoom)})
        return dict(cursor.fetchall())


def _middles(
    zoom: int, left: int, right: int, top: int, bottom: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of the middles of columns and rows, in degrees."""
    side = 1 << zoom
    lons = (np.arange(left, right + 1) + 0.5) / side * 360.0 - 180.0
    lats = np.degrees(np.arctan(np.sinh(math.pi * (1.0 - 2.0 * (np.arange(top, bottom + 1) + 0.5) / side))))
    return lons, lats
