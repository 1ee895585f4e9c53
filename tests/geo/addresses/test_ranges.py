"""Which houses a list means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import HouseSet
from tests.geo.addresses.test_houses import houses


def has(text: str, house: str) -> bool:
    number = HouseNumber.parse(house)
    assert number is not None
    return number in HouseSet.parse(text)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("всі", "1 212 19/33А", ""),
        ("", "1 212", ""),
        ("2, 4, 6–6А, 14, 16–16Е, 18, 20, 24–28", "2 6 6А 16Г 16Е 24 25 28 28А", "5 6Б 16Є 16Ж 29 23"),
        ("1; 2; 3; 4; 5–32", "1 4 5 18 32", "33"),
        ("40–42А", "40 41 42 42А", "42Б 43 39А"),
        ("непарні", "1 7 7А 13/2", "2 8А"),
        ("парні 2-40", "2 40", "1 42 3"),
        ("2–40 (парні)", "2 40", "1 42"),
        ("всі, крім 12-26", "11 27", "12 20 26"),
        ("all houses except 12-26", "11 27", "12 20 26"),
        ("з 5 до кінця", "5 900", "4"),
        ("28C", "28С", "28"),
        ("12", "12", "12А 12/3"),
    ],
)
def test_houses_of_a_list(text: str, inside: str, outside: str) -> None:
    assert HouseSet.parse(text).unread == ()
    assert [house for house in inside.split() if not has(text, house)] == []
    assert [house for house in outside.split() if has(text, house)] == []


@pytest.mark.parametrize("text", ["(приватний сектор)", "10-5", "біля ринку", "12345"])
def test_what_is_no_house_is_told(text: str) -> None:
    assert HouseSet.parse(f"1, {text}").unread == (text,)


@given(st.text())
def test_reading_a_list_never_raises(text: str) -> None:
    HouseSet.parse(text)


@given(st.lists(houses, min_size=1, max_size=5))
def test_a_list_written_is_read_again(listed: list[HouseNumber]) -> None:
    read = HouseSet.parse(", ".join(str(house) for house in listed if not house.last and not house.corpus))
    assert HouseSet.parse(str(read)) == read
