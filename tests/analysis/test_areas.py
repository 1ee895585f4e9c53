"""Release areas: disjoint, together the whole district, each with enough homes or a reason why it has not."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.areas import Area, Floor, Reason, Shape, partition
from geo.cells import bounds_of, cell_of, tile_of

ORDINARY, PROTECTED = Floor(8, 1, 4), Floor(100, 4, 8)
NOBODY: NDArray[np.float64] = np.empty((0, 2))
WEST, SOUTH, SIDE = 25.0, 49.99, 0.01
SQUARE = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)


def homes(n: int, *, seed: int = 1, middle: float = 0.5, spread: float = 0.3) -> NDArray[np.float64]:
    """Return homes around a place of the square; some fall outside of it."""
    shares = np.random.default_rng(seed).normal(middle, spread, (n, 2))
    return np.array([WEST, SOUTH]) + shares * SIDE


@st.composite
def districts(draw: st.DrawFn) -> Shape:
    """A star-shaped polygon of 1 to 3 km, perhaps with a hole or a second part."""
    corners = draw(st.lists(st.floats(0.2, 1), min_size=4, max_size=12))
    angles = np.linspace(0, 2 * np.pi, len(corners), endpoint=False)
    x = WEST + 0.02 * np.array(corners) * np.cos(angles)
    y = SOUTH + 0.012 * np.array(corners) * np.sin(angles)
    shape = shapely.Polygon(np.column_stack([x, y]))
    if draw(st.booleans()):
        shape = shape.difference(shapely.box(WEST - 0.003, SOUTH - 0.002, WEST + 0.002, SOUTH + 0.001))
    if draw(st.booleans()):
        shape = shape.union(shapely.box(WEST + 0.03, SOUTH, WEST + 0.034, SOUTH + 0.003))
    return shape  # type: ignore[no-any-return]


def size(areas: list[Area]) -> float:
    """Return the mean size of the areas of homes, in cells."""
    return float(np.mean([len(area.cells) for area in areas]))


@settings(max_examples=80, deadline=None)
@given(
    districts(),
    st.integers(0, 2**30),
    st.sampled_from([0, 3, 40, 400, 1_500]),
    st.sampled_from([ORDINARY, PROTECTED, Floor(20, 2, 5)]),
)
def test_areas_are_disjoint_cover_the_district_and_meet_the_floor(
    district: Shape, seed: int, n: int, floor: Floor
) -> None:
    points = homes(n, seed=seed, middle=0, spread=0.8)
    areas = partition(district, points, floor)
    shapes = [area.shape for area in areas]
    assert all(shape.is_valid and not shape.is_empty for shape in shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(district.area, rel=1e-9)
    assert shapely.union_all(shapes).symmetric_difference(district).area < 1e-9 * district.area
    cells = [cell for area in areas for cell in area.cells]
    assert len(cells) == len(set(cells)), "a cell of a district belongs to one area"
    inside = points[shapely.intersects_xy(district, points[:, 0], points[:, 1])]
    assert sum(area.addresses for area in areas) == len(inside)
    for area in areas:
        tiles = np.array([_tile(cell) for cell in area.cells])
        sides = tiles.max(axis=0) - tiles.min(axis=0) + 1
        worth = sum(
            shapely.box(*_box(c)).intersection(area.shape).area / shapely.box(*_box(c)).area for c in area.cells
        )
        side = floor.side if len(inside) else floor.side_without_addresses
        if area.reason in (Reason.FEW_ADDRESSES, Reason.SMALL):
            assert len(areas) == 1
        else:
            assert (area.reason == Reason.NO_ADDRESSES) == (len(inside) == 0)
            assert area.addresses >= (floor.addresses if len(inside) else 0)
            assert sides.min() >= side
            assert worth >= side**2 - 1e-6


def _tile(cell: int) -> tuple[int, int]:
    box = bounds_of(cell)
    return tile_of(*box.centre)


def _box(cell: int) -> tuple[float, float, float, float]:
    box = bounds_of(cell)
    return box.west, box.south, box.east, box.north


@settings(max_examples=40, deadline=None)
@given(districts(), st.integers(0, 2**30))
def test_the_same_addresses_in_any_order_draw_the_same_areas(district: Shape, seed: int) -> None:
    points = homes(300, seed=seed, middle=0, spread=0.8)
    shuffled = np.random.default_rng(seed).permutation(points)
    assert partition(district, points, ORDINARY) == partition(district, shuffled, ORDINARY)


@settings(max_examples=40, deadline=None)
@given(districts(), st.floats(-0.02, 0.02), st.floats(-0.012, 0.012))
def test_every_place_of_the_district_lies_in_a_cell_of_the_area_that_covers_it(
    district: Shape, east: float, north: float
) -> None:
    point = shapely.Point(WEST + east, SOUTH + north)
    for area in partition(district, homes(400, middle=0), ORDINARY):
        if area.shape.contains(point):
            assert cell_of(point.x, point.y) in area.cells


def test_dense_homes_have_small_areas_and_sparse_ones_large() -> None:
    areas = partition(SQUARE, homes(600, middle=0.2, spread=0.08), ORDINARY)
    at_home = next(area for area in areas if area.shape.covers(shapely.Point(WEST + 0.2 * SIDE, SOUTH + 0.2 * SIDE)))
    assert len(at_home.cells) <= 2
    assert len(max(areas, key=lambda area: len(area.cells)).cells) > 20


def test_protected_areas_are_larger() -> None:
    points = homes(1_000)
    assert size(partition(SQUARE, points, PROTECTED)) > 4 * size(partition(SQUARE, points, ORDINARY))


def test_a_district_with_too_few_addresses_is_one_area_and_says_so() -> None:
    [area] = partition(SQUARE, homes(7, spread=0.1), ORDINARY)
    assert (area.reason, area.addresses) == (Reason.FEW_ADDRESSES, 7)
    assert area.shape.equals(SQUARE)


def test_a_tiny_district_is_one_area_and_says_so() -> None:
    tiny = shapely.box(WEST, SOUTH, WEST + 0.0005, SOUTH + 0.0005)
    [area] = partition(tiny, homes(0), ORDINARY)
    assert area.reason == Reason.SMALL


def test_without_addresses_areas_are_as_large_as_the_floors_say() -> None:
    areas = partition(SQUARE, NOBODY, ORDINARY)
    assert {area.reason for area in areas} == {Reason.NO_ADDRESSES}
    assert all(16 <= len(area.cells) <= 40 for area in areas)
    assert len(partition(SQUARE, NOBODY, PROTECTED)) < len(areas)
