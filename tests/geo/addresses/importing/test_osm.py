"""Addresses, settlements, streets with all their names and lines come in from OpenStreetMap."""

from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from geo.addresses.importing import UnreadableAddresses, import_addresses
from geo.addresses.search import search_addresses
from geo.models import City, Settlement, Street
from tests.geo.addresses.importing.conftest import Writer, rows

pytestmark = pytest.mark.django_db


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
