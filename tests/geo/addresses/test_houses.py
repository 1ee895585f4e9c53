"""House numbers: one key for every spelling, sorted as people count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.houses import LETTERS, HouseNumber

letters = st.sampled_from(["", *LETTERS])
small = st.integers(1, 999)
houses = st.builds(
    HouseNumber,
    number=st.integers(1, 9999),
    letter=letters,
    fraction=st.one_of(st.just(""), st.builds(lambda n, a: f"{n}{a}", small, letters)),
    last=st.one_of(st.just(""), st.builds(lambda n, a: f"{n}{a}", small, letters)),
    corpus=st.one_of(st.just(""), small.map(str)),
)


@given(houses)
def test_a_number_written_is_read_again(house: HouseNumber) -> None:
    assert HouseNumber.parse(str(house)) == house


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("12", "12"), ("12А", "12а"), ("12-а", "12а"), ("12 «А»", "12а"), ("28C", "28с"), ("буд. 5", "5"), ("№7", "7"),
        ("19/33А", "19/33а"), ("12 корп. 2", "12 к2"), ("12к2", "12 к2"), ("5–7", "5-7"), ("29-31-31А", "29-31-31а"),
        ("5-7/29", "5-7/29"), ("101 / 2", "101/2"),
    ],
)  # fmt: skip
def test_spellings_of_one_number_have_one_key(text: str, key: str) -> None:
    house = HouseNumber.parse(text)
    assert house is not None and house.key == key


@pytest.mark.parametrize("text", ["", "А", "вул. 5", "12345", "63 36", "8-го", "40-річчя", "приватний сектор"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert HouseNumber.parse(text) is None


def test_houses_are_sorted_as_people_count() -> None:
    wanted = ["1", "2", "10", "12", "12 корп. 2", "12 корп. 10", "12/3", "12А", "12Б"]
    read = [house for text in reversed(wanted) if (house := HouseNumber.parse(text))]
    assert [str(house) for house in sorted(read, key=lambda house: house.order)] == wanted


def test_a_building_answers_to_all_its_numbers() -> None:
    house = HouseNumber.parse("29-31-31А")
    assert house is not None and house.numbers == (29, 31)
