"""Hot areas of spans: never hotter than the true counts would be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from analysis.hotspots.spans import find_hot_areas

one = st.tuples(st.integers(0, 40), st.integers(0, 6), st.integers(0, 6), st.integers(1, 90))
"""At least, how much more at most, how much more in truth, a weight of chance."""


@given(st.lists(one, min_size=2, max_size=20))
def test_no_counts_within_the_spans_are_less_hot(rows):
    least = np.array([each[0] for each in rows])
    most = least + np.array([each[1] for each in rows])
    weights = np.array([each[3] for each in rows])
    shares = weights / weights.sum()
    true = np.array([each[0] + min(each[1], each[2]) for each in rows])
    found = find_hot_areas(least, most, shares)
    exact = false_discovery_control(binom.sf(true - 1, true.sum(), shares))
    assert (found.p >= exact - 1e-12).all()


def test_counts_that_are_known_are_tested_exactly():
    counts = np.array([30, 5, 5, 5, 5])
    found = find_hot_areas(counts, counts, np.full(5, 0.2))
    assert found.p == pytest.approx(false_discovery_control(binom.sf(counts - 1, 50, 0.2)))
    assert (found.verdict, found.hot.tolist()) == ("found", [True, False, False, False, False])


def test_chance_alone_cries_wolf_in_at_most_16_of_200_cities():
    rng = np.random.default_rng(8)
    shares = rng.gamma(2, 1, 300)
    shares /= shares.sum()
    verdicts = []
    for _ in range(200):
        counts = rng.multinomial(1_500, shares)
        small = (counts > 0) & (counts <= 4)
        found = find_hot_areas(np.where(small, 1, counts), np.where(small, 4, counts), shares)
        verdicts.append(found.verdict)
    assert verdicts.count("found") <= 16


def test_few_letters_and_no_areas_tell_nothing():
    assert find_hot_areas(np.array([19, 0]), np.array([30, 0]), np.array([0.1, 0.9])).verdict == "few"
    assert find_hot_areas(np.array([], int), np.array([], int), np.array([])).verdict == "few"


@pytest.mark.parametrize(("least", "most", "share"), [([2], [1], [0.5]), ([-1], [1], [0.5]), ([1], [1], [1.5])])
def test_what_is_no_span_or_share_is_refused(least, most, share):
    with pytest.raises(ValueError, match="Each"):
        find_hot_areas(np.array(least), np.array(most), np.array(share))
