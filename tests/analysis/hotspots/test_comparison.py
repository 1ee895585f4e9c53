"""A place beside others: silent under chance, exact, and not fooled by how the place was chosen."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from analysis.hotspots.comparison import Asked, Letters, compare_places

YEAR = (364, 364)
letters = st.builds(Letters, st.integers(0, 300), st.integers(0, 300))
asked = st.builds(Asked, letters, letters, st.tuples(st.integers(1, 400), st.integers(1, 400)))


def compared(place, others, days=YEAR):
    """Compare one place, as pairs of counts."""
    [told] = compare_places([Asked(Letters(*place), Letters(*others), days)])
    return told


@settings(deadline=None, max_examples=50)  # exact intervals of large counts take a while
@given(asked)
def test_the_interval_holds_the_ratio_and_leaves_one_out_exactly_where_the_test_does(each):
    [told] = compare_places([each])
    if told.verdict == "few":
        assert math.isnan(told.against)
        return
    low, high = told.interval
    assert low <= told.against <= high
    if abs(told.p - 0.05) > 1e-6:
        assert (told.direction != 0) == (not low <= 1 <= high)


@given(asked)
def test_the_lengths_of_the_spans_do_not_change_the_verdict(each):
    [told] = compare_places([each])
    [same] = compare_places([Asked(each.place, each.others, (364, 28))])
    assert (told.verdict, told.direction) == (same.verdict, same.direction)


@given(asked)
def test_turning_time_round_turns_the_answer_round(each):
    place, others = (Letters(pair.after, pair.before) for pair in (each.place, each.others))
    [told] = compare_places([each])
    [back] = compare_places([Asked(place, others, each.days[::-1])])
    assert back.direction == -told.direction


def test_the_chance_is_fishers_two_tails_doubled():
    told = compared((40, 20), (300, 310))
    one_sided = fisher_exact([[20, 40], [310, 300]], alternative="less").pvalue
    assert told.p == pytest.approx(2 * one_sided)
    assert told.against == pytest.approx((20 / 40) / (310 / 300))


def test_a_place_where_nothing_came_any_more_is_told():
    told = compared((40, 0), (300, 310))
    assert (told.direction, told.against, told.interval[0]) == (-1, 0, 0)
    assert 0 < told.interval[1] < 0.3


@pytest.mark.parametrize(
    ("place", "others"),
    [((10, 9), (300, 300)), ((40, 20), (10, 9)), ((40, 20), (0, 300)), ((40, 20), (300, 0))],
)
def test_too_few_letters_here_or_there_tell_nothing(place, others):
    assert compared(place, others).verdict == "few"


def test_a_span_without_days_tells_nothing():
    assert compared((40, 20), (300, 300), days=(0, 10)).verdict == "few"


def test_among_many_places_of_chance_hardly_one_is_told():
    rng = np.random.default_rng(3)
    runs = 0
    for _ in range(200):
        places = [Asked(Letters(*rng.poisson(30, 2)), Letters(*rng.poisson(900, 2)), YEAR) for _ in range(20)]
        runs += any(told.direction for told in compare_places(places))
    assert runs <= 16


def test_a_place_chosen_because_it_was_high_falls_by_itself_and_is_not_told_for_it():
    rng = np.random.default_rng(4)
    naive = fair = peers = 0
    for _ in range(200):
        earlier, chosen, since = rng.poisson(20.0, (3, 200))
        order = np.argsort(-chosen)
        place, others, high = order[0], order[1:], order[1:15]

        def asks(before, place=place, others=others, since=since):
            told = compared((before[place], since[place]), (before[others].sum(), since[others].sum()))
            return told.direction < 0

        naive += asks(chosen)
        fair += asks(earlier)
        peers += asks(chosen, others=high)
    assert naive > 60, "by the days it was chosen by, two places in five fell beyond chance"
    assert fair <= 10
    assert peers <= 20, "beside others that were high as well, hardly one in ten"
