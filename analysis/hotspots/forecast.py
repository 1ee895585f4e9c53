"""Where the letters of the next days will come from, told by those of the past: surfaces to rank cells by.

All take `weekly`, counts by week, row and column, oldest first, and tell the week after the last. A surface's scale
means nothing, its order is what is used.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.hotspots.density import choose_bandwidth, density, likelihood
from analysis.hotspots.neighbourhoods import Mask, Values

Weekly = NDArray[np.int32]
YEAR = 52
"""Weeks."""


def plain_count(weekly: Weekly) -> Values:
    """The count of the last year: what every forecast has to beat."""
    year: Values = weekly[-YEAR:].sum(axis=0, dtype=np.float64)
    return year


@dataclass(frozen=True, slots=True)
class KernelDensity:
    """The density of the last year's letters, with one bandwidth in cells."""

    bandwidth: float

    def __call__(self, weekly: Weekly, inside: Mask) -> Values:
        """The surface for the week after the last."""
        return density(plain_count(weekly), inside, self.bandwidth)

    @classmethod
    def chosen(cls, weekly: Weekly, inside: Mask) -> "KernelDensity":
        """The bandwidth with which the last year but one tells the last year best."""
        earlier = weekly[:-YEAR][-YEAR:].sum(axis=0)
        return cls(choose_bandwidth(earlier, weekly[-YEAR:].sum(axis=0), inside))


@dataclass(frozen=True, slots=True)
class Memory:
    """All weeks, each worth less the older it is, and each cell partly for itself, partly with its neighbours.

    A week's worth halves in `half_life` weeks; `own` is the part a cell keeps for itself, the rest is spread with a
    Gaussian of `bandwidth` cells. Places keep their troubles for years, so a longer memory tells more than one year;
    a little of the neighbourhood decides between cells that are alike.
    """

    half_life: float
    bandwidth: float
    own: float

    def weights(self, weeks: int) -> Values:
        """The worth of each of so many weeks, the last one nearly 1."""
        ages = np.arange(weeks, 0, -1) - 0.5
        worth: Values = np.exp2(-ages / self.half_life)
        return worth

    def __call__(self, weekly: Weekly, inside: Mask) -> Values:
        """The surface for the week after the last."""
        return self.spread(np.tensordot(self.weights(len(weekly)), weekly, axes=1), inside)

    def spread(self, remembered: Values, inside: Mask) -> Values:
        """Share what is remembered with the neighbours."""
        return self.own * remembered + (1 - self.own) * density(remembered, inside, self.bandwidth)

    @classmethod
    def chosen(cls, weekly: Weekly, inside: Mask) -> "Memory":
        """The memory with which what lies before the last year tells the last year best, cell by cell."""
        earlier, later = weekly[:-YEAR], weekly[-YEAR:].sum(axis=0)
        best, found = -np.inf, cls(*next(_candidates()))
        for half_life, group in itertools.groupby(_candidates(), key=lambda each: each[0]):
            remembered = np.tensordot(cls(half_life, 1, 1).weights(len(earlier)), earlier, axes=1)
            for candidate in (cls(*each) for each in group):
                told = likelihood(candidate.spread(remembered, inside), later, inside)
                if told > best:
                    best, found = told, candidate
        return found


def _candidates() -> Iterator[tuple[float, float, float]]:
    tried: Iterable[tuple[float, float, float]] = itertools.product(
        (26.0, 52.0, 78.0, 104.0, 156.0, 208.0), (0.6, 0.8, 1.0, 1.5), (0.5, 0.65, 0.8, 0.9)
    )
    yield from tried
