"""`import_territories` checks a list against gazetteer and polygons, and records it when told to."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import Workbook

from geo.models import House, Settlement, Street, StreetName, TerritoryList
from geo.territories.in_force import district_of_house
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, compiled_from
from geo.territories.report import Kind, TerritoryReport, report_on
from tests.world import NOON, World

LIST = """Дільниця № 1
вул. Перша: 1–9; вул. Шевченка; ТОВ "Перша"; хутір Вільний
Дільниця № 2
вул. Перша: 9, 11; вул. Шевченка: 5; Стара (приватний сектор); 7 | 8
"""


@pytest.fixture
def world(world: World) -> World:
    """The squares with two streets, houses and a hamlet: of Перша odd numbers go east, 1 to 9 in the north square."""
    first = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    for number in range(1, 15, 2):
        House.objects.create(street=first, number=str(number), location=Point(25.0 + number / 1000, 49.995, srid=4326))
    House.objects.create(street=first, number="9А", location=world.in_mid)
    poet = Street.objects.create(city=world.city, name_uk="вулиця Тараса Шевченка")
    House.objects.create(street=poet, number="5", location=world.in_north)
    Street.objects.create(city=world.city, name_uk="бульвар Шевченка")
    hamlet = Settlement.objects.create(city=world.city, kind="hamlet", name_uk="Вільний")
    House.objects.create(
        street=Street.objects.create(city=world.city, name_uk="вулиця Нова", settlement=hamlet),
        number="1",
        location=world.in_south,
    )
    StreetName.objects.create(street=first, kind="former", name="вулиця Стара")
    return world


@pytest.fixture
def report(world: World) -> TerritoryReport:
    return report_on(world.city, compile_reading(world.city, read_text(LIST)), at=NOON)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_territories", *arguments, "--city", "kvadraty", stdout=out)
    return out.getvalue()


def found(report: TerritoryReport, kind: Kind) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(finding.street, finding.houses, finding.districts) for finding in report.of(kind)]


def test_a_house_that_two_districts_claim_is_told_with_its_place(report: TerritoryReport) -> None:
    # 9 alone is narrower than 1–9: no conflict, but it is told
    assert found(report, Kind.CLAIMED_TWICE) == []
    assert ("вулиця Перша", ("1", "3", "5", "7", "9"), ("1", "2")) not in found(report, Kind.NARROWER_DECIDES)
    assert ("вулиця Перша", ("9",), ("2", "1")) in found(report, Kind.NARROWER_DECIDES)


def test_a_house_in_the_polygon_of_another_district_is_told(report: TerritoryReport) -> None:
    told = {(house, districts) for _street, (house,), districts in found(report, Kind.RULE_AND_POLYGON)}
    assert told == {("9", ("2", "1")), ("9А", ("1", "2")), ("5", ("2", "1")), ("1", ("1", "3"))}


def test_a_split_street_names_the_houses_that_nobody_has(world: World) -> None:
    compiled = compile_reading(world.city, read_text("Дільниця 1\nПерша: 1–5\nДільниця 2\nПерша 7, 9"))
    report = report_on(world.city, compiled, at=NOON)
    assert found(report, Kind.SPLIT_STREET) == [("вулиця Перша", ("9А", "11", "13"), ("1", "2"))]
    uncovered = {street: houses for street, houses, _districts in found(report, Kind.UNCOVERED)}
    assert uncovered == {"вулиця Тараса Шевченка": ("5",), "Вільний, вулиця Нова": ("1",)}
    assert found(report, Kind.WITHOUT_RULES) == [("", (), ("3",))]


def test_what_is_no_street_is_told_with_its_place_and_the_nearest_name(report: TerritoryReport) -> None:
    [company] = [finding for finding in report.of(Kind.UNKNOWN_STREET) if "ТОВ" in finding.text]
    assert (company.text, company.guesses) == ('ТОВ "Перша"', ("вулиця Перша",))
    assert company.span and LIST[company.span.start : company.span.end] == company.text


def test_a_name_without_a_kind_means_the_street_and_never_one_of_two(world: World) -> None:
    def means(name: str) -> str | None:
        [entry] = compile_reading(world.city, read_text(name, district="1")).entries
        street = entry.match.street
        return Street.objects.get(pk=street).name_uk if street else None

    assert means("Шевченка") == "вулиця Тараса Шевченка"
    assert means("бульв. Шевченка") == "бульвар Шевченка"
    assert means("вул. Т. Шевченка") == "вулиця Тараса Шевченка"
    assert means("Стара") == "вулиця Перша"
    assert means("Шевчука") is None
    Street.objects.create(city=world.city, name_uk="вулиця Лесі Шевченка")
    assert means("Шевченка") is None


def test_a_dry_run_writes_the_report_and_nothing_else(world: World, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST)
    said = run(str(tmp_path / "list.txt"), "--report", str(tmp_path / "report.json"))
    assert "Нічого не змінено" in said and "Вулиці, яких немає в довіднику: 1" in said
    assert not re.search(r"[A-Za-z]{4}", said.replace("--commit", ""))  # one language: that of the site
    assert not TerritoryList.objects.exists()
    written = json.loads((tmp_path / "report.json").read_text())
    assert {finding["kind"] for finding in written["findings"]} >= {"rule_and_polygon", "unknown_street", "remark"}


def test_a_table_is_recorded_and_decides_from_then_on(world: World, tmp_path: Path) -> None:
    book = Workbook()
    for line in (["Дільниця", "Вулиця", "Будинки"], ["1", "вул. Перша", "всі, крім 11"], [None, "хутір Вільний", None]):
        book.active.append(line)
    book.save(tmp_path / "list.xlsx")
    assert "введено в дію" in run(str(tmp_path / "list.xlsx"), "--commit")
    street = Street.objects.get(name_uk="вулиця Перша").pk
    hamlet = Street.objects.get(name_uk="вулиця Нова").pk
    now = timezone.now()
    assert district_of_house(city=world.city, street=street, house="13", at=now) == "1"
    assert district_of_house(city=world.city, street=street, house="11", at=now) is None
    assert district_of_house(city=world.city, street=hamlet, house="1", at=now) == "1"
    assert district_of_house(city=world.city, street=street, house="13", at=NOON) is None


def test_a_table_of_an_office_is_read_under_its_title(world: World, tmp_path: Path) -> None:
    book = Workbook()
    for line in (
        ["Перелік вулиць", None, None, None], ["№ з/п", "Дільниця", "Вулиця", "№№ будинків"],
        ["1", "Дільниця № 1", "вул. Перша", "11"], ["2", None, "вул. Нова", None],
    ):  # fmt: skip
        book.active.append(line)
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("B3:B4")
    book.save(tmp_path / "list.xlsx")
    assert "№ з/п" in run(str(tmp_path / "list.xlsx"), "--commit")
    street = Street.objects.get(name_uk="вулиця Перша").pk
    assert district_of_house(city=world.city, street=street, house="11", at=timezone.now()) == "1"
    assert district_of_house(city=world.city, street=street, house="13", at=timezone.now()) is None


def test_a_recorded_list_is_reported_on_as_it_was_read(world: World, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST)
    run(str(tmp_path / "list.txt"), "--commit")
    before = report_on(world.city, compile_reading(world.city, read_text(LIST)), at=NOON)
    assert report_on(world.city, compiled_from(TerritoryList.objects.get()), at=NOON) == before


def test_the_next_list_ends_the_one_before_and_two_are_never_in_force(world: World, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("Дільниця 1: Перша")
    run(str(tmp_path / "list.txt"), "--commit")
    run(str(tmp_path / "list.txt"), "--commit")
    newer, older = TerritoryList.objects.all()
    assert older.period.upper == newer.period.lower
    assert [*TerritoryList.objects.in_force_at(timezone.now())] == [newer]
    older.period = newer.period
    with pytest.raises(IntegrityError), transaction.atomic():
        older.save()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.txt", "Дільниця 1: вул. Невідома", 1),
        ("list.csv", "street;houses\nПерша;1\n", 1),
        ("absent.txt", None, 1),  # wrong usage, as any argument: 2 in a shell
    ],
)
def test_what_cannot_be_recorded_is_refused(
    world: World, tmp_path: Path, name: str, content: str | None, code: int
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(CommandError) as refusal:
        run(str(tmp_path / name), "--commit")
    assert refusal.value.returncode == code
    assert not TerritoryList.objects.exists()
