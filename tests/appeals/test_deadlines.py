"""Two working days: the day of receipt is day 0, weekends never count, holidays count under martial law."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.deadlines import is_working_day, message_due_on

DAY = datetime.date


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (DAY(2026, 6, 1), DAY(2026, 6, 3)),  # Monday
        (DAY(2026, 6, 4), DAY(2026, 6, 8)),  # Thursday: Friday is 1, Monday 2
        (DAY(2026, 6, 5), DAY(2026, 6, 9)),  # Friday
        (DAY(2026, 6, 6), DAY(2026, 6, 9)),  # Saturday
        (DAY(2026, 6, 7), DAY(2026, 6, 9)),  # Sunday
        (DAY(2026, 12, 31), DAY(2027, 1, 4)),  # Thursday before New Year: Friday 1 January is working now
    ],
)
def test_two_working_days_from_each_day_of_a_week(received: datetime.date, due: datetime.date) -> None:
    assert message_due_on(received) == due


def test_in_peace_a_holiday_does_not_count() -> None:
    new_year = {DAY(2027, 1, 1)}
    assert message_due_on(DAY(2026, 12, 31), holidays=new_year, martial_law=False) == DAY(2027, 1, 5)
    assert message_due_on(DAY(2026, 12, 31), holidays=new_year, martial_law=True) == DAY(2027, 1, 4)


@given(st.dates(DAY(2020, 1, 1), DAY(2040, 1, 1)), st.sets(st.dates(DAY(2020, 1, 1), DAY(2040, 1, 1))), st.booleans())
def test_exactly_two_working_days_pass_and_the_last_is_one(
    received: datetime.date, holidays: set[datetime.date], martial_law: bool
) -> None:
    due = message_due_on(received, holidays=holidays, martial_law=martial_law)
    passed = [received + datetime.timedelta(days=n) for n in range(1, (due - received).days + 1)]
    assert sum(is_working_day(day, holidays=holidays, martial_law=martial_law) for day in passed) == 2
    assert is_working_day(due, holidays=holidays, martial_law=martial_law)
