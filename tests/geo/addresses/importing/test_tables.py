"""Addresses come in from CSV and GeoJSON, twice without doubling, and what is no address is named by its row."""

import json
from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from geo.addresses.importing import UnreadableAddresses, import_addresses, staging
from geo.addresses.search import search_addresses
from geo.models import City, House, Settlement, Street, StreetName
from tests.geo.addresses.importing.conftest import GOOD, Writer, rows

pytestmark = pytest.mark.django_db


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


def test_columns_that_are_missing_are_called_as_the_page_calls_them(city: City, write: Writer) -> None:
    with translation.override("uk"), pytest.raises(UnreadableAddresses, match="немає стовпця «довгота», «будинок»;"):
        import_addresses(city, write("вулиця;широта\nРуська;49.5\n"), commit=True)


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
