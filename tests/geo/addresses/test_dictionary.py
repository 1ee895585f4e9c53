"""Street names are found in spite of how they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.dictionary import KnownName, StreetDictionary
from geo.addresses.streets import StreetName

STREETS = [
    "вулиця Карпенка",
    "вулиця Максима Кривоноса",
    "проспект Злуки",
    "вулиця 15 Квітня",
    "вулиця Патріарха Любомира Гузара",
    "вулиця Білецька",
    "бульвар Тараса Шевченка",
    "вулиця Шевченка",
    "вулиця Новий Світ",
    "вулиця Лесі Українки",
    "вулиця Миру",
    "провулок Галицький",
    "вулиця Галицька",
    "вулиця Лук'яновича",
    "вулиця Київська",
    "вулиця Руська",
]
DICTIONARY = StreetDictionary(
    [
        *(KnownName(number, StreetName.parse(name)) for number, name in enumerate(STREETS)),
        KnownName(4, StreetName.parse("вулиця Чалдаєва"), current=False),
    ]
)


def first(text: str, *, prefix: bool = False) -> str:
    found = DICTIONARY.find(StreetName.parse(text), prefix=prefix)
    return STREETS[found[0].known.street] if found and found[0].score > 0.6 else ""


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("Карпенко", "вулиця Карпенка"),
        ("Крапенка", "вулиця Карпенка"),
        ("вул. М. Кривоноса", "вулиця Максима Кривоноса"),
        ("Кривоноса Максима", "вулиця Максима Кривоноса"),
        ("Karpenka", "вулиця Карпенка"),
        ("Rfhgtyrf", "вулиця Карпенка"),
        ("Киевская", "вулиця Київська"),
        ("Kievskaya", "вулиця Київська"),
        ("Злуки", "проспект Злуки"),
        ("вул. Л. Гузара", "вулиця Патріарха Любомира Гузара"),
        ("Чалдаєва", "вулиця Патріарха Любомира Гузара"),
        ("Білецькій", "вулиця Білецька"),
        ("бульв. Шевченка", "бульвар Тараса Шевченка"),
        ("вул. Шевченка", "вулиця Шевченка"),
        ("Новийсвіт", "вулиця Новий Світ"),
        ("Л.Українки", "вулиця Лесі Українки"),
        ("Лукяновича", "вулиця Лук'яновича"),
        ("15Квітня", "вулиця 15 Квітня"),
        ("пров. Галицький", "провулок Галицький"),
    ],
)
def test_a_street_is_found_however_it_is_typed(typed: str, street: str) -> None:
    assert first(typed) == street


@pytest.mark.parametrize("typed", ["Хрещатик", "Сагайдачного", "Аптека", "ъъъ", "1"])
def test_a_street_that_is_not_there_is_not_found(typed: str) -> None:
    assert first(typed) == ""


@pytest.mark.parametrize(("typed", "street"), [("Кар", "вулиця Карпенка"), ("Лесі Ук", "вулиця Лесі Українки")])
def test_an_unfinished_name_is_completed(typed: str, street: str) -> None:
    assert first(typed, prefix=True) == street


def test_the_same_words_are_exact_and_a_typo_is_not() -> None:
    assert DICTIONARY.find(StreetName.parse("М. Кривоноса"))[0].exact
    assert not DICTIONARY.find(StreetName.parse("Кривонуса"))[0].exact


@given(st.text(), st.booleans())
def test_searching_never_raises(text: str, prefix: bool) -> None:
    DICTIONARY.find(StreetName.parse(text), prefix=prefix)
