"""The demonstration that ships: two gap-free cities, plainly nobody real, drawn again byte for byte."""

import csv
import json
import math
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import phonenumbers
import pyproj
import pytest
import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from geo.addresses.houses import HouseNumber
from geo.addresses.search import search_addresses
from geo.models import House, StreetName, TerritoryList
from geo.territories.recording import compiled_from
from geo.territories.report import Kind, report_on
from mapui.demo import CITIES as DEMO
from mapui.demo import load_city

BOUNDARIES = Path(__file__).resolve().parents[2] / "data" / "boundaries"
CITIES = {"ternopil": 32, "kyiv-holosiivskyi": 36}
IN_DRAWING = (".geojson", ".csv")
LONGEST_NAME = 160
METRES_PER_DEGREE = 111_195

every_city = pytest.mark.parametrize("city", CITIES)
_to_equal_area = pyproj.Transformer.from_crs(4326, 6933, always_xy=True)


def features(city: str, name: str) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    collection = json.loads((BOUNDARIES / city / f"{name}.geojson").read_text("utf-8"))
    return [(shapely.geometry.shape(f["geometry"]), f["properties"]) for f in collection["features"]]


def rows(city: str, name: str) -> list[dict[str, str]]:
    with (BOUNDARIES / city / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def districts(city: str) -> list[BaseGeometry]:
    return [shape for shape, _ in features(city, "districts")]


def outline(city: str) -> BaseGeometry:
    [(shape, _)] = features(city, "outline")
    return shape


def area_m2(shape: BaseGeometry) -> float:
    return float(shapely.transform(shape, _to_equal_area.transform, interleaved=False).area)


def flat(shape: BaseGeometry) -> BaseGeometry:
    """In metres about the shape's own place; near enough over a city."""
    return shapely.transform(shape, lambda xy: xy * (math.cos(math.radians(50)), 1) * METRES_PER_DEGREE)


def point(row: dict[str, str]) -> shapely.Point:
    return shapely.Point(float(row["lon"]), float(row["lat"]))


@every_city
def test_districts_are_a_coverage_without_gaps_or_overlaps(city: str) -> None:
    shapes = districts(city)
    assert {shape.geom_type for shape in shapes} == {"Polygon"}
    assert all(shape.is_valid and not shape.interiors for shape in shapes)
    assert shapely.coverage_is_valid(shapes)
    assert sum(map(area_m2, shapes)) == pytest.approx(area_m2(shapely.union_all(shapes)), abs=1)


@every_city
def test_districts_fill_the_outline_to_a_square_metre(city: str) -> None:
    whole = outline(city)
    assert whole.geom_type == "MultiPolygon"
    assert area_m2(shapely.union_all(districts(city)).symmetric_difference(whole)) < 1


@every_city
def test_districts_have_their_number_and_codes_of_their_own(city: str) -> None:
    codes = [properties["code"] for _, properties in features(city, "districts")]
    assert codes == [f"{number:02}" for number in range(1, CITIES[city] + 1)]
    names = [properties["name_uk"] for _, properties in features(city, "districts")]
    assert len(set(names)) == CITIES[city]


@every_city
def test_districts_look_like_districts_not_slivers(city: str) -> None:
    for shape, properties in features(city, "districts"):
        flat = shapely.transform(shape, _to_equal_area.transform, interleaved=False)
        assert area_m2(shape) > 250_000, properties["code"]
        assert 12.57 * flat.area / flat.length**2 > 0.2, properties["code"]
        assert 10 <= len(shape.exterior.coords) <= 160, properties["code"]


@every_city
def test_no_district_has_more_residents_than_one_officer_may_serve(city: str) -> None:
    kind_of = {row["districts"]: row["kind"] for row in rows(city, "officers")}
    for _, properties in features(city, "districts"):
        most = 6000 if kind_of.get(properties["code"]) == "community" else 7000
        assert 3500 <= properties["population"] <= most, properties["code"]


@every_city
def test_coordinates_have_six_decimals_at_most(city: str) -> None:
    for path in sorted((BOUNDARIES / city).glob("*.geojson")):
        for shape, _ in features(city, path.stem):
            xy = shapely.get_coordinates(shape)
            assert (xy == xy.round(6)).all(), path.name


@every_city
def test_every_address_lies_in_one_district_on_a_drawn_street(city: str) -> None:
    streets = {properties["name_uk"] for _, properties in features(city, "streets")}
    found = rows(city, "addresses")
    tree = shapely.STRtree(districts(city))
    assert len({(row["street"], row["house"]) for row in found}) == len(found)
    assert 1200 <= len(found) <= 1600
    for row in found:
        assert row["street"] in streets
        assert len(tree.query(point(row), predicate="intersects")) == 1, row


@every_city
def test_no_address_stands_in_water(city: str) -> None:
    water = shapely.union_all([shape for shape, _ in features(city, "water")])
    assert not [row for row in rows(city, "addresses") if water.intersects(point(row))]


@every_city
def test_streets_lie_within_the_city(city: str) -> None:
    whole = outline(city).buffer(0.0001)
    lines = features(city, "streets")
    assert len({properties["name_uk"] for _, properties in lines}) == len(lines) >= 80
    assert all(whole.covers(line) and line.geom_type == "LineString" for line, _ in lines)
    assert all(properties["name_en"].isascii() for _, properties in lines)


@every_city
def test_streets_leave_lakes_and_ponds_alone(city: str) -> None:
    """None is crossed but on a dam."""
    still = shapely.union_all([flat(shape) for shape, row in features(city, "water") if row["kind"] != "river"])
    for line, properties in features(city, "streets"):
        assert flat(line).intersection(still).length < 130, properties["name_uk"]


@every_city
def test_every_street_joins_another(city: str) -> None:
    lines = [flat(line) for line, _ in features(city, "streets")]
    for number, line in enumerate(lines):
        assert any(line.dwithin(other, 5) for other in (*lines[:number], *lines[number + 1 :])), number


@every_city
def test_main_streets_run_longer_than_others(city: str) -> None:
    lengths: dict[str, list[float]] = {"main": [], "street": []}
    for line, properties in features(city, "streets"):
        lengths[properties["class"]].append(flat(line).length)
    assert min(lengths["street"]) > 150
    assert statistics.median(lengths["main"]) > 2 * statistics.median(lengths["street"])


@every_city
def test_a_street_has_its_houses_along_it(city: str) -> None:
    """Odd ones on the left, even ones on the right, nearest to their own street, numbers rising."""
    lines = {properties["name_uk"]: flat(line) for line, properties in features(city, "streets")}
    on: dict[str, list[tuple[int, float, bool]]] = {name: [] for name in lines}
    for row in rows(city, "addresses"):
        at, line = flat(point(row)), lines[row["street"]]
        assert line.distance(at) < 60, row
        assert line.distance(at) <= min(other.distance(at) for other in lines.values()) + 0.5, row
        along = line.project(at)
        ahead, behind = line.interpolate(along + 5), line.interpolate(max(along - 5, 0))
        is_left = (ahead.x - behind.x) * (at.y - behind.y) > (ahead.y - behind.y) * (at.x - behind.x)
        on[row["street"]].append((HouseNumber.parse(row["house"]).number, along, is_left))  # type: ignore[union-attr]
    for name, houses in on.items():
        assert all(is_left == bool(number % 2) for number, _, is_left in houses), name
        assert not houses or 7 <= len(houses) <= 25, name
        for side in (0, 1):
            along_m = {number: along for number, along, _ in houses if number % 2 == side}
            assert list(along_m) == sorted(along_m, key=along_m.__getitem__), name
    assert sum(not houses for houses in on.values()) <= 2  # roads out of the city


@every_city
def test_house_numbers_are_of_every_kind(city: str) -> None:
    numbers = [row["house"] for row in rows(city, "addresses")]
    read = [HouseNumber.parse(number) for number in numbers]
    assert [str(house) for house in read] == numbers
    for part in ("letter", "fraction", "corpus"):
        assert sum(bool(getattr(house, part)) for house in read) >= 40, part


@every_city
def test_other_names_belong_to_streets_and_say_that_they_are_demonstration(city: str) -> None:
    streets = {properties["name_uk"] for _, properties in features(city, "streets")}
    names = rows(city, "other_names")
    assert {row["kind"] for row in names} == set(StreetName.Kind)
    assert all(row["street"] in streets and row["source"] == "Demonstration" for row in names)
    assert not {row["name"] for row in names} & streets


@pytest.mark.django_db
def test_a_loaded_pilot_finds_its_houses_under_former_names_too() -> None:
    city = load_city(DEMO[0], now=timezone.now())
    assert city.streets.filter(houses__isnull=False).distinct().count() >= 80
    assert House.objects.filter(street__city=city).count() == len(rows("ternopil", "addresses"))
    [match] = search_addresses(city, "Бригадна 14")
    assert (match.label, match.how) == ("вул. Покрови, 14", "former")


@pytest.mark.django_db
def test_list_of_streets_has_the_faults_that_its_readme_names() -> None:
    city = load_city(DEMO[1], now=timezone.now())
    found = report_on(city, compiled_from(TerritoryList.objects.get(city=city)), at=timezone.now())
    assert [(one.houses, one.districts) for one in found.of(Kind.CLAIMED_TWICE)] == [(("9",), ("02", "03"))]
    assert [(one.houses, one.districts) for one in found.of(Kind.RULE_AND_POLYGON)] == [(("57",), ("02", "04"))]
    unknown = {one.text: one.guesses for one in found.of(Kind.UNKNOWN_STREET)}
    assert unknown.keys() == {"вул. Панькицька", "ТОВ «Демонстрація»."}
    assert "вул. Паньківська" in unknown["вул. Панькицька"]
    assert [one.street for one in found.of(Kind.SPLIT_STREET) if one.houses] == ["вул. Федорова"]
    assert [one.street for one in found.of(Kind.UNCOVERED)] == ["вул. Паньківська"]
    assert not found.of(Kind.UNREAD)


@every_city
def test_officers_and_stations_are_plainly_demonstration(city: str) -> None:
    for row in rows(city, "officers"):
        assert row["name_uk"].startswith("Демонстраційний Офіцер "), row
        assert row["name_en"].startswith("Demonstration Officer "), row
        assert row["email"].endswith(".invalid"), row
    for row in rows(city, "stations"):
        assert "(демонстрація)" in row["name_uk"] and "(demonstration)" in row["name_en"], row
        assert len(row["name_uk"]) <= LONGEST_NAME
    assert all(properties["demonstration"] is True for _, properties in features(city, "districts"))


@every_city
def test_demonstration_phones_are_well_formed_and_ring_nobody(city: str) -> None:
    area_code = {"ternopil": "352", "kyiv-holosiivskyi": "44"}[city]
    for row in [*rows(city, "officers"), *rows(city, "stations")]:
        number = phonenumbers.parse(row["phone"])
        assert phonenumbers.is_valid_number(number), row
        assert str(number.national_number).removeprefix(area_code).startswith("000"), row


@every_city
def test_demonstration_shows_vacancies_leaves_and_substitutes(city: str) -> None:
    postings = rows(city, "officers")
    codes = {properties["code"] for _, properties in features(city, "districts")}
    main = [row["districts"] for row in postings if row["role"] == "main"]
    away = {row["districts"] for row in postings if row["leave_from"]}
    acting = {row["districts"] for row in postings if row["role"] == "acting"}
    assert len(main) == len(set(main))
    assert set(main) <= codes
    assert len(codes - set(main)) == 3
    assert len(away) == 4
    assert len(acting) == 3
    assert acting < away
    keepers = [row["officer_key"] for row in postings if row["role"] == "main"]
    assert len(keepers) - len(set(keepers)) == 1
    on_leave = {row["officer_key"] for row in postings if row["leave_from"]}
    assert not on_leave & {row["officer_key"] for row in postings if row["role"] == "acting"}
    assert any(row["kind"] == "community" for row in postings)


@every_city
def test_an_officer_serves_or_acts_for_neighbours(city: str) -> None:
    shape_of = {properties["code"]: shape for shape, properties in features(city, "districts")}
    served: dict[str, list[BaseGeometry]] = {}
    for row in rows(city, "officers"):
        served.setdefault(row["officer_key"], []).append(shape_of[row["districts"]])
    assert all(one.intersects(other) for shapes in served.values() for one in shapes for other in shapes)


@every_city
def test_each_officer_has_one_card_and_a_station_that_exists(city: str) -> None:
    stations = rows(city, "stations")
    assert [row["duty"] for row in stations].count("yes") == 1
    card = ("kind", "name_uk", "name_en", "phone", "email", "station", "checked_on")
    cards: dict[str, set[tuple[str, ...]]] = {}
    for row in rows(city, "officers"):
        cards.setdefault(row["officer_key"], set()).add(tuple(row[column] for column in card))
        assert row["station"] in {station["key"] for station in stations}
    assert all(len(versions) == 1 for versions in cards.values())
    assert all(outline(city).covers(point(station)) for station in stations)


def test_drawing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", str(BOUNDARIES / "draw.py"), "--into", str(tmp_path)], check=True)
    drawn = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    kept = sorted(p.relative_to(BOUNDARIES) for p in BOUNDARIES.rglob("*.*") if p.suffix in IN_DRAWING)
    assert drawn == kept
    for path in drawn:
        assert (tmp_path / path).read_bytes() == (BOUNDARIES / path).read_bytes(), path


def test_files_are_small() -> None:
    assert all(path.stat().st_size < 200_000 for path in BOUNDARIES.rglob("*.*"))
