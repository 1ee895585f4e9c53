"""Renames of streets come in from a table: the old name leads to the new street, house by house where it was split."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.core.management import CommandError, call_command
from django.utils import translation

from geo.addresses.importing import import_addresses
from geo.addresses.importing.renames import RenameReport, import_renames, read_renames
from geo.addresses.search import search_addresses
from geo.models import City, House, Street, StreetName
from geo.tables import FileRefused

pytestmark = pytest.mark.django_db

HEADER = "old_type,old_name,new_type,new_name,scope,date,source\n"
SPLIT = (
    "вулиця,Бригадна,вулиця,Петра Батьківського,all houses except 12-26,2022-07-11,рішення 1\n"
    "вулиця,Бригадна,вулиця,Покрови,houses 12-26,2022-07-11,рішення 1\n"
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def city() -> City:
    return City.objects.create(slug="ternopil", name_uk="Тернопіль", name_en="Ternopil", stage="open")


@pytest.fixture
def build(city: City) -> Callable[..., Street]:
    def build(name: str, *numbers: str) -> Street:
        street = Street.objects.create(city=city, name_uk=name)
        for number in numbers:
            House.objects.create(street=street, number=number, location=Point(25.6, 49.55, srid=4326))
        return street

    return build


def bring(city: City, rows: str, *, commit: bool = True) -> RenameReport:
    return import_renames(city, read_renames((HEADER + rows).encode(), name="renames.csv"), commit=commit)


def outcomes(report: RenameReport) -> list[str]:
    return [str(row.outcome) for row in report.rows]


def houses() -> dict[str, list[str]]:
    return {street.name_uk: sorted(street.houses.values_list("number", flat=True)) for street in Street.objects.all()}


def test_a_street_known_by_its_new_name_gets_the_old_one(city: City, build: Callable[..., Street]) -> None:
    street = build("вулиця Старий Поділ", "1")
    assert outcomes(bring(city, "вулиця,Танцорова,вул.,Старий Поділ,,11.07.2022,рішення\n")) == ["named"]
    name = street.other_names.get()
    assert (name.kind, name.name, name.until, name.source) == (
        "former", "вулиця Танцорова", datetime.date(2022, 7, 11), "рішення",
    )  # fmt: skip


def test_a_street_known_by_its_old_name_is_renamed(city: City, build: Callable[..., Street]) -> None:
    build("Танцорова", "1")
    assert outcomes(bring(city, "вулиця,Танцорова,вулиця,Старий Поділ,,,\n")) == ["renamed"]
    assert houses() == {"вулиця Старий Поділ": ["1"]}
    [match] = search_addresses(city, "Танцорова 1")
    assert (match.street, match.how) == ("вулиця Старий Поділ", "former")


def test_a_split_street_gives_its_houses_to_the_right_ones(city: City, build: Callable[..., Street]) -> None:
    old = build("вулиця Бригадна", "2", "12", "14А", "26", "28")
    old.line = MultiLineString(LineString((25.6, 49.5), (25.7, 49.5)), srid=4326)
    old.save()
    assert outcomes(bring(city, SPLIT)) == ["split", "split"]
    assert houses() == {"вулиця Петра Батьківського": ["2", "28"], "вулиця Покрови": ["12", "14А", "26"]}
    assert search_addresses(city, "Бригадна 14а")[0].street == "вулиця Покрови"
    assert search_addresses(city, "Бригадна 28")[0].street == "вулиця Петра Батьківського"
    assert Street.objects.get(name_uk="вулиця Петра Батьківського").line is not None
    assert outcomes(bring(city, SPLIT)) == ["known", "known"]


def test_a_street_renamed_in_part_keeps_the_rest(city: City, build: Callable[..., Street]) -> None:
    build("вулиця Бригадна", "2", "12")
    bring(city, SPLIT.splitlines()[1] + "\n")
    assert houses() == {"вулиця Бригадна": ["2"], "вулиця Покрови": ["12"]}


def test_houses_of_an_old_file_find_the_streets_of_today(
    city: City, build: Callable[..., Street], tmp_path: Path
) -> None:
    build("вулиця Бригадна", "2", "12")
    bring(city, SPLIT)
    path = tmp_path / "old.csv"
    path.write_text("street,house,lat,lon\nвул. Бригадна,2,49.55,25.6\nвул. Бригадна,16,49.55,25.6\n", "utf-8")
    import_addresses(city, path, commit=True)
    assert houses() == {"вулиця Петра Батьківського": ["2"], "вулиця Покрови": ["12", "16"]}


def test_what_is_only_alike_is_a_question(city: City, build: Callable[..., Street]) -> None:
    build("вулиця Торговиця", "1")
    report = bring(city, "вулиця,Живова,вулиця,Торгавиця,,,\n")
    assert outcomes(report) == ["question"] and "Торговиця" in report.rows[0].sentence
    assert not StreetName.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("вулиця,Бригадна,вулиця,Покрови,десь там,,\n", "houses is not understood"),
        ("вулиця,Бригадна,вулиця,Покрови,,колись,\n", "not a day"),
        ("вулиця,,вулиця,Покрови,,,\n", "missing"),
        ("вулиця,Покрови,вул.,Покрови,,,\n", "the same"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_reason(
    city: City, build: Callable[..., Street], row: str, reason: str
) -> None:
    build("вулиця Бригадна", "1")
    report = bring(city, row)
    assert outcomes(report) == ["refused"] and reason in report.rows[0].sentence
    assert houses() == {"вулиця Бригадна": ["1"]}


def test_without_commit_nothing_changes(city: City, build: Callable[..., Street]) -> None:
    build("вулиця Бригадна", "2", "12")
    preview = bring(city, SPLIT, commit=False)
    assert houses() == {"вулиця Бригадна": ["12", "2"]} and not StreetName.objects.exists()
    assert bring(city, SPLIT) == preview


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(FileRefused, match="old_name"):
        read_renames(b"new_name,date\nx,2022-01-01\n", name="r.csv")


def test_renames_of_ternopil_find_their_streets(city: City, shared_data: Path, capsys) -> None:
    import_addresses(city, shared_data / "ternopil" / "addresses.csv", commit=True)
    path = shared_data / "ternopil" / "renames_2022-07-11.csv"
    call_command("import_renames", path, city="ternopil", commit=True)
    table = read_renames(path.read_bytes(), name=path.name)
    again = import_renames(city, table, commit=True)
    assert not again.changes
    known = [row for row in again.rows if row.outcome == "known"]
    assert len(known) == StreetName.objects.filter(kind="former").count() >= 1
    assert set(StreetName.objects.values_list("until", flat=True)) == {datetime.date(2022, 7, 11)}


def test_the_command_ends_with_its_code(city: City, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(HEADER + SPLIT, "utf-8")
    for slug, code in (("nowhere", 2), ("ternopil", 1)):
        with pytest.raises(CommandError) as error:
            call_command("import_renames", path, city=slug)
        assert error.value.returncode == code
