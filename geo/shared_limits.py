"""A limit that all processes keep together, counted in one statement: for submissions and receipts alone.

Everything else keeps `geo.limits`, which never touches the database.
"""

import datetime
import hashlib
import hmac
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from geo.limits import Allowance
from geo.prepared import PreparedDeed

TAKE: Final = PreparedDeed(Path(__file__).parent / "sql" / "take.sql")
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

    def take(self, caller: str, *, limit: int, now: datetime.datetime, uses: int = 1) -> Allowance:
        """Count so many uses at a moment and return what is left; 0 only looks. Equal moments are all counted."""
        window, passed_s = divmod(int(now.timestamp()), self.window_s)
        secret = str(settings.SECRET_KEY).encode()
        caller_hash = hmac.new(secret, f"door\0{caller}".encode(), hashlib.sha256).hexdigest()
        [row] = TAKE.rows(door=self.door, caller_hash=caller_hash, window=window, uses=uses)
        used: int = row["uses"]
        if used == uses and caller_hash.startswith(_SWEEPER):
            with connection.cursor() as cursor:
                cursor.execute(_FORGET, [self.door, window])
        return Allowance(limit=limit, remaining=limit - used, reset_s=max(1, self.window_s - passed_s))
