"""Stations of a file: they come with officers, and the duty passes over."""

import datetime

import pytest

from people.exporting import stations_workbook
from people.importing import commit_import, plan_import, read_stations_file
from people.models import Officer, Station
from tests.people.importing.files import officers_table, row, stations_table
from tests.world import NOON, TODAY, World


def test_stations_and_officers_come_in_one_import_and_duty_passes_over(world: World):
    stations = stations_table("key,name_uk,address_uk,lat,lon,phone,duty\nnova,Нова,вул. 1,49.5,25.5,0443000103,yes\n")
    args = {"city": world.city, "today": TODAY, "officers": officers_table(row(station="Нова")), "stations": stations}
    commit_import(at=NOON, **args)
    assert Officer.objects.get(key="nova-liudyna").station.location.coords == (25.5, 49.5)
    assert list(Station.objects.filter(city=world.city, is_duty=True).values_list("key", flat=True)) == ["nova"]
    assert commit_import(at=NOON, **args).steps == ()


@pytest.mark.parametrize("old_duty", ["", "no", "-"])
@pytest.mark.parametrize("order", [1, -1])
def test_duty_passes_from_one_station_of_the_file_to_another(world: World, old_duty: str, order: int):
    lines = [f"main,Станція,вул. Перша 1,0443000109,{old_duty}", "nova,Нова,вул. 1,0443000103,yes"][::order]
    table = stations_table("\n".join(["key,name_uk,address_uk,phone,duty", *lines]))
    planned = commit_import(city=world.city, today=TODAY, at=NOON, stations=table)
    assert [str(each.phone) for each in Station.objects.filter(city=world.city, is_duty=True)] == ["+380 44 300 0103"]
    assert ("becomes the duty station" in " ".join(planned.lines())) == (not old_duty)
    assert commit_import(city=world.city, today=TODAY, at=NOON, stations=table).steps == ()


@pytest.mark.parametrize(("before", "stated"), [("2026-05-20", "2026-05-20"), ("2026-05-20", ""), ("", "20.05.2026")])
def test_a_station_brings_the_day_on_which_its_phone_was_checked(world: World, before: str, stated: str):
    """A new phone counts as never called, unless the file says when somebody called it; a dash forgets the day."""
    header = "key,name_uk,address_uk,phone,checked_on\n"
    for phone, day in (("0443000109", before), ("0443000108", stated)):
        table = stations_table(f"{header}main,Станція,вул. 1,{phone},{day}\n")
        commit_import(city=world.city, today=TODAY, at=NOON, stations=table)
    expected = datetime.date(2026, 5, 20) if stated else None
    assert Station.objects.get(key="main").checked_on == expected
    assert commit_import(city=world.city, today=TODAY, at=NOON, stations=table).steps == ()
    assert read_stations_file(stations_workbook(world.city), name="stations.xlsx").rows[0]["checked_on"] == (
        expected.isoformat() if expected else ""
    )


def test_station_that_only_loses_the_duty_is_not_told_as_unchanged(world: World):
    table = stations_table('key,name_uk,address_uk,duty\nmain,Станція,"вул. Перша, 1",\nnova,Нова,вул. 1,yes\n')
    planned = plan_import(city=world.city, today=TODAY, stations=table)
    assert [step.subject for step in planned.changes] == ["Станція"]
    assert planned.unchanged == ()


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ("Нова,вул. 1,25.5,49.5,,", "lat, lon", "swapped"),
        ("Нова,вул. 1,95,49.5,,", "lat, lon", "not a coordinate"),
        ("Нова,,,,,", "address_uk", "name and an address"),
        ("Нова,вул. 1,,,,так\nДруга,вул. 2,,,,так", "duty", "duty station already"),
        ("Нова,вул. 1,,,,,2026-06-02", "checked_on", "in the future"),
        ("Нова,вул. 1,,,,\nНова,вул. 2,,,,", "key", "already in row 2"),
    ],
)
def test_error_in_a_station_names_row_column_and_what_to_do(world: World, line: str, column: str, says: str):
    stations = stations_table(f"name_uk,address_uk,lat,lon,phone,duty,checked_on\n{line}\n")
    (error,) = plan_import(city=world.city, today=TODAY, stations=stations).errors
    assert error.column == column
    assert says in str(error)
