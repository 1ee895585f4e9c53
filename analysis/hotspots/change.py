"""Where letters have become more or fewer between two periods."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded when they are first used: they take 60 MB of each server process
from numpy.typing import NDArray

from analysis.hotspots.neighbourhoods import Counts, Mask, Values, neighbourhood_sums
from analysis.hotspots.significance import FEWEST, RATE, Verdict


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: `direction` is 1 where more letters came, -1 where fewer, 0 where nothing can be told.

    `times` is the ratio of the daily rates, `low` and `high` its 95 % interval (no correction for many cells); `p` are
    adjusted for all neighbourhoods with a letter. NaN where there was none.
    """

    verdict: Verdict
    before: int
    after: int
    direction: NDArray[np.int8]
    p: Values
    times: Values
    low: Values
    high: Values


def find_changes(
    before: Counts,
    after: Counts,
    inside: Mask,
    *,
    days: tuple[int, int],
    radius: int = 1,
    rate: float = RATE,
) -> Changes:
    """Compare two periods of `days` length, neighbourhood by neighbourhood.

    If the daily rate stayed as it was, the later of the letters of both periods are binomial, with the later period's
    share of the days, whatever the rate (Przyborowski and Wilenski 1940, the conditional test of two Poisson rates).
    Two-sided by doubling; the ratio's interval is Clopper and Pearson's. Raises ValueError for a period without days.
    """
    if min(days) < 1:
        raise ValueError("Each period must have at least one day.")
    share = days[1] / sum(days)
    first, second = (neighbourhood_sums(each, inside, radius) for each in (before, after))
    both = first + second
    told = inside & (both > 0)
    p, times, low, high = (np.full(before.shape, np.nan) for _ in range(4))
    direction = np.zeros(before.shape, np.int8)
    n = int(before[inside].sum()), int(after[inside].sum())
    if sum(n) < FEWEST:
        return Changes("few", *n, direction, p, times, low, high)
    later, total = second[told], both[told]
    tails = np.minimum(scipy.stats.binom.cdf(later, total, share), scipy.stats.binom.sf(later - 1, total, share))
    p[told] = scipy.stats.false_discovery_control(np.minimum(1.0, 2 * tails))
    length = days[1] / days[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        times[told] = later / (total - later) / length
        least = np.where(later > 0, scipy.stats.beta.ppf(0.025, later, total - later + 1), 0.0)
        most = np.where(later < total, scipy.stats.beta.ppf(0.975, later + 1, total - later), 1.0)
        low[told], high[told] = least / (1 - least) / length, most / (1 - most) / length
    certain = told & (p <= rate)
    direction[certain] = np.where(times[certain] > 1, 1, -1)
    return Changes("found" if certain.any() else "none", *n, direction, p, times, low, high)
