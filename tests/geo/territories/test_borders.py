"""Districts drawn around addresses: each address in its own, nothing left over, nothing twice."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.territories.borders import draw_districts

CITY = shapely.Polygon([(0, 0), (1000, 0), (1000, 400), (600, 400), (600, 600), (1000, 600), (1000, 1000), (0, 1000)])
"""A city of a square kilometre with a bay in its eastern side."""

houses = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 3)).filter(
        lambda house: CITY.covers(shapely.Point(house[:2]))
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda house: house[:2],
)


@settings(max_examples=150, deadline=None)
@given(houses)
def test_districts_are_a_coverage_of_the_city_with_each_house_in_its_own(houses: list[tuple[int, int, int]]) -> None:
    table = np.array(houses)
    points, owners = table[:, :2].astype(float), table[:, 2]
    drawn = draw_districts(points, owners, CITY)
    assert len(drawn) == owners.max() + 1
    assert (shapely.is_empty(drawn) == ~np.isin(np.arange(len(drawn)), owners)).all()
    assert shapely.is_valid(drawn).all()
    assert shapely.coverage_is_valid(drawn)
    assert shapely.covers(drawn[owners], shapely.points(points)).all()
    assert shapely.union_all(drawn).symmetric_difference(CITY).area < 1e-3


def test_a_border_between_two_rows_of_houses_runs_straight() -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform((0, 0), (1000, 1000), (400, 2))
    owners = (points[:, 1] > 500).astype(np.int64)
    south, north = draw_districts(points, owners, shapely.box(0, 0, 1000, 1000))
    assert south.intersection(north).length < 1080
    assert south.area == pytest.approx(500_000, rel=0.02)


def test_a_city_of_several_parts_is_divided_over_all_of_them() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 100, 100), shapely.box(300, 0, 400, 100)])
    west, east = draw_districts(np.array([[50.0, 50.0], [80.0, 50.0]]), np.array([0, 1]), parts)
    assert west.area + east.area == pytest.approx(20_000)
    assert east.covers(shapely.box(300, 0, 400, 100))


def test_without_an_address_nothing_can_be_drawn() -> None:
    with pytest.raises(ValueError, match="Without an address"):
        draw_districts(np.empty((0, 2)), np.empty(0, dtype=np.int64), CITY)
