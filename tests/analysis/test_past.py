"""A city's own past: what was marked beforehand, and how many of the letters that followed fell there."""

import datetime
import random

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from analysis import jobs
from analysis.hotspots.evaluation import KDE, OURS, PLAIN
from analysis.models import PastEvaluation
from analysis.past import ask_for_evaluation, cities_with_letters, evaluate_past, is_being_evaluated
from tests.analysis.letters import Sent, accepted
from tests.analysis.test_live_hotspots import CORNER
from tests.appeals.conftest import Office
from tests.world import NOON

WEEK = datetime.timedelta(weeks=1)
SUNDAY = datetime.date(2026, 5, 31)
"""NOON is a Monday."""


def weekly(weeks: int, *, corner: int, elsewhere: int, kept: bool = False, seed: int = 1) -> list[Sent]:
    """Letters of so many weeks before today: some from one corner, some from anywhere in the north."""
    chance = random.Random(seed)
    letters = []
    for week in range(1, weeks + 1):
        at = NOON - week * WEEK
        letters += [Sent(place=CORNER, at=at, kept=kept)] * corner
        letters += [
            Sent(place=(25 + chance.uniform(0.0001, 0.0099), 49.99 + chance.uniform(0.0001, 0.0099)), at=at)
            for _ in range(elsewhere)
        ]
    return letters


def evaluated(office: Office) -> PastEvaluation:
    """The evaluation of today."""
    return evaluate_past(city=office.world.city, now=NOON)


def test_without_two_years_the_plain_count_is_told_alone(office: Office) -> None:
    accepted(office, weekly(60, corner=3, elsewhere=3))
    past = evaluated(office)
    assert (past.verdict, past.train_weeks, past.last) == ("told", 26, SUNDAY)
    assert past.first == SUNDAY - 34 * WEEK + datetime.timedelta(days=1)
    [plain] = past.figures
    assert plain["method"] == PLAIN
    assert past.letters == 34 * 6
    assert 50 <= plain["of_100"] < 65
    assert plain["low"] < plain["of_100"] < plain["high"]


def test_with_two_years_the_others_stand_beside_it(office: Office) -> None:
    accepted(office, weekly(118, corner=4, elsewhere=4))
    past = evaluated(office)
    assert (past.verdict, past.train_weeks, past.letters) == ("told", 104, 14 * 8)
    assert [each["method"] for each in past.figures] == [PLAIN, KDE, OURS]
    assert past.figures[0]["more"] == [0, 0, 0]
    assert {"zoom", "area", "seed", KDE, OURS} == set(past.parameters)


@pytest.mark.parametrize(
    ("weeks", "corner", "elsewhere", "verdict"),
    [(0, 0, 0, "short"), (38, 9, 9, "short"), (39, 1, 1, "few"), (39, 9, 0, "few"), (39, 6, 6, "told")],
)
def test_what_cannot_be_told_says_so(office: Office, weeks: int, corner: int, elsewhere: int, verdict: str) -> None:
    accepted(office, weekly(weeks, corner=corner, elsewhere=elsewhere))
    past = evaluated(office)
    assert past.verdict == verdict
    assert bool(past.figures) == (verdict == "told")


def test_where_nothing_is_caught_the_interval_is_not_sure_of_it(office: Office) -> None:
    letters = weekly(47, corner=3, elsewhere=3)
    moved = [Sent(place=(25.0051, 49.9951), at=each.at) if each.at > NOON - 14 * WEEK else each for each in letters]
    accepted(office, moved)
    past = evaluated(office)
    assert past.figures[0]["high"] > past.figures[0]["low"]


def test_kept_letters_are_not_in_it(office: Office) -> None:
    accepted(office, weekly(60, corner=3, elsewhere=3))
    before = evaluated(office)
    accepted(office, weekly(60, corner=2, elsewhere=0, kept=True))
    after = evaluated(office)
    assert (after.figures, after.letters) == (before.figures, before.letters)
    assert PastEvaluation.objects.count() == 1, "the same week is evaluated anew"


def test_it_is_asked_for_once_and_the_job_does_it(office: Office) -> None:
    accepted(office, weekly(60, corner=3, elsewhere=3))
    city = office.world.city
    assert [ask_for_evaluation(city), ask_for_evaluation(city)] == [True, False]
    assert is_being_evaluated(city)
    job = ProcrastinateJob.objects.get(task_name="analysis.evaluate_past")
    assert job.args == {"city_id": city.pk}
    jobs.evaluate_one(**job.args)
    jobs.evaluate_pasts(0)
    assert PastEvaluation.objects.filter(city=city).count() == 1
    assert cities_with_letters() == [city]
