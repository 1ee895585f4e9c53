"""What tells who or where is found, to be masked by a person; other words stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.redacting import Found, Kind, found_in, masked, named_in, written_in


@pytest.mark.parametrize(
    ("text", "part", "kind"),
    [
        ("Дзвоніть 067 123 45 67 після шостої.", "067 123 45 67", Kind.PHONE),
        ("Мій номер +380671234567.", "+380671234567", Kind.PHONE),
        ("Пишіть на olena.p@example.org, дякую.", "olena.p@example.org", Kind.EMAIL),
        ("Шумить Іван Петренко щоночі.", "Шумить Іван Петренко", Kind.NAME),
        ("сусід Петренко І. П. шумить", "Петренко І. П.", Kind.NAME),
        ("пані Галина Миколаївна бачила", "Галина Миколаївна", Kind.NAME),
        ("він Іванович", "Іванович", Kind.NAME),
        ("на вул. Руській, 12а темно", "вул. Руській, 12а", Kind.ADDRESS),
        ("вулиця 15-го Квітня, 3 темна", "вулиця 15-го Квітня, 3", Kind.ADDRESS),
        ("у будинку 5 шумно", "будинку 5", Kind.ADDRESS),
        ("кв. 17 знову", "кв. 17", Kind.ADDRESS),
        ("третій: 3-й під’їзд", "3-й під’їзд", Kind.ADDRESS),
        ("авто АА 1234 ВС стоїть", "АА 1234 ВС", Kind.PLATE),
    ],
)
def test_what_tells_who_or_where_is_found(text: str, part: str, kind: Kind) -> None:
    assert [(text[one.start : one.end], one.kind) for one in found_in(text)] == [(part, kind)]


@pytest.mark.parametrize(
    "text", ["Щоночі після 23:00 грає музика.", "Телефонуйте 102.", "Music after eleven, 3 times."]
)
def test_other_words_stay(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize("written", ["Олена", "олену", "Оленою", "Петренко", "Петренка"])
def test_the_writers_own_name_is_found_in_other_cases_too(written: str) -> None:
    text = f"а мене, {written}, не чують"
    found = found_in(text, names=["Петренко Олена Ігорівна"])
    assert [text[one.start : one.end] for one in found] == [written]


def test_whoever_is_named_in_full_is_found_by_one_word_with_a_capital() -> None:
    people = named_in("Шумить сусід Іван Петренко, 067 123 45 67.")
    assert people == ("Іван Петренко",)
    text = "Ми кликали Івана, а Петренки грали; іван-чай ні до чого."
    assert [text[one.start : one.end] for one in found_in(text, people=people)] == ["Івана", "Петренки"]


def test_names_are_told_as_the_text_writes_them_and_no_others() -> None:
    names = ["Петренко Олена Ігорівна"]
    assert written_in("мене, Олену, не чують; я ж Олена. Олену!", names=names) == ("Олену", "Олена")
    assert written_in("мене не чують", names=names) == ()


def test_masks_stand_where_something_was() -> None:
    text = "Мене звуть Олена, 067 123 45 67."
    assert masked(text, found_in(text, names=["Олена"])) == "Мене звуть [ім’я], [телефон]."
    assert masked("без нічого", []) == "без нічого"


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=2))
def test_what_is_found_lies_in_order_and_apart(text: str, names: list[str]) -> None:
    found = found_in(text, names=names)
    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start < one.end <= len(text) for end, one in zip(ends, found, strict=False))


def test_a_text_without_its_found_parts_is_what_is_left() -> None:
    assert masked("абвгд", [Found(1, 3, Kind.NAME)]) == "а[ім’я]гд"
