"""Honest times: an open letter never makes an office look quicker, and few letters tell nothing."""

import datetime
import math
from bisect import bisect_right
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.answer_times import FEWEST, MEDIAN, NINE_IN_TEN, Figures, Quantile, Times, working_days
from appeals.calendar import Calendar
from appeals.deadlines import working_days_after

counts = st.dictionaries(st.integers(0, 40), st.integers(1, 30), max_size=12)
shares = st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=20)
times = st.builds(Times, counts, counts)
DAY = datetime.date(2026, 6, 1)
days_of_a_year = st.dates(DAY, DAY + datetime.timedelta(days=365))


def plus(*parts: Times) -> Times:
    """The times of some letters together."""
    return Figures.of_all(Figures(part) for part in parts).times


def size(quantile: Quantile | None) -> tuple[int, bool]:
    """How long a quantile says that writers waited; an open end is longer than the same number closed."""
    assert quantile is not None
    return (quantile.days, quantile.or_more)


@given(counts.filter(bool), shares)
def test_without_open_letters_a_quantile_is_the_one_that_is_counted_by_rank(
    answered: dict[int, int], share: Fraction
) -> None:
    waited = sorted(day for day, n in answered.items() for _ in range(n))
    rank = math.ceil(share * len(waited))
    assert Times(answered).quantile(share) == Quantile(waited[rank - 1])


@given(times.filter(lambda each: each.n), st.integers(0, 60), shares)
def test_letter_that_lies_open_never_makes_times_shorter(known: Times, waited: int, share: Fraction) -> None:
    more = plus(known, Times(waiting={waited: 1}))
    assert size(more.quantile(share)) >= size(known.quantile(share))


@given(times, st.integers(0, 40), shares)
def test_letter_without_an_answer_never_looks_quicker_than_the_same_one_answered(
    known: Times, day: int, share: Fraction
) -> None:
    answered, waiting = plus(known, Times(answered={day: 1})), plus(known, Times(waiting={day: 1}))
    assert size(waiting.quantile(share)) >= size(answered.quantile(share))


@given(times.filter(lambda each: each.n), shares, shares)
def test_larger_share_takes_at_least_as_long(known: Times, one: Fraction, two: Fraction) -> None:
    less, more = sorted((one, two))
    assert size(known.quantile(less)) <= size(known.quantile(more))


@given(times, times)
def test_times_add_up_in_any_order(one: Times, two: Times) -> None:
    assert plus(one, two) == plus(two, one)
    assert plus(one, two).n == one.n + two.n


def test_figures_of_parts_add_up_in_all_that_they_tell() -> None:
    parts = [Figures(Times({1: 2}), 1, 1, 2, {"yes": 1}), Figures(Times({1: 3}, {4: 1}), 3, 0, 2, {"yes": 1, "no": 1})]
    assert Figures.of_all(parts) == Figures(Times({1: 5}, {4: 1}), 4, 1, 4, {"yes": 2, "no": 1})
    assert Figures.of_all([]) == Figures()


def test_where_most_wait_still_the_answer_is_so_many_days_or_more() -> None:
    assert Times({1: 4}, {9: 6}).quantile(MEDIAN) == Quantile(9, or_more=True)
    assert Times({1: 6}, {9: 4}).quantile(MEDIAN) == Quantile(1)
    assert Times({1: 6}, {9: 4}).quantile(NINE_IN_TEN) == Quantile(9, or_more=True)


def test_product_limit_estimate_is_that_of_the_paper() -> None:
    # Kaplan and Meier (1958), section 2: deaths at 0.8, 3.1, 5.4, 9.2 months, losses at 1.0, 2.7, 7.0, 12.1.
    example = Times({8: 1, 31: 1, 54: 1, 92: 1}, {10: 1, 27: 1, 70: 1, 121: 1})
    # Their estimate: 7/8, then 7/10, 21/40 and 21/80.
    assert example.quantile(1 - Fraction(7, 8)) == Quantile(8)
    assert example.quantile(1 - Fraction(7, 10)) == Quantile(31)
    assert example.quantile(1 - Fraction(21, 40)) == Quantile(54)
    assert example.quantile(1 - Fraction(21, 80)) == Quantile(92)
    assert example.quantile(Fraction(4, 5)) == Quantile(121, or_more=True)


@pytest.mark.parametrize("letters", [0, 1, FEWEST - 1])
def test_too_few_letters_have_no_percentile_and_no_percentage(letters: int) -> None:
    few = Figures(Times({1: letters}), in_time=letters)
    assert (few.median, few.nine_in_ten, few.share_in_time, few.is_enough) == (None, None, None, False)


def test_twenty_letters_have_both() -> None:
    enough = Figures(Times({1: FEWEST}), in_time=15, late=5)
    assert (enough.median, enough.share_in_time) == (Quantile(1), Fraction(3, 4))


@given(days_of_a_year, st.integers(0, 20), st.frozensets(days_of_a_year, max_size=9))
def test_working_days_between_is_the_deadline_counted_back(
    received_on: datetime.date, number: int, holidays: frozenset[datetime.date]
) -> None:
    calendar = Calendar(holidays=holidays)
    due_on = working_days_after(received_on, number, calendar)
    days = working_days(calendar, DAY, due_on + datetime.timedelta(days=1))
    assert bisect_right(days, due_on) - bisect_right(days, received_on) == number
