"""Neighbourhood sums and Gi*, against the definition and against esda."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.hotspots.neighbourhoods import getis_ord, neighbourhood_sums

grids = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda shape: st.tuples(arrays(np.int64, shape, elements=st.integers(0, 1000)), arrays(bool, shape))
)


@given(grids, st.integers(0, 4))
def test_a_sum_is_that_of_the_cells_within_the_radius(grid, radius):
    counts, inside = grid
    sums = neighbourhood_sums(counts, inside, radius)
    held = np.where(inside, counts, 0)
    for row, column in np.ndindex(*counts.shape):
        rows, columns = (
            slice(max(0, row - radius), row + radius + 1),
            slice(max(0, column - radius), column + radius + 1),
        )
        assert sums[row, column] == held[rows, columns].sum()


@pytest.mark.parametrize("seed", range(5))
def test_the_statistic_is_that_of_esda(seed):
    import esda  # not above: it takes five seconds of each process that collects the tests
    import libpysal

    counts = np.random.default_rng(seed).poisson(0.4 + seed, (23, 31))
    weights = libpysal.weights.lat2W(23, 31, rook=False)
    theirs = esda.G_Local(counts.ravel().astype(float), weights, transform="B", star=True, permutations=0).Zs
    ours = getis_ord(counts, np.ones(counts.shape, bool))
    np.testing.assert_allclose(ours.ravel(), theirs, rtol=0, atol=1e-9)


def test_the_statistic_of_a_ragged_city_is_that_of_esda():
    import esda  # see above
    import libpysal

    rng = np.random.default_rng(7)
    counts, inside = rng.poisson(1.5, (15, 18)), rng.random((15, 18)) < 0.7
    full = libpysal.weights.lat2W(15, 18, rook=False)
    ids = np.flatnonzero(inside.ravel()).tolist()
    weights = libpysal.weights.w_subset(full, ids, silence_warnings=True)
    theirs = esda.G_Local(counts[inside].astype(float), weights, transform="B", star=True, permutations=0).Zs
    np.testing.assert_allclose(getis_ord(counts, inside)[inside], theirs, rtol=0, atol=1e-9)


def test_where_all_cells_hold_the_same_there_is_no_statistic():
    assert np.isnan(getis_ord(np.full((4, 4), 3), np.ones((4, 4), bool))).all()
