"""The outline of a city: read through the door of boundaries, looked at beside the districts, kept when it changes."""

import json
from pathlib import Path

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import DatabaseError, transaction
from django.utils import translation

from geo.boundaries.outlining import (
    UnusableOutline,
    area_km2,
    change_outline,
    look_at_outline,
    outline_of_districts,
    read_outline,
)
from geo.models import City, CityOutline, House, Street
from tests.world import NOON, World

WEST_HALF = shapely.box(25.0, 49.99, 25.015, 50.0)
BOW_TIE = shapely.Polygon([(25.0, 49.99), (25.03, 50.0), (25.03, 49.99), (25.0, 50.0)])


def written(path: Path, *shapes: shapely.Geometry) -> Path:
    features = [{"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(s))} for s in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def outline(*box: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox(box), srid=4326)


def test_all_polygons_of_a_file_are_one_outline(tmp_path: Path) -> None:
    parts = written(tmp_path / "city.geojson", WEST_HALF, shapely.box(25.015, 49.99, 25.03, 50.0))
    found = read_outline(parts)
    assert (found.srid, len(found), found.extent) == (4326, 1, (25.0, 49.99, 25.03, 50.0))
    assert area_km2(found) == pytest.approx(2.391, abs=0.005)  # 0.03 by 0.01 degrees at 50 north


@pytest.mark.parametrize(
    ("shape", "says"),
    [(BOW_TIE, "crosses itself"), (shapely.Point(25.0, 50.0), "not a polygon"), (None, "no file of boundaries")],
)
def test_what_is_no_outline_is_refused_in_a_sentence(tmp_path: Path, shape: shapely.Geometry | None, says: str) -> None:
    path = tmp_path / "city.geojson"
    if shape is None:
        path.write_text("hello", encoding="utf-8")
    else:
        written(path, shape)
    with translation.override("en"), pytest.raises(UnusableOutline, match=says):
        read_outline(path)


def test_the_outline_of_the_districts_agrees_with_them_everywhere(world: World) -> None:
    whole = outline_of_districts(world.edition)
    look = look_at_outline(world.city, whole, at=NOON)
    assert look.findings == []
    assert look.area_km2 == pytest.approx(2.391, abs=0.005)


def test_what_falls_outside_is_named_and_counted(world: World) -> None:
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    for number, lon in enumerate((25.005, 25.02, 25.025), start=1):
        House.objects.create(street=street, number=str(number), location=Point(lon, 49.995, srid=4326))
    look = look_at_outline(world.city, outline(24.99, 49.99, 25.015, 50.0), at=NOON)
    assert {(found["kind"], *found["codes"]) for found in look.findings or []} == {
        ("outside_outline", "2"), ("outside_outline", "3"), ("uncovered_outline", "1"),
    }  # fmt: skip
    assert (look.houses, look.houses_outside) == (3, 2)


def test_without_an_edition_only_area_and_houses_are_told(world: World) -> None:
    empty = City.objects.create(slug="porozhnie", name_uk="Порожнє")
    look = look_at_outline(empty, outline(26, 49, 26.1, 49.1), at=NOON)
    assert (look.findings, look.houses) == (None, 0)


def test_every_outline_is_kept_with_what_came_before_the_first_change(world: World) -> None:
    City.objects.filter(pk=world.city.pk).update(outline=outline(25, 49.99, 25.03, 50))
    for shape in (outline(24.9, 49.9, 25.1, 50.1), None):
        change_outline(city=world.city, outline=shape, source="Рішення 7", by="coordinator@example.org", at=NOON)
    kept = [(each.number, each.recorded_by, each.outline is None) for each in CityOutline.objects.all()]
    assert kept == [(3, "coordinator@example.org", True), (2, "coordinator@example.org", False), (1, "", False)]
    assert City.objects.get(pk=world.city.pk).outline is None
    with pytest.raises(DatabaseError), transaction.atomic():
        CityOutline.objects.filter(number=1).delete()
