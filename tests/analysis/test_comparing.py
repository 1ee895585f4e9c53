"""What a period is compared with is as long, earlier, and never overlaps it."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparing import compared_days, compared_months
from appeals.filters import BadFilter

DAY = datetime.timedelta(days=1)
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))


@given(DAYS, st.integers(0, 800), st.sampled_from(["before", "year"]))
def test_days_are_compared_with_as_many_that_end_before_they_begin(
    first: datetime.date, length: int, compare: str
) -> None:
    last = first + length * DAY
    if compare == "year" and length >= 364:
        with pytest.raises(BadFilter):
            compared_days(first, last, compare)
        return
    before = compared_days(first, last, compare)
    assert before[1] - before[0] == last - first
    assert before[1] < first
    assert compare == "year" or before[1] + DAY == first
    assert compare == "before" or before[0].weekday() == first.weekday()


@given(DAYS, st.integers(0, 800), st.sampled_from(["before", "year"]))
def test_months_are_compared_with_as_many_whole_months(first: datetime.date, length: int, compare: str) -> None:
    last = first + length * DAY
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if compare == "year" and months > 12:
        with pytest.raises(BadFilter):
            compared_months(first, last, compare)
        return
    start, end = compared_months(first, last, compare)
    assert (start.day, (end + DAY).day) == (1, 1)
    assert (end.year - start.year) * 12 + end.month - start.month + 1 == months
    assert end < first.replace(day=1)
    assert compare == "before" or start.month == first.month


def test_other_comparisons_are_refused() -> None:
    with pytest.raises(BadFilter):
        compared_days(datetime.date(2026, 1, 1), datetime.date(2026, 1, 2), "never")
