"""Kernel density: nothing is lost at the edge, and the bandwidth that tells best is found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.hotspots.density import choose_bandwidth, density


@given(st.integers(0, 2**32 - 1), st.floats(0.4, 5))
def test_the_density_holds_as_many_letters_as_there_are_inside(seed, bandwidth):
    rng = np.random.default_rng(seed)
    counts, inside = rng.poisson(1.0, (15, 17)), rng.random((15, 17)) < 0.7
    spread = density(counts, inside, bandwidth)
    assert spread.sum() == pytest.approx(counts[inside].sum())
    assert not spread[~inside].any()


def test_an_even_city_is_even_up_to_its_edge():
    inside = np.ones((30, 30), bool)
    inside[:, 20:] = False
    spread = density(np.full((30, 30), 2), inside, 3.0)
    np.testing.assert_allclose(spread[inside], 2.0, rtol=1e-9)


def test_the_bandwidth_that_made_the_letters_is_chosen():
    rng = np.random.default_rng(4)
    inside = np.ones((60, 60), bool)
    seeds = np.zeros((60, 60))
    seeds[rng.integers(10, 50, 12), rng.integers(10, 50, 12)] = 1.0
    truth = density(seeds, inside, 3.0)
    shares = (truth / truth.sum()).ravel()
    earlier, later = (rng.multinomial(n, shares).reshape(60, 60) for n in (200_000, 200_000))
    sparse = rng.multinomial(300, shares).reshape(60, 60)
    assert choose_bandwidth(earlier, later, inside) <= 1.0, "with many letters there is little to smooth"
    assert 1.5 <= choose_bandwidth(sparse, later, inside) <= 4.0
