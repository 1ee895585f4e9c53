"""Hot areas among counts of which only spans are known, as releases tell them."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded when they are first used: they take 60 MB of each server process
from numpy.typing import NDArray

from analysis.hotspots.neighbourhoods import Values
from analysis.hotspots.significance import FEWEST, RATE, Verdict

Spans = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HotAreas:
    """Which areas hold more letters than chance allows, whatever the true counts within their spans are.

    `p` are adjusted for all areas; `least` and `most` are how many letters there are in all.
    """

    verdict: Verdict
    least: int
    most: int
    p: Values
    hot: NDArray[np.bool_]


def find_hot_areas(at_least: Spans, at_most: Spans, shares: Values, *, rate: float = RATE) -> HotAreas:
    """Test each area alone: `at_least` letters of as many as there can be, against its share of chance.

    An area with the share s holds a binomial (n, s) number of n letters. Taking its own count at the least and all
    others at the most makes the chance no smaller than that of the true counts, so no span makes a hotspot. Raises
    ValueError where a span is turned round or a share is not between 0 and 1.
    """
    if np.any(at_least > at_most) or np.any(at_least < 0):
        raise ValueError("Each span must go from its least to its most, from 0 on.")
    if np.any(shares < 0) or np.any(shares > 1):
        raise ValueError("Each share must lie between 0 and 1.")
    least, most = int(at_least.sum()), int(at_most.sum())
    if least < FEWEST:
        return HotAreas("few", least, most, np.ones(len(shares)), np.zeros(len(shares), bool))
    n = most - at_most + at_least
    p: Values = scipy.stats.false_discovery_control(scipy.stats.binom.sf(at_least - 1, n, shares))
    hot = p <= rate
    return HotAreas("found" if hot.any() else "none", least, most, p, hot)
