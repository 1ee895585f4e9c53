"""A limit that all processes keep together, counted in one statement: for submissions and receipts alone.

Everything else keeps `geo.limits`, which never touches the database.
"""

import datetime
import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from geo.limits import Allowance
from geo.prepared import PreparedDeed, PreparedStatement, Question, rows_of

_SQL: Final = Path(__file__).parent / "sql"
TAKE: Final = PreparedDeed(_SQL / "take.sql")
TAKE_ONCE: Final = PreparedDeed(_SQL / "take_once.sql")
USED: Final = PreparedStatement(_SQL / "used.sql")
_FORGET = """
DELETE FROM geo_doorcount WHERE id IN
(SELECT id FROM geo_doorcount WHERE door = %s AND "window" < %s LIMIT 500 FOR UPDATE SKIP LOCKED)
"""
"""Some at a time: after a flood nobody waits until the rows of a hundred thousand callers are gone."""
_SWEEPER = "0"
"""A newcomer whose hash begins so, one in sixteen, forgets for the others: a flood of newcomers asks that much less."""


class SharedWindow:
    """Count the uses of a door per caller in windows of `window_s` seconds, for all processes together."""

    def __init__(self, door: str, *, window_s: int) -> None:
        self.door, self.window_s = door, window_s

    def taking(self, caller: str, *, limit: int, now: datetime.datetime, uses: int = 1) -> "Taking":
        """Return so many uses at a moment, to be counted together with others; 0 only looks."""
        window, passed_s = divmod(int(now.timestamp()), self.window_s)
        secret = str(settings.SECRET_KEY).encode()
        caller_hash = hmac.new(secret, f"door\0{caller}".encode(), hashlib.sha256).hexdigest()
        return Taking(self.door, caller_hash, window, uses, limit, max(1, self.window_s - passed_s))

    def take(self, caller: str, *, limit: int, now: datetime.datetime, uses: int = 1) -> Allowance:
        """Count so many uses at a moment and return what is left; 0 only looks. Equal moments are all counted."""
        [allowance] = taken(self.taking(caller, limit=limit, now=now, uses=uses))
        return allowance


@dataclass(frozen=True, slots=True)
class Taking:
    """So many uses of a door by a caller in a window that ends in `reset_s` seconds; `limit` are allowed there."""

    door: str
    caller_hash: str
    window: int
    uses: int
    limit: int
    reset_s: int

    def asked(self) -> Question:
        """Return the question that counts them; it writes nothing where there is nothing to count."""
        which = {"door": self.door, "caller_hash": self.caller_hash, "window": self.window}
        return TAKE.asked(**which, uses=self.uses) if self.uses else USED.asked(**which)

    def left(self, used: int) -> Allowance:
        """Return what is left after so many uses in the window; a newcomer may forget windows that are over."""
        if used and used == self.uses and self.caller_hash.startswith(_SWEEPER):
            with connection.cursor() as cursor:
                cursor.execute(_FORGET, [self.door, self.window])
        return Allowance(limit=self.limit, remaining=self.limit - used, reset_s=self.reset_s)


def taken(*takings: Taking) -> list[Allowance]:
    """Count uses of several doors in one trip to the database, and return what is left of each."""
    answers = rows_of(*(one.asked() for one in takings))
    return [one.left(rows[0]["uses"] if rows else 0) for one, rows in zip(takings, answers, strict=True)]


def taken_once(subject: Taking, caller: Taking) -> list[Allowance]:
    """Count a use by a subject; one by the caller only where it is the subject's first in its window."""
    [row] = TAKE_ONCE.rows(
        subject_door=subject.door, subject_hash=subject.caller_hash, subject_window=subject.window,
        door=caller.door, caller_hash=caller.caller_hash, window=caller.window,
    )  # fmt: skip
    return [subject.left(row["subject_uses"]), caller.left(row["uses"])]
