"""Hours of the week: a night belongs to the day on which it begins, and sensitive letters are in none."""

import datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from analysis.access import as_analyst
from analysis.closing import close_due
from analysis.filters import HeatFilters
from analysis.models import Release
from analysis.week import WeekHours, live_hours, released_at, told_by_district
from appeals.filters import BadFilter
from tests.analysis.letters import Sent, accepted
from tests.analysis.test_closing import LATE, june
from tests.appeals.conftest import Office

DV = "domestic-violence"
MONDAY_NIGHT = WeekHours(weekdays=(1,), since=22, until=4)
"""June 1, 2026 is a Monday; in summer local time is three hours ahead."""


@given(st.sets(st.integers(1, 7)), st.integers(0, 23), st.integers(0, 24))
def test_every_weekday_has_as_many_hours(weekdays: set[int], since: int, until: int) -> None:
    hours = WeekHours(tuple(weekdays), since, until).hours
    length = until - since if until > since else until - since + 24
    assert len(hours) == length * (len(weekdays) or 7)
    assert hours <= set(range(168))


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    assert MONDAY_NIGHT.hours == {22, 23, 24, 25, 26, 27}
    assert WeekHours((7,), 23, 1).hours == {167, 0}, "Sunday's night ends on Monday"


def test_every_hour_is_no_filter() -> None:
    assert WeekHours.read(QueryDict("")) is None
    assert WeekHours.read(QueryDict("weekday=&hour_from=&hour_to=")) is None
    assert WeekHours.read(QueryDict("&".join(f"weekday={day}" for day in range(1, 8)))) is None
    assert WeekHours.read(QueryDict("weekday=5&weekday=1&hour_from=20&hour_to=4")) == WeekHours((1, 5), 20, 4)


@pytest.mark.parametrize("query", ["weekday=0", "weekday=8", "hour_from=24", "hour_to=25", "hour_to=-1", "weekday=1,2"])
def test_what_is_no_hour_is_refused(query: str) -> None:
    with pytest.raises(BadFilter, match=r"must be a whole number|має бути цілим"):
        WeekHours.read(QueryDict(query))


def test_live_letters_of_some_hours(office: Office) -> None:
    at = [june(1, 19), june(2, 0), june(2, 1), june(8, 9)]  # 22:00, 3:00, 4:00 on Tuesday, Monday at noon
    accepted(office, [*(Sent(at=each) for each in at), Sent(at=at[0], category=DV), Sent(at=at[0], source="phone")])
    counts = live_hours(office.world.city, office.supervisor, HeatFilters(), MONDAY_NIGHT)
    assert counts.letters() == 2, "neither the sensitive one, nor the one that somebody wrote down"
    assert counts.by_month() == {datetime.date(2026, 6, 1): 2}
    july = HeatFilters(first=datetime.date(2026, 7, 1))
    assert live_hours(office.world.city, office.supervisor, july, MONDAY_NIGHT).letters() == 0


def test_an_officer_sees_the_hours_of_the_own_district(office: Office) -> None:
    accepted(office, [Sent(at=june(1, 19)), Sent((25.0251, 49.9921), district="3", at=june(1, 19))])
    assert live_hours(office.world.city, office.officer, HeatFilters(), MONDAY_NIGHT).letters() == 1


def test_released_hours_are_sums_of_what_was_released(office: Office) -> None:
    accepted(office, [*[Sent(at=june(1, 19))] * 6, Sent(at=june(2, 0)), Sent(at=june(3, 9))])
    close_due(now=LATE)
    with as_analyst():
        releases = Release.objects.filter(kind="ordinary")
        assert told_by_district(released_at(releases, (), MONDAY_NIGHT)) == {"1": (7, 10)}
        assert told_by_district(released_at(releases, ("traffic",), MONDAY_NIGHT)) == {}
