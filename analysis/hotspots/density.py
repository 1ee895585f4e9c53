"""Kernel density on a grid: how dense letters are, smoothly, corrected at the city's edge."""

from collections.abc import Sequence

import numpy as np
import scipy  # its parts are loaded when they are first used: they take 60 MB of each server process

from analysis.hotspots.neighbourhoods import Counts, Mask, Values

BANDWIDTHS = (0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Standard deviations of the kernel that are tried, in cells."""
BACKGROUND = 0.01
"""The part of the letters that may fall anywhere inside: without it one letter in an empty place refutes a density."""


def density(counts: Counts | Values, inside: Mask, bandwidth: float) -> Values:
    """Letters in a cell as a Gaussian kernel spreads them; `bandwidth` is its standard deviation in cells.

    What the kernel would carry over the city's edge stays inside: the sum at a cell is divided by the part of the
    kernel there that lies inside (Jones 1993), then all is scaled to the number of letters. Zero outside.
    """
    held = np.where(inside, counts, 0).astype(np.float64)
    spread = scipy.ndimage.gaussian_filter(held, bandwidth, mode="constant")
    mass = scipy.ndimage.gaussian_filter(inside.astype(np.float64), bandwidth, mode="constant")
    corrected = np.divide(spread, mass, out=np.zeros_like(spread), where=inside & (mass > 0))
    total = float(corrected.sum())
    scaled: Values = corrected * (float(held.sum()) / total) if total else corrected
    return scaled


def likelihood(expected: Values, seen: Counts | Values, inside: Mask) -> float:
    """Mean logarithm of the chance that a density gives to the cell of each letter seen (higher is better)."""
    n, size = float(seen[inside].sum()), int(inside.sum())
    if not n:
        return 0.0
    total = expected[inside].sum()
    shares = expected[inside] / total if total else np.zeros(size)
    shares = (1 - BACKGROUND) * shares + BACKGROUND / size
    return float((seen[inside] * np.log(shares)).sum() / n)


def choose_bandwidth(earlier: Counts, later: Counts, inside: Mask, candidates: Sequence[float] = BANDWIDTHS) -> float:
    """The bandwidth whose density of earlier letters foretells the later ones best.

    Rules of thumb suppose one round hill; letters of a city lie on streets and in blocks. To be chosen per category.
    """
    return max(candidates, key=lambda each: likelihood(density(earlier, inside, each), later, inside))
