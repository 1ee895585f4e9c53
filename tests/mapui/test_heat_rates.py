"""Rates of the heatmap: what is not known has none, and a colour stands for the same numbers everywhere."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mapui.heat.rates import FEWEST_ADDRESSES, Per, Place, Size, class_words, rate_of, rates_of, rates_words


def test_letters_beside_area_addresses_and_residents() -> None:
    size = Size(km2=0.5, addresses=200, residents=4000)
    assert [rate_of(6, size, per) for per in Per] == [6, 12, 30, 1.5]


def test_what_is_not_known_has_no_rate() -> None:
    unknown = Size(km2=None, addresses=FEWEST_ADDRESSES - 1)
    assert [rate_of(6, unknown, per) for per in Per] == [6, None, None, None]
    assert rates_words(rates_of((1, 4), unknown, Per.ADDRESS)) == "–"


def test_the_rate_of_a_span_is_its_least() -> None:
    with translation.override("en"):
        assert rates_words(rates_of((1, 4), Size(0.1, 100), Per.AREA)) == "≥\N{NO-BREAK SPACE}10"
        assert rates_words(rates_of((1, 1), Size(0.3, 100), Per.AREA)) == "3.3"


@given(st.sampled_from(Per), st.sampled_from(Place))
def test_every_colour_says_its_numbers(per: Per, place: Place) -> None:
    levels = per.levels(place)
    assert sorted(levels) == list(levels)
    assert len(set(class_words(levels, per))) == len(levels) == 5


def test_colours_in_words() -> None:
    with translation.override("en"):
        assert class_words(Per.LETTERS.levels(Place.SQUARE), Per.LETTERS) == ["1", "2–3", "4–7", "8–15", "16 and more"]
        words = ["below 0.3", "0.3–1", "1–3", "3–10", "10 and more"]
        assert class_words(Per.RESIDENT.levels(Place.DISTRICT), Per.RESIDENT) == words


@pytest.mark.parametrize("text", ["", "km", "resident "])
def test_an_unknown_rate_is_the_usual(text: str) -> None:
    assert [Per.read(text, usual=usual) for usual in Per] == list(Per)
