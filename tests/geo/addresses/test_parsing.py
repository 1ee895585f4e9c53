"""Addresses as people type them."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.parsing import Address, parse_address
from geo.addresses.streets import TYPES, StreetName, type_of
from tests.geo.addresses.test_houses import houses

KNOWN = {"тернопіль"}
words = st.text(alphabet="абвгдеєжзиіїклмнопрстуфхцчшщя", min_size=4, max_size=9).map(str.capitalize)
names = st.lists(words.filter(lambda word: not type_of(word)), min_size=1, max_size=3).map(" ".join)
addresses = st.builds(
    Address,
    street=st.builds(StreetName, kind=st.sampled_from([kind.code for kind in TYPES]), name=names),
    house=houses,
    settlement=st.just("Тернопіль"),
)


@given(addresses)
def test_an_address_written_is_read_again(address: Address) -> None:
    assert parse_address(str(address), KNOWN) == address


@given(st.text())
def test_reading_an_address_never_raises(text: str) -> None:
    parse_address(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "kind", "name", "house"),
    [
        ("вулицяКарпенка 12А", "street", "Карпенка", "12А"),
        ("Хутірська, 5", "", "Хутірська", "5"),
        ("вул.вул. Київська 10", "street", "Київська", "10"),
        ("вулицявул. 15 Квітня 17", "street", "15 Квітня", "17"),
        ("вулиця бул.Просвіти,15 - бул.Просвіти,13", "boulevard", "Просвіти", "15"),
        ("Броварський проспект, 17", "avenue", "Броварський", "17"),
        ("Андріївський узвіз 4", "descent", "Андріївський", "4"),
        ("Київська 16", "", "Київська", "16"),
        ("Тернопіль Київська 16 кв. 5", "", "Київська", "16"),
        ("46001, м. Тернопіль, вул. Руська, буд. 1, під'їзд 2, кв. 30", "street", "Руська", "1"),
        ("15 квітня", "", "15 квітня", None),
        ("вул. 15 Квітня 21", "street", "15 Квітня", "21"),
        ("40-річчя Перемоги 5", "", "40-річчя Перемоги", "5"),
        ("вул. Київська вул. 15 Квітня вул. 15 Квітня 12", "street", "15 Квітня", "12"),
        ("урочище Толока, вулиця Прикордонна, 1", "street", "Прикордонна", "1"),
        ("на розі вулиці Малинська, 2/20", "street", "Малинська", "2/20"),
        ("Набережна 5", "", "Набережна", "5"),
        ("майдан Незалежності", "maidan", "Незалежності", None),
        ("вулицяДружби 7.9", "street", "Дружби", "7"),
    ],
)
def test_parts_of_an_address(text: str, kind: str, name: str, house: str | None) -> None:
    read = parse_address(text, KNOWN)
    assert (read.street.kind, read.street.name, str(read.house) if read.house else None) == (kind, name, house)


def test_what_could_not_be_read_is_kept() -> None:
    read = parse_address("вул. Миру, 14, біля ринку", KNOWN)
    assert (str(read.house), read.rest) == ("14", "біля ринку")


def test_addresses_of_kyiv_are_read_into_street_and_house(shared_data: Path) -> None:
    """Of the 5,503 rows 224 give no number at all: stops, corners and markets. The others can be read."""
    with (shared_data / "kyiv" / "addresses_2016.csv").open(encoding="utf-8") as file:
        texts = [row[0] for row in csv.reader(file)][1:]
    with_number = [text for text in texts if re.search(r"\d", text)]
    read = [parse_address(text, {"київ"}) for text in with_number]
    whole = sum(bool(address.street.name and address.house) for address in read)
    assert (len(texts), len(with_number)) == (5503, 5279)
    assert whole / len(with_number) >= 0.99


@pytest.mark.parametrize(
    "text",
    [
        "вул. Гагаріна (нині Героїв Крут), 5",
        "вул.Гагаріна (нині вул. Героїв Крут) 5",
        "вул. Героїв Крут (колишня Гагаріна), 5",
        "вул. Героїв Крут (кол. вул. 15 Квітня) 5",
    ],
)
def test_of_two_names_the_present_one_is_meant(text: str) -> None:
    assert str(parse_address(text)) == "вул. Героїв Крут, 5"


def test_a_microdistrict_before_a_street_is_context() -> None:
    assert str(parse_address("мкр Дружба, вул. Лепкого, 5")) == "Дружба, вул. Лепкого, 5"
    assert str(parse_address("м. Тернопіль, мкр Дружба, Лепкого 5", KNOWN)) == "Тернопіль, Лепкого, 5"
    assert str(parse_address("мкр Дружба, 5")) == "мкр. Дружба, 5"
    assert str(parse_address("мкр Дружба, 5", {"дружба"})) == "мкр. Дружба, 5"
    for text in ("мкр. Дружба вул. Лепкого 5", "мкр Дружба, Лепкого 5"):
        address = parse_address(text)
        assert (address.settlement, address.street.name, address.in_quarter, address.rest) == (
            "Дружба",
            "Лепкого",
            True,
            "",
        )


def test_a_name_before_a_street_with_its_house_is_context() -> None:
    assert str(parse_address("Дружба, Лепкого 5")) == "Дружба, Лепкого, 5"
    assert str(parse_address("м. Тернопіль вул. Руська 5")) == "Тернопіль, вул. Руська, 5"
    assert parse_address("Руська, корпус 5").street.name == "Руська"
    assert str(parse_address("Руська, дом № 5")) == "Руська, 5"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("вул. Гагаріна 5 (нині Героїв Крут)", "вул. Гагаріна"),
        ("вул. Гагаріна, нині Героїв Крут, 5", "вул. Гагаріна"),
        ("вул. Гагаріна нині Героїв Крут 5", "вул. Гагаріна"),
        ("м. Тернопіль, вул. Гагаріна (перейменована на Героїв Крут), 5", "вул. Гагаріна"),
        ("вул. Героїв Крут (колишня назва Гагаріна), 5", "вул. Гагаріна"),
    ],
)
def test_the_other_name_that_a_text_says_is_kept(text: str, other: str) -> None:
    address = parse_address(text, {"тернопіль"})
    assert (str(address.street), str(address.house), str(address.other), address.rest) == (
        "вул. Героїв Крут",
        "5",
        other,
        "",
    )
