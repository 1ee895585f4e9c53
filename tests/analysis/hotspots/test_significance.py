"""Hotspots: rare where there is only chance, found where letters gather, and silent where there are too few."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.hotspots import significance
from analysis.hotspots.significance import FEWEST, find_hotspots


def by_chance(rng, n, shape):
    """Letters that fall anywhere alike."""
    cells = shape[0] * shape[1]
    return rng.multinomial(n, np.full(cells, 1 / cells)).reshape(shape)


@pytest.mark.parametrize(("n", "shape"), [(2_900, (100, 120)), (30, (20, 20))])
def test_chance_alone_cries_wolf_in_at_most_16_of_200_cities(n, shape):
    rng = np.random.default_rng(20_261)
    inside = np.ones(shape, bool)
    found = [find_hotspots(by_chance(rng, n, shape), inside, rng=rng, resamples=0).verdict for _ in range(200)]
    assert found.count("found") <= 16
    assert "few" not in found


def test_chance_in_proportion_to_the_addresses_cries_wolf_in_at_most_16_of_200_cities():
    rng = np.random.default_rng(20_262)
    shape = (40, 50)
    addresses = rng.gamma(0.5, 20, shape)
    inside = rng.random(shape) < 0.8
    shares = np.where(inside, addresses, 0) / addresses[inside].sum()
    verdicts = []
    for _ in range(200):
        counts = rng.multinomial(500, shares.ravel() / shares.sum()).reshape(shape)
        verdicts.append(find_hotspots(counts, inside, rng=rng, resamples=0, exposure=addresses).verdict)
    assert verdicts.count("found") <= 16


def test_many_addresses_are_no_hotspot_of_their_own():
    rng = np.random.default_rng(3)
    addresses = np.ones((20, 20))
    addresses[5:8, 5:8] = 60
    counts = rng.multinomial(400, (addresses / addresses.sum()).ravel()).reshape(20, 20)
    inside = np.ones((20, 20), bool)
    assert find_hotspots(counts, inside, rng=rng).verdict == "found"
    assert find_hotspots(counts, inside, rng=rng, exposure=addresses).verdict == "none"


def test_a_place_where_letters_gather_is_the_first_hotspot_and_stays_so_in_resamples():
    rng = np.random.default_rng(5)
    counts = by_chance(rng, 600, (40, 40))
    counts[10:12, 20:22] += 12
    counts[30, 5] += 25
    found = find_hotspots(counts, np.ones((40, 40), bool), rng=rng)
    assert found.verdict == "found"
    first, second = found.spots[:2]
    assert {(10, 20), (11, 21)} <= set(first.cells)
    assert (30, 5) in second.cells
    assert first.stability > 0.9
    assert first.observed - first.expected > second.observed - second.expected
    assert first.times > 3
    assert found.hot.sum() == sum(len(spot.cells) for spot in found.spots)
    assert found.stable[30, 5] > 0.9


def test_too_few_letters_tell_nothing_even_at_one_place():
    counts = np.zeros((20, 20), np.int64)
    counts[4, 4] = FEWEST - 1
    found = find_hotspots(counts, np.ones((20, 20), bool), rng=np.random.default_rng(1))
    assert (found.verdict, found.spots, found.hot.any()) == ("few", (), False)


def test_no_letters_and_no_city_are_no_error():
    nothing = find_hotspots(np.zeros((3, 3), int), np.ones((3, 3), bool), rng=np.random.default_rng(1))
    nowhere = find_hotspots(np.ones((3, 3), int), np.zeros((3, 3), bool), rng=np.random.default_rng(1))
    assert nothing.verdict == nowhere.verdict == "few"


def test_an_exposure_that_is_zero_everywhere_is_refused():
    with pytest.raises(ValueError, match="exposure"):
        find_hotspots(
            np.ones((3, 3), int), np.ones((3, 3), bool), rng=np.random.default_rng(1), exposure=np.zeros((3, 3))
        )


@given(st.integers(0, 2**32 - 1), st.integers(20, 400))
def test_what_lies_outside_the_city_changes_nothing(seed, n):
    rng = np.random.default_rng(seed)
    counts, inside = by_chance(rng, n, (12, 12)), rng.random((12, 12)) < 0.6
    other = np.where(inside, counts, rng.integers(0, 50, (12, 12)))
    one, two = (find_hotspots(each, inside, rng=np.random.default_rng(1), resamples=5) for each in (counts, other))
    assert one.spots == two.spots
    assert not one.hot[~inside].any()


def test_resamples_made_at_once_are_those_made_one_by_one(monkeypatch: pytest.MonkeyPatch):
    counts = by_chance(np.random.default_rng(5), 60, (9, 7))
    counts[4, 3] += 25
    inside = np.ones((9, 7), bool)
    found = []
    for cells in (1, 10 * counts.size, 1_000 * counts.size):
        monkeypatch.setattr(significance, "CELLS_AT_ONCE", cells)
        found.append(find_hotspots(counts, inside, rng=np.random.default_rng(1), resamples=25))
    assert found[0].spots
    assert found[0].spots == found[1].spots == found[2].spots


def test_the_chance_of_a_neighbourhood_is_the_binomial_tail():
    counts = np.zeros((10, 10), np.int64)
    counts[0, 0], counts[5, 5], counts[9, 0] = 4, 12, 4
    found = find_hotspots(counts, np.ones((10, 10), bool), rng=np.random.default_rng(1), resamples=0)
    share, n = 9 / 100, 20
    tail = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(12, n + 1))
    nine_alike = tail * 100 / 9  # Benjamini and Hochberg: the nine neighbourhoods that hold the twelve are the smallest
    assert found.p[5, 5] == pytest.approx(nine_alike)


def test_letters_about_an_empty_square_are_a_hotspot_with_them():
    counts = np.zeros((40, 40), np.int64)
    counts[20, 19] = counts[20, 21] = 2
    counts[np.arange(2, 18), np.arange(2, 18) * 2] = 1
    found = find_hotspots(counts, np.ones((40, 40), bool), rng=np.random.default_rng(1))
    assert found.hot[20, 20], "four letters about it, none in it"
    [spot] = found.spots
    assert (spot.observed, {(20, 19), (20, 20), (20, 21)} <= set(spot.cells)) == (4, True)


def test_a_heap_at_the_edge_belongs_to_its_hotspot_though_its_own_neighbourhood_is_not_hot():
    """Beside it, at the edge, neighbourhoods are smaller: the same letters are too many there."""
    counts = np.ones((3, 20), np.int64)
    counts[1, 1] = 10
    found = find_hotspots(counts, np.ones((3, 20), bool), rng=np.random.default_rng(1))
    assert (found.hot[1, 0], found.hot[1, 1]) == (True, False)
    [spot] = found.spots
    assert (spot.observed, (1, 1) in spot.cells) == (13, True)


def test_a_heap_between_two_crowds_is_told_once():
    """Left and right of it 600 addresses that nobody wrote from: both neighbourhoods are hot by the heap alone."""
    counts, addresses = np.full((12, 12), 50), np.full((12, 12), 50.0)
    counts[5, 5], counts[5, 4], counts[5, 6] = 1000, 0, 0
    addresses[5, 5], addresses[5, 4], addresses[5, 6] = 10, 600, 600
    found = find_hotspots(counts, np.ones((12, 12), bool), rng=np.random.default_rng(1), exposure=addresses)
    assert all(spot.observed > spot.expected for spot in found.spots)
    assert sum((5, 5) in spot.cells for spot in found.spots) == 1


def test_wider_neighbourhoods_tell_heaps_that_do_not_touch_their_hot_cells():
    for seed in range(60):
        counts = by_chance(np.random.default_rng(seed), 27, (20, 20))
        found = find_hotspots(
            counts, np.ones((20, 20), bool), rng=np.random.default_rng(seed), radius=2, rate=0.5, resamples=0
        )
        assert all(spot.observed > spot.expected for spot in found.spots)


@given(st.integers(0, 2**32), st.integers(20, 300), st.integers(1, 4))
def test_every_hotspot_holds_more_letters_than_chance_would_bring(seed, n, heaps):
    rng = np.random.default_rng(seed)
    counts, inside = by_chance(rng, n, (9, 9)), rng.random((9, 9)) < 0.7
    for row, column in rng.integers(0, 9, (heaps, 2)):
        counts[row, column] += rng.integers(5, 30)
    addresses = rng.gamma(0.5, 20, (9, 9)) + 1
    for exposure in (None, addresses):
        found = find_hotspots(counts, inside, rng=rng, resamples=0, exposure=exposure)
        assert all(spot.observed > spot.expected for spot in found.spots)
        cells = [cell for spot in found.spots for cell in spot.cells]
        assert len(set(cells)) == len(cells)
        assert all(inside[cell] for cell in cells)
