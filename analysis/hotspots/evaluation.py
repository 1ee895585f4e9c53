"""How much of what came later lay where the past pointed: PAI, PEI and recapture, with bootstrap intervals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.hotspots.forecast import YEAR, KernelDensity, Memory, Weekly, plain_count
from analysis.hotspots.neighbourhoods import Mask, Values

Surface = Callable[[Weekly], Values]
BOOTSTRAPS = 2_000
PLAIN, KDE, OURS = "plain one-year count", "kernel density", "ours"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """What one method reached on one share of the area (a number between 0 and 1).

    `pai`, prediction accuracy index (Chainey, Tompson and Uhlig 2008): the share of later letters caught over the share
    of the area. `pei`, prediction efficiency index (Hunt 2016): letters caught over the most that as many cells could
    catch. `recapture` (Levine 2008): the share caught later over the share the same cells held in the year before.
    `above_plain`: the PAI less that of the plain count, drawn together.
    """

    method: str
    area: float
    caught: int
    pai: Estimate
    pei: Estimate
    recapture: Estimate
    above_plain: Estimate


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All scores, and what they rest on: cells of the area, letters of the test, rounds of weeks."""

    cells: int
    letters: int
    rounds: int
    parameters: dict[str, str]
    scores: tuple[Score, ...]


def evaluate(
    weekly: Weekly,
    inside: Mask,
    *,
    train_weeks: int,
    areas: Sequence[float],
    every_week: bool,
    elsewhere: NDArray[np.int64],
    rng: np.random.Generator,
) -> Evaluation:
    """Rank the cells by the first `train_weeks`, and look where the letters of the later weeks fell.

    With `every_week` the ranking is made anew before each test week from all that lies before it; the parameters are
    chosen once, before the test. `elsewhere` are the letters of each test week outside the area: never caught, but
    counted. Intervals come from drawing whole test weeks. Raises ValueError for fewer than two years of training.
    """
    if train_weeks < 2 * YEAR:
        raise ValueError("Two years to learn from are the least: parameters are chosen on the second.")
    past = weekly[:train_weeks]
    kernel, memory = KernelDensity.chosen(past, inside), Memory.chosen(past, inside)
    methods: dict[str, Surface] = {
        PLAIN: plain_count,
        KDE: lambda weeks: kernel(weeks, inside),
        OURS: lambda weeks: memory(weeks, inside),
    }
    found = evaluate_methods(
        methods,
        weekly,
        inside,
        train_weeks=train_weeks,
        areas=areas,
        every_week=every_week,
        elsewhere=elsewhere,
        rng=rng,
    )
    return replace(found, parameters={KDE: str(kernel), OURS: str(memory)})


def evaluate_methods(
    methods: Mapping[str, Surface],
    weekly: Weekly,
    inside: Mask,
    *,
    train_weeks: int,
    areas: Sequence[float],
    every_week: bool,
    elsewhere: NDArray[np.int64],
    rng: np.random.Generator,
) -> Evaluation:
    """As `evaluate`, with methods that need no parameters any more; the first is the one that others have to beat."""
    past = weekly[:train_weeks]
    numbers = {area: max(1, round(area * int(inside.sum()))) for area in areas}
    shuffled = rng.permutation(int(inside.sum()))
    caught, best, before = (np.zeros((len(methods), len(areas), len(weekly) - train_weeks)) for _ in range(3))
    last_orders: dict[str, NDArray[np.intp]] = {}
    total = np.zeros(len(weekly) - train_weeks)
    for week in range(len(weekly) - train_weeks):
        seen = weekly[train_weeks + week][inside]
        total[week] = seen.sum() + elsewhere[week]
        most = np.sort(seen)[::-1].cumsum()
        known = weekly[: train_weeks + week] if every_week else past
        year = plain_count(known)[inside]
        for method, surface in enumerate(methods.values()):
            name = list(methods)[method]
            if every_week or week == 0:
                last_orders[name] = _order(surface(known)[inside], shuffled)
            for area, number in enumerate(numbers.values()):
                chosen = last_orders[name][:number]
                caught[method, area, week] = seen[chosen].sum()
                best[method, area, week] = most[number - 1]
                before[method, area, week] = year[chosen].sum() / max(year.sum(), 1)
    draws = rng.multinomial(len(total), np.full(len(total), 1 / len(total)), BOOTSTRAPS)
    draws = np.vstack([np.ones(len(total), np.int64), draws])  # the first is what was seen
    scores = []
    for area, share in enumerate(areas):
        plain = _ratio(draws, caught[0, area], total) / share
        for method, name in enumerate(methods):
            rate = _ratio(draws, caught[method, area], total)
            held = (draws @ before[method, area]) / draws.sum(axis=1)
            scores.append(
                Score(
                    method=name,
                    area=share,
                    caught=int(caught[method, area].sum()),
                    pai=_estimate(rate / share),
                    pei=_estimate(_ratio(draws, caught[method, area], best[method, area])),
                    recapture=_estimate(rate / np.maximum(held, 1e-12)),
                    above_plain=_estimate(rate / share - plain),
                )
            )
    return Evaluation(
        cells=int(inside.sum()),
        letters=int(total.sum()),
        rounds=len(total) if every_week else 1,
        parameters={},
        scores=tuple(scores),
    )


def _order(values: Values, shuffled: NDArray[np.intp]) -> NDArray[np.intp]:
    """Cells by falling value; which of two alike comes first was drawn beforehand."""
    return shuffled[np.argsort(-values[shuffled], kind="stable")]


def _ratio(draws: NDArray[np.int64], above: Values, below: Values) -> Values:
    bottom = draws @ below
    return np.divide(draws @ above, bottom, out=np.zeros(len(draws)), where=bottom > 0)


def _estimate(drawn: Values) -> Estimate:
    low, high = np.quantile(drawn[1:], [0.025, 0.975])
    return Estimate(float(drawn[0]), float(low), float(high))
