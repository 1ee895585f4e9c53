"""What releases may state can be made stricter and never laxer; periods begin and end where the calendar says."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from analysis.masking import LEAST, Masked, floor_of
from analysis.periods import Period, Span, periods_due

days = st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))


@pytest.mark.parametrize("name", LEAST)
def test_a_laxer_setting_stops_the_start_and_a_stricter_one_does_not(name: str) -> None:
    with override_settings(**{name: LEAST[name] - 1}), pytest.raises(ImproperlyConfigured, match=name):
        apps.get_app_config("analysis").ready()
    with override_settings(**{name: LEAST[name] + 1}):
        apps.get_app_config("analysis").ready()


def test_a_side_that_is_no_whole_cell_is_rounded_up() -> None:
    assert floor_of(protected=False).side == 1
    with override_settings(RELEASE_SIDE_M=101):
        assert floor_of(protected=False).side == 2
    assert floor_of(protected=True).side_without_addresses == 8


@given(st.integers(1, 1_000), st.integers(4, 20))
def test_a_masked_count_holds_the_count_and_hides_a_small_one(n: int, small: int) -> None:
    told = Masked.of(n, small=small)
    assert told.at_least <= n <= told.at_most
    assert (told == Masked(1, small)) == (n <= small)


@given(days, st.sampled_from(Span))
def test_periods_follow_each_other_without_a_gap(day: datetime.date, span: Span) -> None:
    period = Period.holding(day, span)
    assert period.first <= day <= period.last
    assert period.last + datetime.timedelta(days=1) == period.following.first
    assert Period.read(str(period)) == period


@pytest.mark.parametrize(
    ("text", "first", "last", "due"),
    [
        ("2026-01", "2026-01-01", "2026-01-31", "2026-03-01"),
        ("2026-12", "2026-12-01", "2026-12-31", "2027-02-01"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2027-02-01"),
        ("2026", "2026-01-01", "2026-12-31", "2027-02-01"),
    ],
)
def test_a_period_is_due_a_whole_month_after_its_end(text: str, first: str, last: str, due: str) -> None:
    period = Period.read(text)
    assert [day.isoformat() for day in (period.first, period.last, period.due_on(delay=1))] == [first, last, due]


def test_what_is_due_by_a_day() -> None:
    since, today = datetime.date(2026, 1, 15), datetime.date(2026, 5, 1)
    assert [str(each) for each in periods_due(Span.MONTH, since=since, today=today, delay=1)] == [
        "2026-01", "2026-02", "2026-03",
    ]  # fmt: skip
    assert [str(each) for each in periods_due(Span.QUARTER, since=since, today=today, delay=1)] == ["2026-Q1"]


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "26-01", "2026-1", "", "2026-01-01"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Period.read(text)
