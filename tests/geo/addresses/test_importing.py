"""Addresses come in from files, twice without doubling, and what is no address is named."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.addresses.importing import UnreadableAddresses, import_addresses, staging
from geo.addresses.search import search_addresses
from geo.models import City, House, Settlement, Street, StreetName

pytestmark = pytest.mark.django_db

GOOD = "street,house,lat,lon\nвул. Руська,1,49.55,25.59\nвул. Руська,3А,49.551,25.591\n"
Writer = Callable[..., Path]


@pytest.fixture
def city() -> City:
    return City.objects.create(slug="ternopil", name_uk="Тернопіль", name_en="Ternopil", stage="open")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a text to a file and return where."""

    def write(text: str, name: str = "addresses.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return write


def rows() -> list[tuple[str, str, str, float, float]]:
    """All that is known of houses."""
    return sorted(
        (str(house.street.settlement or ""), house.street.name_uk, house.number, house.location.x, house.location.y)
        for house in House.objects.select_related("street__settlement")
    )


# --- CSV ------------------------------------------------------------------------------------------------------


def test_houses_are_recorded_with_their_streets(city: City, write: Writer) -> None:
    report = import_addresses(city, write(GOOD), commit=True)
    assert (report.counts.new_houses, report.counts.new_streets) == (2, 1)
    assert rows() == [("", "вулиця Руська", "1", 25.59, 49.55), ("", "вулиця Руська", "3А", 25.591, 49.551)]


def test_without_commit_nothing_changes_and_the_counts_are_the_same(city: City, write: Writer) -> None:
    path = write(GOOD)
    preview = import_addresses(city, path, commit=False)
    assert rows() == [] and not Street.objects.exists()
    assert import_addresses(city, path, commit=True) == preview


def test_headings_in_ukrainian_semicolons_decimal_commas_and_cp1251(city: City, write: Writer) -> None:
    text = "Населений пункт;Вулиця;Будинок;Широта;Довгота\nс. Петриків;Лісова;2;49,53;25,57\n"
    import_addresses(city, write(text, encoding="cp1251"), commit=True)
    assert rows() == [("Петриків", "Лісова", "2", 25.57, 49.53)]
    assert Settlement.objects.get().kind == "village"


def test_the_city_itself_is_no_settlement_of_it(city: City, write: Writer) -> None:
    import_addresses(city, write("settlement,street,house,lat,lon\nм. Тернопіль,Руська,1,49.55,25.59\n"), commit=True)
    assert rows() == [("", "Руська", "1", 25.59, 49.55)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("вул. Руська,б/н,49.55,25.59", "no house number"),
        (",5,49.55,25.59", "street is empty"),
        ("вул. Руська,5,25.59,49.55", "exchanged"),
        ("вул. Руська,5,,", "must be numbers"),
        ("вул. Руська,5,50.5,50.5", "far from the city"),
        ("вул. Руська", "fewer cells"),
    ],
)
def test_what_is_no_address_is_named_by_row_and_does_not_stop_the_others(
    city: City, write: Writer, row: str, reason: str
) -> None:
    report = import_addresses(city, write(f"{GOOD}{row}\n"), commit=True)
    assert report.counts.new_houses == 2
    [refusal] = report.refusals
    assert refusal.place == 4 and reason in refusal.reason


def test_a_house_far_from_the_outline_is_refused(city: City, write: Writer) -> None:
    city.outline = MultiPolygon(Polygon.from_bbox((25.5, 49.5, 25.7, 49.6)), srid=4326)
    city.save()
    report = import_addresses(city, write(GOOD + "вул. Руська,5,50.45,30.52\n"), commit=True)
    assert (report.counts.new_houses, report.refused) == (2, 1)


def test_a_house_said_twice_is_one_house(city: City, write: Writer) -> None:
    report = import_addresses(city, write(GOOD + "вулиця Руська,3-а,49.56,25.6\n"), commit=True)
    assert (report.counts.new_houses, report.counts.repeated_houses) == (2, 1)
    assert rows()[1] == ("", "вулиця Руська", "3А", 25.591, 49.551)


def test_a_house_that_moved_is_moved(city: City, write: Writer) -> None:
    import_addresses(city, write(GOOD), commit=True)
    report = import_addresses(city, write(GOOD.replace("49.551", "49.552")), commit=True)
    assert (report.counts.moved_houses, report.counts.unchanged_houses, report.counts.new_houses) == (1, 1, 0)
    assert rows()[1][-1] == 49.552


def test_a_file_that_is_not_one_is_refused_whole(city: City, write: Writer, tmp_path: Path) -> None:
    picture = tmp_path / "a.csv"
    picture.write_bytes(b"\x89PNG\0\0\0")
    for path, words in ((write("name,lat\nx,1\n", "b.csv"), "no column lon"), (picture, "no file of addresses")):
        with pytest.raises(UnreadableAddresses, match=words):
            import_addresses(city, path, commit=True)


def test_a_kind_that_is_not_said_is_no_other_street(city: City, write: Writer) -> None:
    import_addresses(city, write(GOOD), commit=True)
    report = import_addresses(city, write(GOOD.replace("вул. ", "")), commit=True)
    assert report.counts.is_nothing
    assert Street.objects.count() == 1


def test_a_street_without_its_kind_is_named_fully_by_a_later_file(city: City, write: Writer) -> None:
    import_addresses(city, write(GOOD.replace("вул. ", "")), commit=True)
    report = import_addresses(city, write(GOOD), commit=True)
    assert (report.counts.changed_streets, report.counts.new_houses) == (1, 0)
    assert [street.name_uk for street in Street.objects.all()] == ["вулиця Руська"]


def test_houses_under_a_former_name_come_to_the_present_street(city: City, write: Writer) -> None:
    street = Street.objects.create(city=city, name_uk="вулиця Гузара")
    other = Street.objects.create(city=city, name_uk="вулиця Покрови")
    StreetName.objects.create(street=street, kind="former", name="вулиця Руська", houses="2-100")
    StreetName.objects.create(street=other, kind="former", name="вулиця Руська", houses="1")
    import_addresses(city, write(GOOD), commit=True)
    assert [row[1:3] for row in rows()] == [("вулиця Гузара", "3А"), ("вулиця Покрови", "1")]


def test_the_search_knows_at_once(city: City, write: Writer) -> None:
    assert search_addresses(city, "Руська 1") == []
    import_addresses(city, write(GOOD), commit=True)
    assert search_addresses(city, "Руська 1")[0].sure


def test_a_long_file_tells_its_bad_rows_by_their_numbers_and_takes_all_others(city: City, write: Writer) -> None:
    lines = [f"вул. Руська,{number},49.55,25.59" for number in range(1, 3001)]
    for at, bad in ((0, "вул. Руська,x,49.55,25.59"), (499, "вул. Руська"), (500, ""), (1700, "вул. Руська,8,,")):
        lines[at] = bad
    report = import_addresses(city, write("street,house,lat,lon\n" + "\n".join(lines) + "\n"), commit=True)
    assert (report.counts.new_houses, House.objects.count()) == (2996, 2996)
    assert [refusal.place for refusal in report.refusals] == [2, 501, 1702]


def test_new_houses_of_a_known_street_come_beside_those_of_a_new_one(city: City, write: Writer) -> None:
    import_addresses(city, write(GOOD), commit=True)
    more = GOOD.replace("49.551", "49.552") + "вул. Руська,5,49.55,25.59\nвул. Нова,1,49.55,25.59\n"
    report = import_addresses(city, write(more), commit=True)
    counts = report.counts
    assert (counts.new_houses, counts.moved_houses, counts.unchanged_houses) == (2, 1, 1)
    assert [row[1:3] for row in rows()] == [
        ("вулиця Нова", "1"), ("вулиця Руська", "1"), ("вулиця Руська", "3А"), ("вулиця Руська", "5")
    ]  # fmt: skip


def test_a_house_without_a_street_is_refused_by_the_database(city: City) -> None:
    street = Street.objects.create(city=city, name_uk="вулиця Руська")
    house = House.objects.create(street=street, number="1", location=Point(25.59, 49.55, srid=4326))
    nowhere = "INSERT INTO geo_house (street_id, key, number, location) SELECT 0, '1', '1', location FROM geo_house"
    for statement in (nowhere, "UPDATE geo_house SET street_id = 0", "DELETE FROM geo_street"):
        with pytest.raises(IntegrityError, match="on a street"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    street.delete()
    assert not House.objects.filter(pk=house.pk).exists()


def test_a_file_of_too_many_addresses_is_refused_whole(
    city: City, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MAX_HOUSES", 1)
    with pytest.raises(UnreadableAddresses, match="more than 1 addresses"):
        import_addresses(city, write(GOOD), commit=True)
    assert not Street.objects.exists()


# --- GeoJSON --------------------------------------------------------------------------------------------------


def test_geojson_points_in_both_spellings(city: City, write: Writer) -> None:
    def feature(properties: dict[str, str], geometry: object) -> dict[str, object]:
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    point = {"type": "Point", "coordinates": [25.59, 49.55]}
    features = [
        feature({"addr:street": "вулиця Руська", "addr:housenumber": "1"}, point),
        feature({"street": "вул. Руська", "house": "2"}, point),
        feature({"address": "вул. Руська, 3"}, point),
        feature({"street": "вул. Руська"}, point),
        feature({"street": "вул. Руська", "house": "4"}, None),
    ]
    path = write(json.dumps({"type": "FeatureCollection", "features": features}), "a.geojson")
    report = import_addresses(city, path, commit=True)
    assert [row[2] for row in rows()] == ["1", "2", "3"]
    assert [refusal.place for refusal in report.refusals] == [4, 5]


# --- OSM ------------------------------------------------------------------------------------------------------

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="tests">
  <node id="1" lat="49.5500" lon="25.5900"/>
  <node id="2" lat="49.5500" lon="25.5902"/>
  <node id="3" lat="49.5502" lon="25.5902"/>
  <node id="4" lat="49.5502" lon="25.5900"/>
  <node id="5" lat="49.5503" lon="25.5901"><tag k="addr:street" v="вулиця Гузара"/><tag k="addr:housenumber" v="7"/>
    <tag k="name" v="Крамниця"/></node>
  <node id="6" lat="49.5504" lon="25.5905"><tag k="addr:street" v="вулиця Гузара"/>
    <tag k="addr:housenumber" v="9"/></node>
  <node id="7" lat="50.4504" lon="30.5905"><tag k="addr:street" v="Хрещатик"/><tag k="addr:housenumber" v="1"/></node>
  <node id="8" lat="49.5600" lon="25.6000"><tag k="place" v="village"/><tag k="name" v="Петриків"/></node>
  <node id="9" lat="49.5504" lon="25.5906"><tag k="addr:housenumber" v="4"/></node>
  <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="building" v="yes"/>
    <tag k="addr:street" v="вулиця Гузара"/><tag k="addr:housenumber" v="7"/></way>
  <way id="11"><nd ref="1"/><nd ref="2"/><tag k="highway" v="secondary"/><tag k="name" v="вулиця Гузара"/>
    <tag k="old_name" v="вулиця Чалдаєва;Нова"/><tag k="alt_name" v="Гузарівка"/>
    <tag k="name:ru" v="улица Патриарха Гузара"/><tag k="name:en" v="Huzara Street"/></way>
  <way id="12"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="вулиця Гузара"/></way>
  <relation id="20"><member type="way" ref="10" role="outer"/><tag k="type" v="multipolygon"/>
    <tag k="addr:street" v="вулиця Гузара"/><tag k="addr:housenumber" v="5"/></relation>
</osm>
"""


@pytest.fixture
def bounded(city: City) -> City:
    city.outline = MultiPolygon(Polygon.from_bbox((25.5, 49.5, 25.7, 49.6)), srid=4326)
    city.save()
    return city


def test_osm_gives_houses_of_nodes_ways_and_relations(bounded: City, write: Writer) -> None:
    report = import_addresses(bounded, write(OSM, "ternopil.osm"), commit=True)
    assert [row[1:] for row in rows()] == [
        ("вулиця Гузара", "5", 25.5901, 49.5501),
        ("вулиця Гузара", "7", 25.5901, 49.5501),
        ("вулиця Гузара", "9", 25.5905, 49.5504),
    ]
    assert (report.outside, report.counts.repeated_houses, report.counts.new_settlements) == (1, 1, 1)
    [refusal] = report.refusals
    assert refusal.place == "node/9" and "no street" in refusal.reason


def area(number: int, west: float, south: float, east: float, north: float, tags: dict[str, str]) -> str:
    """A relation whose border is two ways, one of them backwards, and the nodes of both."""
    corners = ((west, south), (east, south), (east, north), (west, north))
    nodes = "".join(f'<node id="{number + at}" lat="{y}" lon="{x}"/>' for at, (x, y) in enumerate(corners))
    ways = "".join(
        f'<way id="{number + way}">' + "".join(f'<nd ref="{number + at}"/>' for at in ats) + "</way>"
        for way, ats in ((5, (0, 1, 2)), (6, (0, 3, 2)))
    )
    members = "".join(f'<member type="way" ref="{number + way}" role="outer"/>' for way in (5, 6))
    said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'{nodes}|{ways}|<relation id="{number}">{members}{said}</relation>'


def osm_of(*parts: str) -> str:
    """A map of areas and of other elements, in the order that a map has."""
    cut = [part.split("|") for part in parts]
    return '<osm version="0.6">' + "".join(part[at] for at in range(3) for part in cut if at < len(part)) + "</osm>"


def node(number: int, lon: float, lat: float, **tags: str) -> str:
    said = "".join(f'<tag k="{key.replace("_", ":")}" v="{value}"/>' for key, value in tags.items())
    return f'<node id="{number}" lat="{lat}" lon="{lon}">{said}</node>'


def test_a_house_and_a_street_belong_to_the_settlement_within_whose_border_they_lie(
    bounded: City, write: Writer
) -> None:
    street = (
        '<way id="900"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="Лісова"/></way>'
    )
    text = osm_of(
        area(100, 25.60, 49.56, 25.64, 49.59, {"boundary": "administrative", "name": "Петриків"}),
        area(200, 25.50, 49.50, 25.70, 49.60, {"boundary": "administrative", "name": "Тернопільська громада"}),
        area(300, 25.50, 49.50, 25.55, 49.55, {"place": "quarter", "name": "Дружба"}),
        node(1, 25.61, 49.57) + node(2, 25.62, 49.57, addr_street="Лісова", addr_housenumber="1") + "|" + street,
        node(3, 25.52, 49.52, addr_street="Лісова", addr_housenumber="2"),
        node(4, 25.61, 49.58, addr_street="Лісова", addr_housenumber="3", addr_city="Тернопіль"),
        node(5, 25.62, 49.58, place="village", name="Петриків"),
    )
    import_addresses(bounded, write(text, "a.osm"), commit=True)
    assert [row[:3] for row in rows()] == [("", "Лісова", "2"), ("", "Лісова", "3"), ("Петриків", "Лісова", "1")]
    assert Street.objects.get(line__isnull=False).settlement == Settlement.objects.get(name_uk="Петриків")
    assert sorted(Settlement.objects.values_list("name_uk", "kind")) == [("Дружба", "quarter"), ("Петриків", "village")]


def test_a_border_that_does_not_close_says_nothing(bounded: City, write: Writer) -> None:
    closed = area(100, 25.60, 49.56, 25.64, 49.59, {"place": "village", "name": "Петриків"})
    house = node(2, 25.62, 49.57, addr_street="Лісова", addr_housenumber="1")
    for text, settlement in (
        (osm_of(closed, house), "Петриків"),
        (osm_of(closed.replace('id="106"', 'id="107"'), house), ""),
    ):
        Street.objects.all().delete()
        import_addresses(bounded, write(text, "a.osm"), commit=True)
        assert [row[0] for row in rows()] == [settlement]


def test_houses_of_a_village_without_street_names_are_found_by_its_name(bounded: City, write: Writer) -> None:
    text = osm_of(
        node(1, 25.61, 49.57, addr_place="Петриків", addr_housenumber="4"),
        node(2, 25.62, 49.57, addr_place="Петриків", addr_housenumber="5А"),
        node(3, 25.62, 49.57, addr_place="Тернопіль", addr_housenumber="6"),
        node(5, 25.62, 49.58, place="village", name="Петриків"),
    )
    report = import_addresses(bounded, write(text, "a.osm"), commit=True)
    assert [row[:3] for row in rows()] == [("Петриків", "Петриків", "4"), ("Петриків", "Петриків", "5А")]
    assert [refusal.reason for refusal in report.refusals] == ["The street is empty."]
    for typed in ("Петриків 4", "с. Петриків, 4", "Петриків, 4", "Тернопіль, с. Петриків, буд. 4"):
        found = next(iter(search_addresses(bounded, typed)), None)
        assert found is not None, typed
        assert (found.label, found.sure) == ("Петриків, 4", True), typed
    assert import_addresses(bounded, write(text, "a.osm"), commit=True).counts.is_nothing


def test_osm_gives_streets_their_names_and_lines(bounded: City, write: Writer) -> None:
    import_addresses(bounded, write(OSM, "ternopil.osm"), commit=True)
    street = Street.objects.get()
    assert (street.name_en, street.is_main) == ("Huzara Street", True)
    assert street.line is not None and len(street.line) == 2
    assert sorted(street.other_names.values_list("kind", "name")) == [
        ("colloquial", "Гузарівка"),
        ("english", "Huzara Street"),
        ("former", "Нова"),
        ("former", "вулиця Чалдаєва"),
        ("russian", "улица Патриарха Гузара"),
    ]


def test_pbf_says_the_same_as_xml_and_a_second_time_nothing_is_new(
    bounded: City, write: Writer, tmp_path: Path
) -> None:
    import osmium

    xml, pbf = write(OSM, "ternopil.osm"), tmp_path / "ternopil.osm.pbf"
    with osmium.SimpleWriter(str(pbf)) as writer:
        for element in osmium.FileProcessor(str(xml)):
            writer.add(element)
    import_addresses(bounded, pbf, commit=True)
    assert import_addresses(bounded, xml, commit=True).counts.is_nothing


@pytest.mark.parametrize("broken", [OSM[:900], OSM.replace("</osm>", ""), OSM.replace('lat="49.5503"', 'lat="x"')])
def test_a_damaged_map_changes_nothing(bounded: City, write: Writer, broken: str) -> None:
    with pytest.raises(UnreadableAddresses, match="damaged"):
        import_addresses(bounded, write(broken, "ternopil.osm"), commit=True)
    assert not Street.objects.exists()


# --- the command ----------------------------------------------------------------------------------------------


def test_command_shows_and_changes_nothing_until_told(city: City, write: Writer, capsys) -> None:
    path = write(GOOD + "вул. Руська,б/н,49.55,25.59\n")
    call_command("import_addresses", path, city="ternopil")
    out, err = capsys.readouterr()
    assert "Add --commit" in out and "б/н" in out and err == ""
    assert not House.objects.exists()
    call_command("import_addresses", path, city="ternopil", commit=True)
    assert House.objects.count() == 2


@pytest.mark.parametrize(("text", "city_slug", "code"), [("x,y\n1,2\n", "ternopil", 1), (GOOD, "nowhere", 2)])
def test_command_ends_with_its_code(city: City, write: Writer, text: str, city_slug: str, code: int) -> None:
    with pytest.raises(CommandError) as error:
        call_command("import_addresses", write(text), city=city_slug)
    assert error.value.returncode == code


# --- real files and all of them -------------------------------------------------------------------------------


def test_every_address_of_ternopil_comes_in_once(city: City, shared_data: Path) -> None:
    path = shared_data / "ternopil" / "addresses.csv"
    report = import_addresses(city, path, commit=True)
    with path.open(encoding="utf-8") as file:
        assert House.objects.count() + report.refused + report.counts.repeated_houses == len(list(csv.DictReader(file)))
    assert report.refused == 0
    assert import_addresses(city, path, commit=True).counts.is_nothing


def test_addresses_of_kyiv_in_one_column(shared_data: Path) -> None:
    kyiv = City.objects.create(slug="kyiv", name_uk="Київ", name_en="Kyiv", stage="open")
    path = shared_data / "kyiv" / "addresses_2016.csv"
    report = import_addresses(kyiv, path, commit=True)
    assert report.refused <= 260  # bus stops and crossroads, which have no number
    assert any("far from the city" in refusal.reason for refusal in report.refusals)
    assert Street.objects.filter(name_uk__iexact="Андріївський узвіз").exists()
    assert import_addresses(kyiv, path, commit=True).counts.is_nothing


names = st.builds(
    "{}{}{}".format,
    st.sampled_from(["вул. ", "вулиця ", "проспект ", "", "пров. "]),
    st.sampled_from(["Руська", "Злуки", "Миру", "Лесі Українки"]),
    st.sampled_from(["", " вулиця"]),
)
numbers = st.sampled_from(["1", "2", "2а", "2-А", "3/5", "4 корп. 1", "б/н", "12-26"])
coordinates = st.sampled_from(["49.55", "49.56", "25.6", "x"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.tuples(names, numbers, coordinates), max_size=12), scope=st.sampled_from(["", "2-100"]))
@example(lines=[("Злуки", "1", "49.55"), ("проспект Злуки", "1", "49.56")], scope="")
def test_importing_twice_changes_nothing(
    city: City, tmp_path: Path, lines: list[tuple[str, str, str]], scope: str
) -> None:
    House.objects.all().delete()
    Street.objects.all().delete()
    street = Street.objects.create(city=city, name_uk="вулиця Гузара")
    StreetName.objects.create(street=street, kind="former", name="вулиця Злуки", houses=scope)
    path = tmp_path / "some.csv"
    path.write_text("street,house,lat,lon\n" + "".join(f"{a},{b},{c},25.6\n" for a, b, c in lines), "utf-8")
    preview = import_addresses(city, path, commit=False)
    assert import_addresses(city, path, commit=True) == preview
    before = rows(), list(Street.objects.values_list("name_uk", flat=True))
    assert import_addresses(city, path, commit=True).counts.is_nothing
    assert (rows(), list(Street.objects.values_list("name_uk", flat=True))) == before
