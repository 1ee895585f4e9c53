"""Importing officers: said before it is done, all or nothing, and twice is once."""

import csv
import datetime
import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook
from psycopg.types.range import DateRange

from geo.models import City
from people.importing import (
    FileRefused,
    ImportRefused,
    Plan,
    PlanOutdated,
    Table,
    commit_import,
    plan_import,
    read_officers_file,
    read_stations_file,
)
from people.importing.cells import key_from_name
from people.models import Leave, Officer, Posting, Station
from tests.world import TODAY, World

D = datetime.date
DEMO = Path(__file__).resolve().parents[2] / "data" / "boundaries"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def officers_table(*rows: dict[str, str], name: str = "officers.csv") -> Table:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return read_officers_file(text.getvalue().encode(), name=name)


def row(**cells: str) -> dict[str, str]:
    return {"name_uk": "Нова Людина", "phone": "+380443000299", "districts": "3"} | {
        column.rstrip("_"): value for column, value in cells.items()
    }


def plan(city: City, *rows: dict[str, str]) -> Plan:
    return plan_import(city=city, today=TODAY, officers=officers_table(*rows))


def commit(city: City, *rows: dict[str, str], today: datetime.date = TODAY) -> Plan:
    return commit_import(city=city, today=today, officers=officers_table(*rows))


def only_error(city: City, *rows: dict[str, str]):
    errors = plan(city, *rows).errors
    assert len(errors) == 1, [str(error) for error in errors]
    return errors[0]


def main_days(district) -> list[tuple[str, datetime.date | None, datetime.date | None]]:
    postings = Posting.objects.filter(district=district, role="main").select_related("officer").order_by("during")
    return [(each.officer.name_uk, each.during.lower, each.during.upper) for each in postings]


# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_csv_is_read_in_every_dialect_offices_use(separator: str, encoding: str):
    lines = [["ПІБ", "Телефон", "Дільниця"], ["Їжакевич Ґаля", "044 300 02 99", '"1;2"']]
    content = "\r\n".join(separator.join(line) for line in lines).encode(encoding, errors="replace")
    table = read_officers_file(content, name="o.csv")
    assert table.columns == ("name_uk", "phone", "districts")
    assert table.rows[0]["name_uk"] == "Їжакевич Ґаля"
    assert table.rows[0]["districts"] == "1;2"


def test_xlsx_numbers_and_dates_are_read_as_people_typed_them():
    book = Workbook()
    book.active.append(["ПІБ", "телефон", "дільниці", "з"])
    book.active.append(["Нова Людина", 380443000299, 3.0, datetime.datetime(2026, 5, 1)])
    file = io.BytesIO()
    book.save(file)
    cells = read_officers_file(file.getvalue(), name="o.xlsx").rows[0].cells
    assert cells == {"name_uk": "Нова Людина", "phone": "380443000299", "districts": "3", "from": "2026-05-01"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"\x00\x01\x02\x98", "not a table"),
        (b"PK\x03\x04nonsense", "cannot be opened|can be opened"),
        (b"x" * 5_000_001, "at most 5 MB"),
        (b"name,districts\n" + b"a,1\n" * 5_001, "more than 5000 rows"),
        (b"name,districts\n" + b'"' + b"a" * 1_001 + b'",1\n', "longer than 1000"),
        ("ПІБ,name_uk\nа,б\n".encode(), "two columns"),
    ],
)
def test_unreadable_file_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(FileRefused, match=reason):
        read_officers_file(content, name="o.csv")


def test_xlsx_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 61_000_000)
    with pytest.raises(FileRefused, match="too much data"):
        read_officers_file(file.getvalue(), name="bomb.xlsx")


def test_key_from_a_name_follows_the_official_romanisation():
    assert key_from_name("Їжакевич Мар’яна Зґурська-Згурська") == "yizhakevych-mariana-zgurska-zghurska"
    assert key_from_name("Мар'яна") == key_from_name("Марʼяна")


# --- the plan -----------------------------------------------------------------------------------------------


def test_name_phone_and_district_are_enough(world: World):
    commit(world.city, row())
    officer = Officer.objects.get(city=world.city, key="nova-liudyna")
    assert (str(officer.phone), officer.kind, officer.checked_on) == ("+380 44 300 0299", "district", TODAY)
    assert main_days(world.south) == [("Нова Людина", TODAY, None)]


def test_dry_run_writes_nothing(world: World):
    planned = plan(world.city, row(leave_from="2026-07-01"))
    assert [step.noun for step in planned.additions] == ["officer", "posting", "leave"]
    assert not Officer.objects.filter(key="nova-liudyna").exists()


def test_importing_the_same_file_twice_changes_nothing(world: World):
    rows = [
        row(districts="3;2", until="2026-12-31", from_="2026-06-10", leave_from="01.07.2026", leave_until="14.07.2026"),
        row(name_uk="Інший Офіцер", phone="", email="i@example.org", role="в.о."),
        row(name_uk="Третя", phone="+380443000298", districts="1", languages="українська, en"),
    ]
    commit(world.city, *rows)
    before = list(Posting.objects.order_by("pk").values()), list(Officer.objects.order_by("pk").values())
    again = commit(world.city, *rows, today=TODAY + datetime.timedelta(days=90))
    assert again.steps == ()
    assert (list(Posting.objects.order_by("pk").values()), list(Officer.objects.order_by("pk").values())) == before
    assert len(again.unchanged) == 3


def test_change_is_told_field_by_field(world: World):
    planned = plan(world.city, {"officer_key": "north", "phone": "044 300 07 77", "districts": "1", "name_uk": ""})
    (step,) = planned.steps
    assert [(c.label, c.old, c.new) for c in step.changes] == [("phone", "+380443000201", "+380443000777")]
    assert not step.is_new


def test_empty_cell_says_nothing_and_dash_empties(world: World):
    commit(world.city, {"officer_key": "north", "name_uk": "", "phone": "", "email": "-", "districts": "1"})
    world.officer.refresh_from_db()
    assert (world.officer.email, str(world.officer.phone)) == ("", "+380 44 300 0201")


def test_officer_without_a_key_is_found_by_the_name_the_city_knows(world: World):
    planned = plan(world.city, row(name_uk=world.officer.name_uk, phone="", districts="1"))
    assert (planned.steps, planned.unchanged) == ((), (world.officer.name_uk,))


def test_officers_not_in_the_file_are_listed_and_left_alone(world: World):
    planned = commit(world.city, row())
    assert set(planned.not_in_file) == {f"Тестовий Офіцер {n}" for n in (1, 2, 3)}
    assert Posting.objects.on(TODAY).filter(district=world.north).exists()


def test_new_main_officer_ends_the_one_before_and_history_stays(world: World):
    planned = commit(world.city, row(districts="1", from_="2026-06-15"))
    ended = next(step for step in planned.changes if step.noun == "posting")
    assert "takes over the next day" in ended.why
    assert [(c.old, c.new) for c in ended.changes] == [("no end", "14.06.2026")]
    assert main_days(world.north) == [
        (world.officer.name_uk, D(2025, 1, 1), D(2026, 6, 15)),
        ("Нова Людина", D(2026, 6, 15), None),
    ]


def test_old_file_imported_again_after_a_change_of_officer_changes_nothing(world: World):
    old = row(name_uk=world.officer.name_uk, districts="1", from_="2025-01-01", phone="")
    commit(world.city, row(districts="1", from_="2026-05-15"))
    planned = commit(world.city, old)
    assert planned.steps == ()
    assert "takes over" in planned.notes[0].text


def test_officer_can_come_back_to_the_district(world: World):
    commit(world.city, row(districts="1", from_="2026-05-15"))
    commit(world.city, row(name_uk=world.officer.name_uk, districts="1", phone=""))
    assert [name for name, *_days in main_days(world.north)] == [
        world.officer.name_uk,
        "Нова Людина",
        world.officer.name_uk,
    ]


def test_earlier_beginning_is_never_taken_from_history(world: World):
    assert plan(world.city, row(name_uk=world.officer.name_uk, districts="1", from_="2026-03-01", phone="")).steps == ()


@pytest.mark.parametrize("order", [1, -1])
def test_handover_within_one_file_is_written_in_a_safe_order(world: World, order: int):
    first, second = row(from_="2026-01-01", until="2026-05-31"), row(name_uk="Друга", phone="+380443000298")
    commit(world.city, first, second | {"from": "2026-06-01"})
    # The one that grows may come first in the file: it must wait until the other has shrunk
    commit(world.city, *[first | {"until": "2026-03-31"}, second | {"from": "2026-04-01"}][::order])
    assert main_days(world.south) == [("Нова Людина", D(2026, 1, 1), D(2026, 4, 1)), ("Друга", D(2026, 4, 1), None)]


def test_leave_changes_its_days(world: World):
    commit(world.city, row(leave_from="2026-07-01", leave_until="2026-07-14"))
    planned = commit(world.city, row(leave_from="2026-07-01", leave_until="2026-07-20"))
    assert [(c.label, c.old, c.new) for c in planned.steps[0].changes] == [("until", "14.07.2026", "20.07.2026")]
    assert Leave.objects.get(officer__key="nova-liudyna").during == DateRange(D(2026, 7, 1), D(2026, 7, 21))


def test_district_code_is_found_where_a_spreadsheet_ate_its_zero(world: World):
    commit(world.city, row(districts="003"))
    assert main_days(world.south)


# --- errors by row ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"name_uk": ""}, "name_uk", "full name"),
        ({"phone": ""}, "phone", "at least one"),
        ({"phone": "12"}, "phone", "not a valid phone"),
        ({"email": "who"}, "email", "not an e-mail"),
        ({"districts": ""}, "districts", "code of the district"),
        ({"districts": "30"}, "districts", "nearest codes are 3"),
        ({"from_": "soon"}, "from", "not a date"),
        ({"from_": "31.02.2026"}, "from", "not a date"),
        ({"from_": "2026-06-02", "until": "2026-06-01"}, "until", "before the first"),
        ({"until": "2026-01-01"}, "until", "before the first"),
        ({"leave_until": "2026-06-01"}, "leave_from", "no beginning"),
        ({"role": "boss"}, "role", "not known"),
        ({"kind": "boss"}, "kind", "not known"),
        ({"languages": "эльфійська"}, "languages", "not known"),
        ({"station": "mian"}, "station", "nearest are main"),
        ({"checked_on": "2030-01-01"}, "checked_on", "in the future"),
        ({"officer_key": "ключ"}, "officer_key", "cannot be used"),
        ({"name_uk": "Х" * 161}, "name_uk", "at most 160"),
    ],
)
def test_error_names_row_column_and_what_to_do(world: World, cells: dict[str, str], column: str, says: str):
    error = only_error(world.city, row(**cells))
    assert (error.row, error.column) == (2, column)
    assert says in str(error)
    assert error.advice


def test_two_main_officers_at_once_in_a_file_are_refused(world: World):
    error = only_error(world.city, row(), row(name_uk="Друга", phone="+380443000298"))
    assert (error.row, "row 2 names Нова Людина" in error.problem) == (3, True)


def test_main_officer_cannot_be_put_under_one_who_is_there_already(world: World):
    assert "at once" in only_error(world.city, row(districts="1", from_="2024-12-01", until="2025-03-01")).problem
    assert "has had another" in only_error(world.city, row(districts="1", from_="2024-12-01")).problem


def test_officer_cannot_act_for_themselves(world: World):
    error = only_error(world.city, row(), row(role="acting"))
    assert (error.row, error.column) == (3, "role")
    name = world.officer.name_uk
    assert only_error(world.city, row(name_uk=name, phone="", districts="1", role="acting")).column == "role"


def test_two_rows_that_disagree_about_an_officer_are_refused(world: World):
    error = only_error(world.city, row(), row(districts="2", phone="+380443000297"))
    assert "different keys" in error.advice


def test_overlapping_leaves_in_a_file_are_refused(world: World):
    rows = (
        row(leave_from="2026-07-01", leave_until="2026-07-14"),
        row(leave_from="2026-07-14", leave_until="2026-07-20"),
    )
    assert only_error(world.city, *rows).column == "leave_from"


def test_missing_column_is_told_once_with_the_columns_of_the_file(world: World):
    error = only_error(world.city, {"name_uk": "Хтось", "phone": "1", "щось": "x"})
    assert (error.row, error.column) == (1, "districts")
    assert "щось" in error.problem


def test_city_without_districts_says_to_bring_boundaries_first(db: None):
    city = City.objects.create(slug="pusto", name_uk="Пусто")
    assert "boundaries" in only_error(city, row()).advice


def test_one_error_and_nothing_is_written(world: World):
    with pytest.raises(ImportRefused):
        commit(world.city, row(), row(name_uk="Друга", phone="x", districts="2"))
    assert not Officer.objects.filter(key="nova-liudyna").exists()


def test_plan_that_is_no_longer_true_is_not_carried_out(world: World):
    table = officers_table(row())
    agreed = plan_import(city=world.city, today=TODAY, officers=table).fingerprint
    Posting.objects.create(officer=world.officer, district=world.south, during=(D(2026, 1, 1), None))
    with pytest.raises(PlanOutdated):
        commit_import(city=world.city, today=TODAY, officers=table, expected=agreed)
    assert not Officer.objects.filter(key="nova-liudyna").exists()


# --- stations -----------------------------------------------------------------------------------------------


def stations_table(text: str) -> Table:
    return read_stations_file(text.encode(), name="stations.csv")


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


# --- the command --------------------------------------------------------------------------------------------


def test_command_shows_the_plan_and_needs_commit(world: World, tmp_path: Path):
    file = tmp_path / "officers.csv"
    file.write_text("name,phone,district\nНова Людина,0443000299,3\n")
    out = io.StringIO()
    call_command("import_officers", file, city="kvadraty", stdout=out)
    assert "Add --commit" in out.getvalue()
    assert not Officer.objects.filter(key="nova-liudyna").exists()
    call_command("import_officers", file, city="kvadraty", commit=True, stdout=out)
    assert Officer.objects.filter(key="nova-liudyna").exists()


@pytest.mark.parametrize(
    ("text", "city", "code"),
    [
        ("name,phone,district\nХ,0443000299,77\n", "kvadraty", 1),
        ("", "kvadraty", 1),
        (None, "kvadraty", 2),
        ("", "no", 2),
    ],
)
def test_command_exits_1_when_refused_and_2_on_wrong_usage(world: World, tmp_path: Path, text, city, code):
    file = tmp_path / "officers.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CommandError) as refusal:
        call_command("import_officers", file, city=city, commit=True, stdout=io.StringIO())
    assert refusal.value.returncode == code


@pytest.mark.parametrize("slug", ["ternopil", "kyiv-holosiivskyi"])
def test_demonstration_files_are_imported_once_and_for_all(db: None, slug: str):
    city = City.objects.create(slug=slug, name_uk=slug)
    officers = read_officers_file((DEMO / slug / "officers.csv").read_bytes(), name="officers.csv")
    stations = read_stations_file((DEMO / slug / "stations.csv").read_bytes(), name="stations.csv")
    for code in {code for each in officers.rows for code in each["districts"].split(";")}:
        city.districts.create(code=code, name_uk=code)
    today = D(2026, 11, 23)
    planned = commit_import(city=city, today=today, officers=officers, stations=stations)
    assert not planned.errors
    assert Posting.objects.filter(district__city=city).count() >= 30
    assert commit_import(city=city, today=today, officers=officers, stations=stations).steps == ()


def test_error_speaks_of_the_column_as_the_file_heads_it(world: World):
    error = only_error(world.city, {"ПІБ": "Нова Людина", "№ дільниці": "3", "Моб. телефон": "067"})
    assert error.column == "Моб. телефон"
