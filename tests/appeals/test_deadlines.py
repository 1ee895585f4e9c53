"""Deadlines: every edge day by hand, and what holds for all days."""

import datetime
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals import deadlines, models, workflow
from appeals.calendar import Calendar
from appeals.deadlines import LAW, Term, Terms, Unit
from geo.moments import local_day
from tests.appeals.deadline_table import CALENDARS, DEADLINES, EXTENSIONS, LEFT, MOMENTS, day

Question = Callable[..., datetime.date]
ASKED: dict[str, Question] = {
    "message": lambda on, calendar: deadlines.answer_due_on("message", on, calendar=calendar),
    "formal": lambda on, calendar: deadlines.answer_due_on("formal", on, calendar=calendar),
    "study": lambda on, calendar: deadlines.study_due_on(on, decided_on=on, calendar=calendar),
    "extension": lambda on, calendar: deadlines.latest_extension(on, calendar=calendar),
    "forwarding": lambda on, calendar: deadlines.forward_due_on(on, calendar=calendar),
    "returning": lambda on, calendar: deadlines.return_due_on(on, calendar=calendar),
}
DAYS = st.dates(day("2020-01-01"), day("2040-01-01"))
SOME = st.frozensets(DAYS)
SPANS = st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=2).map(tuple)
ANY_CALENDAR = st.builds(Calendar, holidays=SOME, days_off=SOME, working_days=SOME, martial_law=SPANS)


@pytest.mark.parametrize(("what", "calendar", "received", "due", "why"), DEADLINES)
def test_deadlines_are_those_of_the_wall_calendar(what: str, calendar: str, received: str, due: str, why: str) -> None:
    received_on = local_day(datetime.datetime.fromisoformat(received))
    assert ASKED[what](received_on, CALENDARS[calendar]).isoformat() == due, why


@pytest.mark.parametrize(("received", "decided", "until", "outcome", "why"), EXTENSIONS)
def test_terms_are_extended_before_they_end_and_to_day_45_at_most(
    received: str, decided: str, until: str | None, outcome: str, why: str
) -> None:
    asked = {"decided_on": day(decided), "calendar": CALENDARS["war"]}
    try:
        if until is None:
            due = deadlines.study_due_on(day(received), **asked)
        else:
            due = deadlines.extended_due_on(day(received), until=day(until), **asked)
    except deadlines.ExtensionRefused as refusal:
        assert type(refusal).__name__ == outcome, why
    else:
        assert due.isoformat() == outcome, why


@pytest.mark.parametrize(("due", "moment", "why"), MOMENTS)
def test_a_letter_becomes_overdue_at_midnight_in_kyiv(due: str, moment: str, why: str) -> None:
    assert deadlines.overdue_at(day(due)) == datetime.datetime.fromisoformat(moment), why


@pytest.mark.parametrize(("calendar", "due", "on", "left", "why"), LEFT)
def test_working_days_left(calendar: str, due: str, on: str, left: int, why: str) -> None:
    assert deadlines.working_days_left(day(due), on=day(on), calendar=CALENDARS[calendar]) == left, why


def test_on_its_last_day_a_letter_is_due_and_the_day_after_it_is_overdue() -> None:
    due, before, after = day("2026-06-03"), day("2026-06-02"), day("2026-06-04")
    assert [deadlines.is_due_today(due, on=on) for on in (before, due, after)] == [False, True, False]
    assert [deadlines.is_overdue(due, on=on) for on in (before, due, after)] == [False, False, True]
    assert deadlines.overdue_from(due) == after


def test_a_city_may_promise_another_number_and_the_law_may_change_its_unit() -> None:
    friday, calendar = day("2026-06-05"), CALENDARS["war"]
    terms = Terms(message=Term(5, Unit.WORKING_DAY), formal=Term(3, Unit.WORKING_DAY))
    assert deadlines.answer_due_on("message", friday, calendar=calendar, terms=terms) == day("2026-06-12")
    assert deadlines.answer_due_on("formal", friday, calendar=calendar, terms=terms) == day("2026-06-10")


def test_lanes_have_the_same_values_in_the_table_and_in_the_database() -> None:
    assert [lane.value for lane in workflow.Lane] == models.Lane.values


@given(DAYS, st.integers(1, 10), ANY_CALENDAR)
def test_exactly_so_many_working_days_pass_and_the_last_is_one(
    received: datetime.date, number: int, calendar: Calendar
) -> None:
    due = Term(number, Unit.WORKING_DAY).after(received, calendar)
    passed = [received + datetime.timedelta(days=n) for n in range(1, (due - received).days + 1)]
    assert sum(map(calendar.is_working_day, passed)) == number
    assert calendar.is_working_day(due)
    assert deadlines.working_days_left(due, on=received, calendar=calendar) == number


@given(DAYS, DAYS, ANY_CALENDAR)
def test_a_later_letter_is_never_due_earlier(one: datetime.date, other: datetime.date, calendar: Calendar) -> None:
    earlier, later = sorted((one, other))
    for asked in ASKED.values():
        assert earlier < asked(earlier, calendar) <= asked(later, calendar)


@given(DAYS)
def test_a_month_ends_on_the_same_day_of_the_next_month_or_on_its_last(received: datetime.date) -> None:
    due = LAW.study.after(received, Calendar())
    following = due + datetime.timedelta(days=1)
    assert (due.year * 12 + due.month) - (received.year * 12 + received.month) == 1
    assert due.day == received.day or (due.day < received.day and following.day == 1)


@given(DAYS, ANY_CALENDAR, ANY_CALENDAR)
def test_no_calendar_moves_a_term_of_the_law(received: datetime.date, one: Calendar, other: Calendar) -> None:
    for what in ASKED.keys() - {"message"}:
        assert ASKED[what](received, one) == ASKED[what](received, other)
