"""Whether letters at a place became more or fewer than elsewhere, from one span of days to a later one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import scipy  # its parts are loaded when they are first used: they take 60 MB of each server process

from analysis.hotspots.significance import FEWEST, RATE, Verdict


@dataclass(frozen=True, slots=True)
class Letters:
    """How many letters came in each of two spans."""

    before: int
    after: int

    @property
    def both(self) -> int:
        """In both together."""
        return self.before + self.after

    def times(self, days: tuple[int, int]) -> float:
        """How many times the daily rate of the earlier span the later one's is; infinite where none came before."""
        return self.after / self.before * days[0] / days[1] if self.before else math.inf


@dataclass(frozen=True, slots=True)
class Asked:
    """A place beside others, in the same two spans of `days`."""

    place: Letters
    others: Letters
    days: tuple[int, int]

    @property
    def is_few(self) -> bool:
        """Whether there are too few letters to tell: at the place, or at the others in either span."""
        few = min(self.place.both, self.others.both) < FEWEST
        return few or min(self.days) < 1 or min(self.others.before, self.others.after) == 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a place changed beside others. `direction` is 1 where it became more, -1 where fewer, 0 where it is not told.

    `times` and `others_times` are ratios of daily rates, `against` is the first over the second; `p` is corrected for
    many places. All are NaN where the verdict is "few".
    """

    asked: Asked
    verdict: Verdict
    direction: int = 0
    times: float = math.nan
    others_times: float = math.nan
    against: float = math.nan
    p: float = math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The exact 95 % interval of `against`: of the conditional odds ratio, not corrected for many places.

        Computed when asked: it takes some hundredths of a second.
        """
        place, others = self.asked.place, self.asked.others
        table = [[place.after, place.before], [others.after, others.before]]
        low, high = scipy.stats.contingency.odds_ratio(table, kind="conditional").confidence_interval(0.95)
        return float(low), float(high)

    @property
    def expected(self) -> float:
        """How many letters the place would have had in the later span, had it changed as the others did."""
        earlier, later = self.asked.days
        return self.asked.place.before * self.others_times * later / earlier


def compare_places(asked: Sequence[Asked], *, rate: float = RATE) -> list[Comparison]:
    """Compare each place with its others.

    If both changed alike, then of all later letters as many came from the place as a hypergeometric draw gives,
    whatever the rates: the conditional test of two Poisson rates, with the others in place of an unchanged rate (Fisher
    1935 on a table of two by two, whose odds ratio is the ratio of the two changes). Two-sided by doubling, corrected
    for all places told (Benjamini and Hochberg).
    """
    told = [each for each in asked if not each.is_few]
    corrected = iter(scipy.stats.false_discovery_control([_chance(each) for each in told])) if told else iter(())
    return [Comparison(each, "few") if each.is_few else _compared(each, float(next(corrected)), rate) for each in asked]


def _chance(asked: Asked) -> float:
    place, others = asked.place, asked.others
    drawn = scipy.stats.hypergeom(place.both + others.both, place.both, place.after + others.after)
    return float(min(1.0, 2 * min(drawn.cdf(place.after), drawn.sf(place.after - 1))))


def _compared(asked: Asked, p: float, rate: float) -> Comparison:
    place, others = asked.place, asked.others
    times, others_times = place.times(asked.days), others.times(asked.days)
    against = times / others_times
    return Comparison(
        asked,
        verdict="found" if p <= rate else "none",
        direction=0 if p > rate else 1 if against > 1 else -1,
        times=times,
        others_times=others_times,
        against=against,
        p=p,
    )
