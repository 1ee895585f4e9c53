"""How long a sign-in lasts and what it has shown. The moment is passed in; the request brings its session."""

import datetime
from dataclasses import dataclass
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
SEEN_EVERY_S = 60
"""A visit is written down at most so often: pages of one minute cost one row."""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a sign-in lasts: without a visit, and at most."""

    idle: datetime.timedelta
    absolute: datetime.timedelta


def begin_session(session: SessionBase, *, now: datetime.datetime) -> None:
    """Start both clocks."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = now.timestamp()


def see_session(session: SessionBase, *, now: datetime.datetime) -> None:
    """Write down that the person is there."""
    if now.timestamp() - session.get(SEEN_AT, 0.0) >= SEEN_EVERY_S:
        session[SEEN_AT] = now.timestamp()


def session_has_ended(session: SessionBase, *, now: datetime.datetime, limits: SessionLimits) -> bool:
    """Whether either limit is reached; a session that never began has ended."""
    signed_in_s = now.timestamp() - session.get(SIGNED_IN_AT, 0.0)
    idle_s = now.timestamp() - session.get(SEEN_AT, 0.0)
    return bool(signed_in_s >= limits.absolute.total_seconds() or idle_s >= limits.idle.total_seconds())


def session_ends_at(session: SessionBase, *, limits: SessionLimits) -> datetime.datetime:
    """The moment at which a session ends whatever happens."""
    return datetime.datetime.fromtimestamp(session.get(SIGNED_IN_AT, 0.0), datetime.UTC) + limits.absolute


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person has shown a second factor in this very session."""
    return any(record["method"] == "mfa" for record in _records(request))


def forget_second_factor(request: HttpRequest) -> None:
    """Make this session one in which only the password was shown."""
    kept = [record for record in _records(request) if record["method"] != "mfa"]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def recently_confirmed(request: HttpRequest, *, now: datetime.datetime, within: datetime.timedelta) -> bool:
    """Whether the person has shown password or second factor so recently: at the sign-in, or confirming since."""
    times = [record["at"] for record in _records(request)]
    return bool(times) and now.timestamp() - max(times) < within.total_seconds()


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    """What the person has shown in this session, as allauth wrote it down: method and time (seconds since 1970)."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return records
