"""Stations of a file: they come with officers, and the duty passes over."""

import pytest

from people.importing import commit_import, plan_import
from people.models import Officer, Station
from tests.people.importing.files import officers_table, row, stations_table
from tests.world import TODAY, World


def test_stations_and_officers_come_in_one_import_and_duty_passes_over(world: World):
    stations = stations_table("key,name_uk,address_uk,lat,lon,phone,duty\nnova,Нова,вул. 1,49.5,25.5,0443000103,yes\n")
    args = {"city": world.city, "today": TODAY, "officers": officers_table(row(station="Нова")), "stations": stations}
    commit_import(**args)
    assert Officer.objects.get(key="nova-liudyna").station.location.coords == (25.5, 49.5)
    assert list(Station.objects.filter(city=world.city, is_duty=True).values_list("key", flat=True)) == ["nova"]
    assert commit_import(**args).steps == ()


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ("Нова,вул. 1,25.5,49.5,,", "lat, lon", "swapped"),
        ("Нова,вул. 1,95,49.5,,", "lat, lon", "not a coordinate"),
        ("Нова,,,,,", "address_uk", "name and an address"),
        ("Нова,вул. 1,,,,так\nДруга,вул. 2,,,,так", "duty", "duty station already"),
        ("Нова,вул. 1,,,,\nНова,вул. 2,,,,", "key", "already in row 2"),
    ],
)
def test_error_in_a_station_names_row_column_and_what_to_do(world: World, line: str, column: str, says: str):
    stations = stations_table(f"name_uk,address_uk,lat,lon,phone,duty\n{line}\n")
    (error,) = plan_import(city=world.city, today=TODAY, stations=stations).errors
    assert error.column == column
    assert says in str(error)
