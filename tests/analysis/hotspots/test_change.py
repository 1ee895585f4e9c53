"""Changes between two periods: the conditional test, silent under chance, the right way round under change."""

import numpy as np
import pytest
from scipy.stats import binomtest

from analysis.hotspots.change import find_changes

CITY = np.ones((20, 20), bool)


def test_two_periods_of_one_rate_seldom_differ():
    rng = np.random.default_rng(11)
    pairs = ((rng.poisson(1.0, (20, 20)), rng.poisson(2.0, (20, 20))) for _ in range(200))
    verdicts = [find_changes(*pair, CITY, days=(100, 200)).verdict for pair in pairs]
    assert verdicts.count("found") <= 16


def test_a_street_that_grew_quiet_and_one_that_grew_loud_are_told_apart():
    rng = np.random.default_rng(12)
    before, after = rng.poisson(1.0, (20, 20)), rng.poisson(1.0, (20, 20))
    before[3, 3] += 40
    after[15, 15] += 40
    found = find_changes(before, after, CITY, days=(90, 90))
    assert (found.verdict, found.direction[3, 3], found.direction[15, 15]) == ("found", -1, 1)
    assert found.low[15, 15] > 1 > found.high[3, 3]
    assert found.low[15, 15] < found.times[15, 15] < found.high[15, 15]


def test_the_chance_is_that_of_the_binomial_test_and_the_interval_clopper_and_pearson():
    before, after = np.zeros((1, 1), np.int64), np.zeros((1, 1), np.int64)
    before[0, 0], after[0, 0] = 20, 31
    found = find_changes(before, after, np.ones((1, 1), bool), days=(100, 100))
    exact = binomtest(31, 51, 0.5)
    interval = exact.proportion_ci(0.95, "exact")
    assert found.p[0, 0] == pytest.approx(exact.pvalue)
    assert found.low[0, 0] == pytest.approx(interval.low / (1 - interval.low))
    assert found.high[0, 0] == pytest.approx(interval.high / (1 - interval.high))


def test_periods_of_unequal_length_compare_by_the_day():
    before, after = np.full((20, 20), 10), np.full((20, 20), 1)
    assert find_changes(before, after, CITY, days=(300, 30)).verdict == "none"
    assert find_changes(before, after, CITY, days=(30, 30)).verdict == "found"


def test_too_few_letters_in_both_periods_tell_nothing():
    before, after = np.zeros((20, 20), int), np.zeros((20, 20), int)
    after[2, 2] = 19
    assert find_changes(before, after, CITY, days=(30, 30)).verdict == "few"


def test_a_period_without_days_is_refused():
    with pytest.raises(ValueError, match="day"):
        find_changes(np.ones((2, 2), int), np.ones((2, 2), int), np.ones((2, 2), bool), days=(0, 30))
