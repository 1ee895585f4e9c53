"""Two clocks of a sign-in: without a visit, and at most."""

import datetime

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from hypothesis import given
from hypothesis import strategies as st

from people.sessions import SessionLimits, begin_session, see_session, session_has_ended
from tests.world import NOON

LIMITS = SessionLimits(idle=datetime.timedelta(minutes=30), absolute=datetime.timedelta(hours=12))


def after(**passed: float) -> datetime.datetime:
    return NOON + datetime.timedelta(**passed)


def begun() -> SessionStore:
    session = SessionStore()
    begin_session(session, now=NOON)
    return session


def ended(session: SessionStore, at: datetime.datetime) -> bool:
    return session_has_ended(session, now=at, limits=LIMITS)


def test_a_session_ends_when_nobody_came_for_half_an_hour() -> None:
    session = begun()
    assert not ended(session, after(minutes=29.9))
    assert ended(session, after(minutes=30))


def test_a_visit_starts_the_half_hour_anew() -> None:
    session = begun()
    see_session(session, now=after(minutes=20))
    assert not ended(session, after(minutes=49))
    assert ended(session, after(minutes=50))


@given(st.lists(st.floats(min_value=1, max_value=29), min_size=30, max_size=60))
def test_no_row_of_visits_carries_a_session_past_twelve_hours(pauses: list[float]) -> None:
    session, minutes = begun(), 0.0
    for pause in pauses:
        minutes += pause
        see_session(session, now=after(minutes=minutes))
        assert ended(session, after(minutes=minutes)) == (minutes >= 12 * 60)


def test_a_session_that_never_began_has_ended() -> None:
    assert ended(SessionStore(), NOON)


@pytest.mark.parametrize(("seconds", "written"), [(59, False), (60, True)])
def test_visits_of_the_same_minute_are_written_once(seconds: int, written: bool) -> None:
    session = begun()
    session.modified = False
    see_session(session, now=after(seconds=seconds))
    assert session.modified is written
