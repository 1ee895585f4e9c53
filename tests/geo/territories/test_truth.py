"""The lists of six service groups in Ternopil, as they really came: 393 entries."""

import datetime
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from geo.addresses.houses import HouseNumber
from geo.addresses.streets import StreetName
from geo.models import City, Street
from geo.models.addresses import street_key
from geo.territories.adding import add_places, new_places
from geo.territories.deciding import deciding
from geo.territories.in_force import district_of_house
from geo.territories.reading import Reading, TerritoryRow, read_rows
from geo.territories.recording import CompiledList, compile_reading, record_territories
from geo.territories.report import Kind, TerritoryReport, report_on

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC)

NO_STREETS = """
Ринок Західний|ресторан "Хутір"|Макдоналдз|Орнава|Кристал по вул.Торговиця 15Б|ТзОВ "Тернопільхлібпром"|Перля|Новус
ТОВ "ТДК Трейд"|Фармфабрика "Тернофарм"|Вента|Янтос|Тернобуддеталь|ТОВ "Влота"|Кондитерська фабрика "ТерА"
Центральний Універмаг|частково центральна частина міста|Рост Метал|ТОВ "Модуль ІТП"|Об'їзна - Метро
Об'їзна 29-Автосалон|Нова Пошта-Логістичний центр|ТОВ "Шредер"|Техінмаш|БРВ Україна|ТОВ "Істера"|Світовид-Т|Тернпласт
ТОВ "Ватра"|Штучна шкіра|Вінітекс|Вінісан|ТОВ "Юла"|Інтенс|ЗАТ"Лілея"|Тернобудплюс|Надзбруччя|Машинобудівний завод
ЗЗВ і БК|Екперементально-механічний завод|Спеценерго|Молода Гвардія|ПАТ "Топільче"|ТОВ "САЮЗ"|Ірена|ВКП "Ватра"
ТОВ "Люїзо"|Лотос риба|Епіцентр-К|Тяга|Галичина Ласунка|Тернопільгазпостач|Промбаза|Тернобудмеханізація|Автобаза|Стелар
Будіндустрія|УВТК "Тернопільбуд"|Галичина ласунка|Продбаза|Метінвест|Волхграніт|Тернопільський завод металоконструкцій
ТОВ "Опентек"|ТОВ "Водаленд"|ТОВ "Домобудівник"|ПАТ "ДПЗКУ" Тернопільський КХП|промисловий сектор по вул.Гайова
Енергоконструкція|Рейв Техно|Інтеграл|Алтек|Ремпобуттехніка|ТОВ "Теркурій-2"|ТРЦ "Подоляни"|ПП Маківський|ВАТ "Оріон"
Фабрика меблів "Нова"|АТ "Технологія"
"""
NOT_STREETS = frozenset(name.strip() for name in re.split(r"[|\n]", NO_STREETS) if name.strip())


def houses_of(entry: dict[str, Any]) -> list[str]:
    return [] if entry["h"] == "всі" else entry["h"]


@pytest.fixture(scope="module")
def entries(shared_data: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((shared_data / "ternopil/territory_lists.json").read_text())
    assert {entry["s"] for entry in listed} >= NOT_STREETS
    return listed


@pytest.fixture
def city(entries: list[dict[str, Any]]) -> City:
    """Ternopil with the streets that the lists name."""
    city = City.objects.create(slug="ternopil", name_uk="Тернопіль", name_en="Ternopil")
    for named in dict.fromkeys(entry["s"] for entry in entries if entry["s"] not in NOT_STREETS):
        name = re.sub(r"\s*\(.*?\)| 1-54$| 9$", "", named)
        name = name if StreetName.parse(name).kind else f"вулиця {name}"
        Street.objects.get_or_create(city=city, key=street_key(name), defaults={"name_uk": name})
    return city


@pytest.fixture
def reading(entries: list[dict[str, Any]]) -> Reading:
    return read_rows(
        TerritoryRow(number, entry["g"], entry["s"], ", ".join(houses_of(entry)) or "всі")
        for number, entry in enumerate(entries, start=1)
    )


@pytest.fixture
def compiled(city: City, reading: Reading) -> CompiledList:
    return compile_reading(city, reading)


@pytest.fixture
def report(city: City, compiled: CompiledList) -> TerritoryReport:
    return report_on(city, compiled, at=NOW)


def test_every_row_is_one_entry_and_nothing_is_left_unread(entries: list[dict[str, Any]], reading: Reading) -> None:
    assert [entry.span.row for entry in reading.entries] == list(range(1, len(entries) + 1))
    assert reading.unread == ()


def test_every_street_compiles_and_every_other_name_is_listed(
    entries: list[dict[str, Any]], compiled: CompiledList, report: TerritoryReport
) -> None:
    streets = [number for number, entry in enumerate(entries, start=1) if entry["s"] not in NOT_STREETS]
    assert [each.entry.span.row for each in compiled.entries if each.rule] == streets
    others = [number for number, entry in enumerate(entries, start=1) if entry["s"] in NOT_STREETS]
    assert [finding.span.row for finding in report.of(Kind.UNKNOWN_STREET) if finding.span] == others
    assert not report.of(Kind.SEVERAL_STREETS)


def test_new_streets_are_streets_and_no_company_is_among_them(entries: list[dict[str, Any]], reading: Reading) -> None:
    city = City.objects.create(slug="ternopil", name_uk="Тернопіль", name_en="Ternopil")
    places = new_places(city, compile_reading(city, reading))
    add_places(city, places)
    assert len(places.streets) > 60
    compiled = compile_reading(city, reading)
    assert not report_on(city, compiled, at=NOW).of(Kind.SEVERAL_STREETS)
    taken = {entries[each.entry.span.row - 1]["s"] for each in compiled.entries if each.match.street}
    assert len(taken) > 80
    assert not taken & NOT_STREETS
    again = new_places(city, compile_reading(city, reading))
    assert (again.streets, again.settlements) == ((), ())


def test_the_fifteen_houses_that_two_groups_claim_are_found(
    entries: list[dict[str, Any]], report: TerritoryReport
) -> None:
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in entries:
        for house in houses_of(entry):
            groups[f"вулиця {entry['s']}", house].add(entry["g"])
    claimed = {place: tuple(sorted(of)) for place, of in groups.items() if len(of) > 1}
    found = {(one.street, one.houses[0]): one.districts for one in report.of(Kind.CLAIMED_TWICE)}
    assert len(claimed) == 15
    assert found == claimed


def test_the_streets_of_several_groups_are_found(entries: list[dict[str, Any]], report: TerritoryReport) -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        groups[f"вулиця {entry['s']}"].add(entry["g"])
    split = {street for street, of in groups.items() if len(of) > 1}
    found = {finding.street: set(finding.districts) for finding in report.of(Kind.SPLIT_STREET)}
    assert len(split) == 31
    assert {street: found.get(street) for street in split} == {street: groups[street] for street in split}
    # one more than the names alone tell: «Галицька 1-54» of one group is the street of «Галицька» of another
    assert found.keys() - split == {"вулиця Галицька"}


def test_every_house_without_a_conflict_gives_its_group(
    city: City, compiled: CompiledList, entries: list[dict[str, Any]], report: TerritoryReport
) -> None:
    record_territories(city=city, compiled=compiled, source="test", sha256="", recorded_at=NOW, recorded_by="test")
    conflicts = {(one.street, one.houses[0]) for one in report.of(Kind.CLAIMED_TWICE)}
    rules = defaultdict(list)
    for rule in compiled.rules:
        rules[rule.street].append(rule)
    asked = 0
    for number, entry in enumerate(entries, start=1):
        street = compiled.entries[number - 1].match.street
        for house in houses_of(entry):
            if house.startswith("("):
                continue
            expected = None if (f"вулиця {entry['s']}", house) in conflicts else entry["g"]
            read = HouseNumber.parse(house)
            assert read and street
            given = {rule.district for rule in deciding(rules[street], read)}
            assert (given.pop() if len(given) == 1 else None) == expected, house
            if asked % 10 == 0 or expected is None:
                assert district_of_house(city=city, street=street, house=house, at=NOW) == expected, house
            asked += 1
    assert asked > 1500
