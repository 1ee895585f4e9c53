"""Does a city's past tell its future? Its own letters of the last weeks, beside squares marked before each week."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy  # its parts are loaded when they are first used: they take 60 MB of each server process
from django.db import transaction
from django.db.models import Min, Sum
from numpy.typing import NDArray
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from analysis.hotspots.evaluation import PLAIN, Evaluation, Score, evaluate, evaluate_methods
from analysis.hotspots.forecast import YEAR, Weekly, plain_count
from analysis.hotspots.neighbourhoods import Mask
from analysis.models import CellCount, CellCountQuerySet, PastEvaluation
from geo.cells import bounds_of, decode, encode, parent, side_m
from geo.models import City
from geo.moments import local_day
from geo.prepared_queries import PreparedQuery, given

EVALUATE = "analysis.evaluate_past"
"""Name of the job that evaluates one city (`analysis.jobs`)."""
QUEUE = "upkeep"
SQUARES = 17
"""Zoom of the squares: about 200 m, as hotspots have."""
AREA = 0.05
LONGEST = 5 * YEAR
LEAST_BEFORE, LEAST_TOLD = 26, 13
"""Weeks: half a year to mark squares by, and a quarter whose letters are foretold."""
FEWEST = 100
"""Letters foretold: marked blindly, 5 % of the squares would hold five of them."""
FEWEST_SQUARES = 20
"""5 % of them are one."""
SEED = 1
_jobs = App(connector=DjangoConnector())
"""On Django's connection, and so in its transaction (`appeals.notices`)."""


@dataclass(frozen=True, slots=True)
class Past:
    """Letters by whole weeks (Monday first) and squares, the last week ending on `last`.

    `train_weeks` lie before the weeks that are foretold; `elsewhere` are letters of those outside the area.
    """

    last: datetime.date
    weekly: Weekly
    inside: Mask
    train_weeks: int
    elsewhere: NDArray[np.int64]
    side_m: float

    @property
    def told_weeks(self) -> int:
        """How many weeks are foretold."""
        return len(self.weekly) - self.train_weeks


def evaluate_past(*, city: City, now: datetime.datetime) -> PastEvaluation:
    """Evaluate the letters of a city up to last Sunday, and keep the result; the same week is evaluated anew.

    With three years of letters (two and a quarter at the least) the plain count of a year stands beside density and the
    longer memory, whose parameters are chosen before the weeks that are foretold; with less it stands alone. Letters
    that are kept from anybody are left out, so that nobody's answer rests on them.
    """
    last = _last_sunday(local_day(now))
    result: dict[str, Any] = {"evaluated_at": now}
    first_day = _letters(city, last).aggregate(first=Min("day"))["first"]
    weeks = (last - first_day).days // 7 + 1 if first_day else 0
    if weeks < LEAST_BEFORE + LEAST_TOLD:
        result |= {"verdict": PastEvaluation.Verdict.SHORT}
    else:
        result |= _evaluated(_past(city, last, weeks))
    kept, _new = PastEvaluation.objects.update_or_create(city=city, last=last, defaults=_blank() | result)
    return kept


JOBS: Final = PreparedQuery(
    lambda: (
        ProcrastinateJob.objects.filter(task_name=EVALUATE, status__in=["todo", "doing"])
        .order_by()
        .values_list("args", flat=True)
    )
)
"""What the jobs that wait or run were given; a city has at most one."""
LATEST: Final = PreparedQuery(lambda: PastEvaluation.objects.filter(city=given("city", "bigint")).latest_first()[:1])


def ask_for_evaluation(city: City) -> bool:
    """Enqueue the evaluation of a city unless it waits or runs already; return whether it was enqueued."""
    with transaction.atomic():
        City.objects.select_for_update(no_key=True).get(pk=city.pk)
        if is_being_evaluated(city):
            return False
        _jobs.configure_task(EVALUATE, queue=QUEUE).defer(city_id=city.pk)
        return True


def is_being_evaluated(city: City) -> bool:
    """Tell whether a job for the city waits or runs."""
    return city.pk in {args["city_id"] for args in JOBS.rows()}


def latest_of(city: City) -> PastEvaluation | None:
    """Return the latest evaluation of a city."""
    found = LATEST.rows(city=city.pk)
    return found[0] if found else None


def cities_with_letters() -> list[City]:
    """Return the cities that have letters with a place, by name; no training copy."""
    return list(City.objects.filter(copy_of=None, pk__in=CellCount.objects.placed().values("city")).order_by("slug"))


def _letters(city: City, last: datetime.date) -> CellCountQuerySet:
    """The letters of the longest past that is looked at."""
    since = last - datetime.timedelta(weeks=LONGEST)
    letters: CellCountQuerySet = CellCount.objects.filter(city=city, kept=False).during(
        since + datetime.timedelta(days=1), last
    )
    return letters.placed()


def _last_sunday(today: datetime.date) -> datetime.date:
    """The last Sunday that has ended."""
    return today - datetime.timedelta(days=today.isoweekday())


def _past(city: City, last: datetime.date, weeks: int) -> Past:
    """Count by week and square; squares of the area are those that held a letter before the weeks that are foretold."""
    first = last - datetime.timedelta(days=7 * weeks - 1)
    train = _weeks_before(weeks)
    rows = _letters(city, last).values_list("cell", "day").annotate(n=Sum("n")).order_by()
    counted = [(*decode(parent(cell, SQUARES)), (day - first).days // 7, n) for cell, day, n in rows]
    x, y, week, n = np.array(counted, np.int64).T
    left, top = int(x.min()), int(y.min())
    column, row, before = x - left, y - top, week < train
    weekly = np.zeros((weeks, int(row.max()) + 1, int(column.max()) + 1), np.int32)
    inside = np.zeros(weekly.shape[1:], bool)
    inside[row[before], column[before]] = True
    there = inside[row, column]
    np.add.at(weekly, (week[there], row[there], column[there]), n[there])
    elsewhere = np.bincount(week[~there] - train, weights=n[~there], minlength=weeks - train).astype(np.int64)
    middle = bounds_of(encode(left, top + len(inside) // 2), SQUARES).centre[1]
    return Past(last, weekly, inside, train, elsewhere, side_m(middle, SQUARES))


def _weeks_before(weeks: int) -> int:
    """How many of so many weeks lie before those that are foretold: two years where that leaves a quarter to tell."""
    if weeks >= 2 * YEAR + LEAST_TOLD:
        return max(2 * YEAR, weeks - YEAR)
    return max(LEAST_BEFORE, weeks - YEAR)


def _evaluated(past: Past) -> dict[str, Any]:
    """Return the fields of what the evaluation told."""
    squares = int(past.inside.sum())
    result: dict[str, Any] = {
        "first": past.last - datetime.timedelta(days=7 * past.told_weeks - 1),
        "train_weeks": past.train_weeks,
        "letters": int(past.weekly[past.train_weeks :].sum() + past.elsewhere.sum()),
        "squares": squares,
        "marked": max(1, round(AREA * squares)),
        "side_m": round(past.side_m, 1),
    }
    if result["letters"] < FEWEST or squares < FEWEST_SQUARES:
        return result | {"verdict": PastEvaluation.Verdict.FEW}
    asked: dict[str, Any] = {
        "train_weeks": past.train_weeks,
        "areas": [AREA],
        "every_week": True,
        "elsewhere": past.elsewhere,
        "rng": np.random.default_rng(SEED),
    }
    if past.train_weeks >= 2 * YEAR:
        found = evaluate(past.weekly, past.inside, **asked)
    else:
        found = evaluate_methods({PLAIN: plain_count}, past.weekly, past.inside, **asked)
    return result | {
        "verdict": PastEvaluation.Verdict.TOLD,
        "figures": [_figure(score, found) for score in found.scores],
        "parameters": dict(found.parameters) | {"zoom": SQUARES, "area": AREA, "seed": SEED},
    }


def _figure(score: Score, found: Evaluation) -> dict[str, Any]:
    """What a method reached: of a hundred letters, from how many to how many, and how many more than the plain count.

    The interval is the wider of two at each end: weeks drawn anew, and Clopper and Pearson's. Weeks alone would be sure
    of nothing where nothing was caught.
    """
    caught, missed = score.caught, found.letters - score.caught
    exact = (
        float(scipy.stats.beta.ppf(0.025, caught, missed + 1)) if caught else 0.0,
        float(scipy.stats.beta.ppf(0.975, caught + 1, missed)) if missed else 1.0,
    )
    above = score.above_plain
    return {
        "method": score.method,
        "caught": caught,
        "of_100": 100 * score.pai.value * score.area,
        "low": 100 * min(exact[0], score.pai.low * score.area),
        "high": 100 * max(exact[1], score.pai.high * score.area),
        "more": [100 * value * score.area for value in (above.value, above.low, above.high)],
    }


def _blank() -> dict[str, Any]:
    """The fields of an evaluation that told nothing, so that one made anew keeps nothing of the one before."""
    return {
        "first": None, "train_weeks": 0, "letters": 0, "squares": 0, "marked": 0, "side_m": 0, "figures": [],
        "parameters": {},
    }  # fmt: skip
