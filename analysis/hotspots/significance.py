"""Which neighbourhoods hold more letters than chance would give them, and how sure that is."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import scipy  # its parts are loaded when they are first used: they take 60 MB of each server process
from numpy.typing import NDArray

from analysis.hotspots.neighbourhoods import Counts, Mask, Values, getis_ord, neighbourhood_sums

FEWEST = 20
"""With fewer letters nothing is said: a single household could make a hotspot."""
RATE = 0.05
"""The share of false ones expected among all hotspots shown (Benjamini and Hochberg 1995)."""
RESAMPLES = 200
CELLS_AT_ONCE = 200_000
"""Of so many cells resamples are made together: a district's grid is done at once, a city's in steps of some MB."""
TOUCHING = np.ones((3, 3))
"""Cells that share a corner are neighbours."""

Verdict = Literal["few", "none", "found"]


@dataclass(frozen=True, slots=True)
class Hotspot:
    """Neighbouring hot cells, or the neighbourhood that makes one hot, with more letters than chance would bring.

    `p` is that of its surest neighbourhood, adjusted for all cells looked at; `stability` is the share of resamples in
    which at least half of its hot cells are hot.
    """

    rank: int
    cells: tuple[tuple[int, int], ...]
    observed: int
    expected: float
    p: float
    stability: float

    @property
    def times(self) -> float:
        """How many times more letters than chance would put there."""
        return self.observed / self.expected


@dataclass(frozen=True, slots=True)
class Hotspots:
    """What a grid of counts shows.

    `p` are adjusted for all cells looked at, `z` is Gi*, `hot` the cells whose neighbourhoods hold too many letters,
    `stable` in what share of resamples a cell is hot. `needed` letters in one neighbourhood of the usual size would
    have been enough to stand out alone.
    """

    verdict: Verdict
    n: int
    radius: int
    rate: float
    resamples: int
    needed: int
    z: Values = field(repr=False)
    p: Values = field(repr=False)
    hot: Mask = field(repr=False)
    stable: Values = field(repr=False)
    spots: tuple[Hotspot, ...] = ()


def find_hotspots(
    counts: Counts,
    inside: Mask,
    *,
    rng: np.random.Generator,
    radius: int = 1,
    rate: float = RATE,
    resamples: int = RESAMPLES,
    exposure: Values | None = None,
) -> Hotspots:
    """Find the cells whose neighbourhood holds more of the n letters than chance allows, and join them to hotspots.

    By chance a letter falls into any cell inside alike, or in proportion to `exposure` (addresses, residents): a
    neighbourhood with the share s then holds a binomial (n, s) number of them, and that test is exact however few
    there are. The usual recipe, Gi* with normal p-values, cries wolf on sparse counts; Gi* is told beside it. Hotspots
    come in order of the letters above chance. Resampling draws n letters from those there are.
    """
    if exposure is not None and (np.any(exposure[inside] < 0) or (inside.any() and not exposure[inside].sum() > 0)):
        raise ValueError("The exposure must not be negative, and not be zero everywhere.")
    n = int(counts[inside].sum())
    z = getis_ord(counts, inside, radius)
    adjusted, stable = np.full(counts.shape, np.nan), np.zeros(counts.shape)
    hot = np.zeros(counts.shape, bool)
    if not inside.any():
        return Hotspots("few", n, radius, rate, 0, 0, z, adjusted, hot, stable)
    shares = _shares(inside, radius, exposure)
    needed = _needed(n, float(np.median(shares.share)), rate / int(inside.sum()))
    if n < FEWEST:
        return Hotspots("few", n, radius, rate, 0, needed, z, adjusted, hot, stable)
    sums = neighbourhood_sums(counts, inside, radius)[inside]
    adjusted[inside] = scipy.stats.false_discovery_control(shares.chance(sums, n))
    hot[inside] = adjusted[inside] <= rate
    if not hot.any():
        return Hotspots("none", n, radius, rate, 0, needed, z, adjusted, hot, stable)
    again = _resample(counts, inside, shares, rng, radius=radius, rate=rate, resamples=resamples)
    stable[inside] = again.mean(axis=0) if resamples else 0.0
    own = neighbourhood_shares(inside, exposure)
    above = np.where(inside, counts - n * own, 0.0)
    spots = []
    for there in _told(hot, above, adjusted, inside, radius):
        together = again[:, (there & hot)[inside]].mean(axis=1) >= 0.5
        spots.append(
            Hotspot(
                rank=0,
                cells=tuple((int(row), int(column)) for row, column in np.argwhere(there)),
                observed=int(counts[there].sum()),
                expected=float(n * own[there].sum()),
                p=float(adjusted[there & hot].min()),
                stability=float(together.mean()) if resamples else 0.0,
            )
        )
    spots.sort(key=lambda spot: (spot.expected - spot.observed, spot.cells))
    ranked = tuple(
        Hotspot(rank, spot.cells, spot.observed, spot.expected, spot.p, spot.stability)
        for rank, spot in enumerate(spots, start=1)
    )
    return Hotspots("found", n, radius, rate, resamples, needed, z, adjusted, hot, stable, ranked)


def _told(hot: Mask, above: Values, adjusted: Values, inside: Mask, radius: int) -> list[Mask]:
    """The cells of each hotspot: a group of hot cells that hold more letters than chance themselves; where a group does
    not, the neighbourhood that makes its surest cell hot.

    A cell between two heaps is hot by both. At the edge neighbourhoods are small, and hot by a heap beside them whose
    own is larger and is not. What is told already is not told twice.
    """
    groups, number = scipy.ndimage.label(hot, structure=TOUCHING)
    each = [groups == group for group in range(1, number + 1)]
    told = [there for there in each if above[there].sum() > 0]
    taken = np.any([np.zeros_like(hot), *told], axis=0)
    for there in sorted((there for there in each if above[there].sum() <= 0), key=lambda there: adjusted[there].min()):
        row, column = np.unravel_index(np.where(there, adjusted, np.inf).argmin(), hot.shape)
        around = np.zeros_like(hot)
        around[max(row - radius, 0) : row + radius + 1, max(column - radius, 0) : column + radius + 1] = True
        around &= inside
        if not np.any(around & taken):
            told.append(around)
            taken |= around
    return told


def neighbourhood_shares(inside: Mask, exposure: Values | None = None, radius: int = 0) -> Values:
    """The share of all letters that chance puts into each neighbourhood."""
    weights = np.ones(inside.shape) if exposure is None else exposure.astype(np.float64)
    return neighbourhood_sums(weights, inside, radius) / float(weights[inside].sum())


@dataclass(frozen=True, slots=True)
class _Shares:
    """The shares of the neighbourhoods inside. Most are alike, and so are most sums: each pair is tested once."""

    share: Values
    different: Values
    which: NDArray[np.intp]

    def chance(self, sums: Values, n: int) -> Values:
        """The chance of so many or more of n letters in each neighbourhood; `sums` may be many rows of them."""
        pairs, back = np.unique(sums.astype(np.int64) * len(self.different) + self.which, return_inverse=True)
        held, share = np.divmod(pairs, len(self.different))
        chances: Values = scipy.stats.binom.sf(held - 1, n, np.minimum(self.different[share], 1.0))[back]
        return chances.reshape(sums.shape)


def _shares(inside: Mask, radius: int, exposure: Values | None) -> _Shares:
    share = neighbourhood_shares(inside, exposure, radius)[inside]
    different, which = np.unique(share.round(12), return_inverse=True)
    return _Shares(share, different, which)


def _resample(
    counts: Counts,
    inside: Mask,
    shares: _Shares,
    rng: np.random.Generator,
    *,
    radius: int,
    rate: float,
    resamples: int,
) -> Mask:
    """Whether each cell inside is hot, resample by resample; as many at once as memory is cheap for."""
    values = counts[inside]
    n = int(values.sum())
    hot = np.zeros((resamples, len(values)), bool)
    together = max(1, CELLS_AT_ONCE // counts.size)
    for first in range(0, resamples, together):
        size = min(together, resamples - first)
        drawn = np.zeros((size, *counts.shape), np.int64)
        drawn[:, inside] = rng.multinomial(n, values / n, size=size)
        sums = neighbourhood_sums(drawn, inside, radius)[:, inside]
        hot[first : first + size] = scipy.stats.false_discovery_control(shares.chance(sums, n), axis=1) <= rate
    return hot


def _needed(n: int, share: float, p: float) -> int:
    """The fewest letters in a neighbourhood of that share whose chance is at most p; n + 1 where not even all are."""
    return int(scipy.stats.binom.isf(p, n, min(share, 1.0))) + 1 if n else 1
