"""Lists of streets and houses are read whole: every piece becomes an entry, a heading, or is listed."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.ranges import HouseSet
from geo.territories.reading import Reading, TerritoryRow, Why, read_rows, read_text

pieces = st.sampled_from(
    ["вул. Руська", "Київська", "вул.Нова: 1", "майдан Перемоги", "хутір Анастазіївка", "с. Петриків:", "вулиці: Тиха",
     "5", "6–6А", "12/5", "3 корп. 2", "парні", "(непарні)", "(приватний сектор)", "всі", "крім 7", "28А–Г", "школа №5",
     'ТОВ "Влота"', "\nДільниця № 2:\n", "—", "(", ")", ":", "та", "."]
)  # fmt: skip
joints = st.sampled_from([", ", "; ", " ", "\n", ",", ": ", ". "])


def said(reading: Reading) -> list[tuple[str, str]]:
    return [(entry.street or f"[{entry.settlement}]", str(entry.houses)) for entry in reading.entries]


def spans(reading: Reading) -> set[int]:
    """The places of a text that something was made of."""
    every = [
        *(entry.span for entry in reading.entries), *(piece.span for piece in reading.unread), *reading.headings
    ]  # fmt: skip
    return {at for span in every for at in range(span.start, span.end)}


@given(st.text() | st.lists(st.tuples(pieces, joints)).map(lambda each: "".join(map("".join, each))))
def test_no_word_of_a_text_is_dropped(text: str) -> None:
    found = spans(read_text(text, district="1"))
    conjunctions = {at for at in range(len(text)) if text[max(0, at - 3) : at + 4].split().count("та")}
    assert not [at for at in range(len(text)) if text[at].isalnum() and at not in found | conjunctions]


@given(st.lists(st.tuples(pieces, joints)).map(lambda each: "".join(map("".join, each))))
def test_without_a_district_everything_is_listed_as_not_read(text: str) -> None:
    before, _heading, _after = text.partition("Дільниця")
    assert read_text(before).entries == ()


@given(st.lists(st.tuples(pieces, joints)).map(lambda each: "".join(map("".join, each))))
def test_houses_that_were_read_are_the_same_when_written_and_read_again(text: str) -> None:
    for entry in read_text(text, district="1").entries:
        if entry.houses.ranges:
            assert HouseSet.parse(str(entry.houses)) == HouseSet(entry.houses.ranges, entry.houses.without)


def test_official_descriptions_are_read_whole(shared_data: Path) -> None:
    districts = json.loads((shared_data / "ternopil/official_grammar_excerpt.json").read_text())["districts"]
    first, second, third = (read_text(each["descr"], district=str(each["n"])) for each in districts)
    assert not first.unread and not second.unread and not third.unread
    assert len(first.entries) == 24
    assert ("[Анастазіївка]", "всі") in said(first)
    assert said(second)[0] == ("вул. Гетьмана І. Мазепи", "2, 4, 6–6А, 14, 16–16Е, 18, 20, 24–28")
    assert said(second)[5:7] == [("майдан Перемоги", "всі"), ("вул. Бережанська", "3–5, 10")]
    assert said(second)[-2:] == [("вул. Львівська", "1, 2, 3, 4, 5–32"), ("вул. Південна", "всі")]
    assert said(third)[1:] == [
        ("вул. Лучаківського", "3–3Б, 5–5Б"), ("вул. Макаренка", "2, 6, 8"), ("вул. Степова", "17–52, 54, 56"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("вул. Руська, 1, 3 та 5", [("вул. Руська", "1, 3, 5")]),
        ("вул. Нова (непарні); Тиха парні, крім 4, 6", [("вул. Нова", "непарні"), ("Тиха", "парні, крім 4, 6")]),
        ("вул. Гайова (приватний сектор)", [("вул. Гайова", "всі")]),
        ("вул. 15 Квітня 21; вул. 1 Травня", [("вул. 15 Квітня", "21"), ("вул. 1 Травня", "всі")]),
        ("вул. Миру: 5, корп. 2; 12/5, 19/33А", [("вул. Миру", "5 корп. 2, 12/5, 19/33А")]),
        ("вул. Миру: 2-40 (парні), 1–13 непарні", [("вул. Миру", "2–40 (парні), 1–13 (непарні)")]),
        ("вулиці: Тиха, Нова 5; провулки: Білий", [("вул. Тиха", "всі"), ("вул. Нова", "5"), ("пров. Білий", "всі")]),
        ("вул. Шевченка: 28C", [("вул. Шевченка", "28С")]),
        ("С.Будного: 3В; Хутірська", [("С.Будного", "3В"), ("Хутірська", "всі")]),
    ],
)
def test_the_grammar_of_lists(text: str, entries: list[tuple[str, str]]) -> None:
    reading = read_text(text, district="1")
    assert said(reading) == entries
    assert not reading.unread


def test_headings_say_whose_the_streets_are() -> None:
    reading = read_text("вул. Нічия\nДільниця № 1\nвул. Руська: 1\nПоліцейська дільниця №12/1: вул. Миру; вул. Тиха")
    assert [(entry.district, entry.street) for entry in reading.entries] == [
        ("1", "вул. Руська"), ("12/1", "вул. Миру"), ("12/1", "вул. Тиха"),
    ]  # fmt: skip
    assert [(piece.text, piece.why) for piece in reading.unread] == [("вул. Нічия", Why.NO_DISTRICT)]


def test_a_settlement_with_a_colon_holds_the_streets_after_it_and_without_one_is_meant_whole() -> None:
    reading = read_text("с. Петриків: вул. Лісова, вул. Нова 1-5; с. Біла; вул. Руська", district="1")
    assert [(entry.settlement, entry.street) for entry in reading.entries] == [
        ("Петриків", "вул. Лісова"), ("Петриків", "вул. Нова"), ("Біла", ""), ("", "вул. Руська"),
    ]  # fmt: skip


def test_what_is_no_list_of_houses_claims_no_house() -> None:
    reading = read_text("вул. Миру: школа; вул. Руська: 28А–Г", district="1")
    assert said(reading) == [("вул. Миру", ""), ("вул. Руська", "")]
    assert [(piece.text, piece.span.start) for piece in reading.unread] == [("школа", 11), ("28А–Г", 31)]


def test_a_row_without_a_district_is_of_the_one_above() -> None:
    reading = read_rows([TerritoryRow(2, "7", "Руська", "1-9"), TerritoryRow(3, "", "Галицька 1-54", "всі")])
    assert [(entry.district, entry.street, str(entry.houses)) for entry in reading.entries] == [
        ("7", "Руська", "1–9"), ("7", "Галицька", "1–54"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "code"),
    [("Дільниця № 3", "3"), ("поліцейська дільниця №12/1", "12/1"), ("№ 7", "7"), ("3", "3"), ("ДОП-3", "ДОП-3"),
     ("Дільниця № 3 (центр)", "Дільниця № 3 (центр)")],
)  # fmt: skip
def test_the_cell_of_a_district_gives_the_code_that_a_heading_would(cell: str, code: str) -> None:
    assert read_rows([TerritoryRow(2, cell, "вул. Руська")]).entries[0].district == code


def test_an_initial_behind_a_name_keeps_its_full_stop() -> None:
    assert said(read_text("вул. Шевченка Т.Г.; вул. Тиха.", district="1")) == [
        ("вул. Шевченка Т.Г.", "всі"), ("вул. Тиха", "всі")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "вул." + " " * 2_000 + "Руська", "вул. Руська: 1" + "(" * 20_000, "вул. Руська" + " 1" * 10_000,
        "вул. Руська (а); " * 10_000,
    ],
)  # fmt: skip
def test_no_text_takes_long_to_read(text: str) -> None:
    begun = time.perf_counter()
    read_text(text, district="1")
    assert time.perf_counter() - begun < 5


def test_blanks_of_a_document_mean_nothing() -> None:
    [entry] = read_text("вул.   Руська:  1 \u00a0–\t 9,   крім    7", district="1").entries
    assert str(entry.houses) == "1–9, крім 7"


@pytest.mark.parametrize(
    ("text", "houses", "today"),
    [
        ("вул. Гагаріна (нині Героїв Крут): 1, 3", "1, 3", "вул. Героїв Крут"),
        ("вул. Гагаріна, нині Героїв Крут: 1, 3", "1, 3", "вул. Героїв Крут"),
        ("вул. Гагаріна, нині вул. Героїв Крут; 1, 3", "1, 3", "вул. Героїв Крут"),
        ("вул. Гагаріна нині Героїв Крут 1, 3", "1, 3", "вул. Героїв Крут"),
        ("вул. Злуки, колишня 15 Квітня, 1, 3", "1, 3", "вул. Злуки"),
        ("вул. Злуки (колишня назва Жовтнева)", "всі", "вул. Злуки"),
    ],
)
def test_two_names_of_a_street_are_one_entry(text: str, houses: str, today: str) -> None:
    [entry, other] = read_text(f"{text}; вул. Руська", district="1").entries
    assert (str(entry.houses), entry.street_today, entry.text, other.street) == (houses, today, text, "вул. Руська")
    assert entry.renaming is not None and "назва" not in str(entry.renaming)
