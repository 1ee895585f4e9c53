"""The district nearest to a place is the nearest by metres, whatever the degrees say."""

import datetime
import math
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import Point
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.lookup import nearest_district
from geo.models import City, DistrictBoundary
from tests.world import LONG_AGO, NOON

EAST_M, NORTH_M = 111_320 * math.cos(math.radians(50)), 111_230.0
"""Metres of a degree at 50 N, 25 E, to a part in a thousand."""


def box(x_m: float, y_m: float, width_m: float, height_m: float) -> shapely.Polygon:
    """A box with its corner so many metres east and north of 25 E, 50 N."""
    west, south = 25 + x_m / EAST_M, 50 + y_m / NORTH_M
    return shapely.box(west, south, west + width_m / EAST_M, south + height_m / NORTH_M)


def city(slug: str, *boxes: shapely.Polygon, starts_at: datetime.datetime = LONG_AGO) -> City:
    here = City.objects.create(slug=slug, name_uk=slug, stage="pilot")
    edition = record_edition(
        city=here,
        districts=[DrawnDistrict(str(number), "", shape) for number, shape in enumerate(boxes, 1)],
        source="",
        recorded_at=LONG_AGO,
        recorded_by="tests",
    )
    activate_edition(edition, by="tests", now=LONG_AGO, starts_at=starts_at)
    return here


def test_nearer_city_to_the_east_wins_over_one_to_the_north(db: None) -> None:
    city("north", *[box(500 * number, 32_800, 500, 500) for number in range(12)])
    city("east", box(29_800, 0, 1000, 1000))
    found = nearest_district(lon=25, lat=50, at=NOON, city=None, stages=["pilot"])
    assert found is not None
    assert (found.city_slug, found.code) == ("east", "1")
    assert found.distance_m == pytest.approx(29_800, rel=2e-3)
    within = nearest_district(lon=25, lat=50, at=NOON, city="north", stages=["pilot"])
    assert within is not None
    assert (within.city_slug, within.code) == ("north", "1")


def test_an_index_gives_the_nearest_in_order_whatever_the_planner_believes(db: None) -> None:
    """Its statistics may be those of the table before an import: then it would measure every polygon of a city."""
    city("one", box(1000, 0, 500, 500))
    plans: list[str] = []

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "WITH place" in sql and not sql.startswith("EXPLAIN"):
            context["cursor"].execute(f"EXPLAIN {sql}", params)
            plans.append(" ".join(row[0] for row in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE geo_districtboundary")
    with connection.execute_wrapper(explain):
        nearest_district(lon=25, lat=50, at=NOON, city=None, stages=["pilot"])
    [plan] = plans
    assert "district_boundary_near" in plan
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_sort")
        assert cursor.fetchone() == ("on",), "what comes after in the transaction is planned as ever"


def test_district_not_in_force_and_city_not_served_are_not_the_nearest(db: None) -> None:
    city("later", box(1000, 0, 500, 500), starts_at=NOON + datetime.timedelta(days=1))
    hidden = city("hidden", box(2000, 0, 500, 500))
    City.objects.filter(pk=hidden.pk).update(stage="training")
    assert nearest_district(lon=25, lat=50, at=NOON, city=None, stages=["pilot"]) is None
    city("far", box(90_000, 0, 500, 500))
    found = nearest_district(lon=25, lat=50, at=NOON, city=None, stages=["pilot"])
    assert found is not None
    assert found.city_slug == "far"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lon=st.one_of(st.floats(24, 26), st.floats(-180, 180)),
    lat=st.one_of(st.floats(49, 51), st.floats(-90, 90)),
)
def test_nearest_is_what_measuring_every_district_says(scattered: None, lon: float, lat: float) -> None:
    distances = [
        row.distance_m
        for row in DistrictBoundary.objects.raw(
            "SELECT id, ST_Distance(boundary::geography, %s::geography) AS distance_m FROM geo_districtboundary",
            [Point(lon, lat, srid=4326).ewkt],
        )
    ]
    found = nearest_district(lon=lon, lat=lat, at=NOON, city=None, stages=["pilot"])
    assert found is not None
    assert found.distance_m == pytest.approx(min(distances), abs=0.1)


@pytest.fixture
def scattered(db: None) -> None:
    """Two cities of long districts, one lying east to west, one north to south."""
    city("wide", *[box(-60_000 + 12_000 * number, 20_000, 12_000, 800) for number in range(10)])
    city("tall", *[box(31_000, -60_000 + 12_000 * number, 800, 12_000) for number in range(10)])
