"""Cells: numbers along the Z-order, the same in Python and in the database."""

from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import cells

columns = st.integers(0, 2**18 - 1)
# Rounded to 12 decimals: PostgreSQL refuses arithmetic that underflows, Python makes it 0.
longitudes = st.floats(-180, 179.99).map(lambda degrees: round(degrees, 12))
latitudes = st.floats(-85, 85).map(lambda degrees: round(degrees, 12))
sizes = st.floats(0.0005, 0.2)
shares = st.floats(0, 1)


def corner(tile: tuple[int, int]) -> tuple[float, float]:
    """Return the north-west corner of a cell, in degrees: where rounding is hardest."""
    box = cells.bounds_of(cells.encode(*tile))
    return box.west, box.north


points_and_corners = st.one_of(st.tuples(longitudes, latitudes), st.tuples(columns, columns).map(corner))


@given(columns, columns)
def test_a_cell_number_reads_back(x: int, y: int) -> None:
    assert cells.decode(cells.encode(x, y)) == (x, y)


@given(longitudes, latitudes)
def test_a_point_lies_in_its_cell(lon: float, lat: float) -> None:
    box = cells.bounds_of(cells.cell_of(lon, lat))
    assert box.west - 1e-9 <= lon <= box.east + 1e-9
    assert box.south - 1e-9 <= lat <= box.north + 1e-9


@given(longitudes, latitudes, st.integers(0, 18))
def test_a_coarser_cell_is_a_shift(lon: float, lat: float, zoom: int) -> None:
    assert cells.parent(cells.cell_of(lon, lat), zoom) == cells.cell_of(lon, lat, zoom)


def test_a_known_tile() -> None:
    """Tile 3, column 3 and row 5 (binary 011 and 101), has the quadkey 213: "Bing Maps Tile System", Microsoft."""
    assert cells.encode(3, 5) == int("213", 4)
    assert cells.tile_of(25.5947, 49.5535, 12) == (2339, 1397)


def test_a_cell_in_ternopil_is_about_99_metres_wide() -> None:
    assert cells.side_m(49.55) == pytest.approx(99, abs=1)


@settings(max_examples=150)
@given(st.floats(22, 40), st.floats(44, 52), sizes, sizes, shares, shares)
def test_ranges_cover_the_whole_box(lon: float, lat: float, width: float, height: float, u: float, v: float) -> None:
    box = cells.Bounds(lon, lat, lon + width, lat + height)
    ranges = cells.ranges_covering(box)
    cell = cells.cell_of(lon + width * u, lat + height * v)
    assert any(span.first <= cell <= span.last for span in ranges)
    assert all(before.last < after.first for before, after in pairwise(ranges))
    assert len(ranges) <= 64


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.lists(points_and_corners, min_size=1, max_size=50))
def test_the_database_numbers_cells_as_python_does(points: list[tuple[float, float]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(analysis_cell(ST_SetSRID(ST_MakePoint(lon, lat), 4326)) ORDER BY place)"
            " FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS p(lon, lat, place)",
            [[lon for lon, _ in points], [lat for _, lat in points]],
        )
        assert cursor.fetchone()[0] == [cells.cell_of(*point) for point in points]


def test_a_cell_is_a_closed_counterclockwise_ring() -> None:
    polygon = cells.polygon_of(cells.cell_of(25.6, 49.55))
    ring = polygon["coordinates"][0]  # type: ignore[index]
    assert ring[0] == ring[-1]
    assert sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) < 0
