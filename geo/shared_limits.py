"""A limit that all processes keep together, counted in one statement: for submissions and receipts alone.

Everything else keeps `geo.limits`, which never touches the database.
"""

import datetime
import hashlib
import hmac

from django.conf import settings
from django.db import connection

from geo.limits import Allowance

_TAKE = """
INSERT INTO geo_doorcount AS known (door, caller_hash, "window", uses) VALUES (%s, %s, %s, %s)
ON CONFLICT (door, caller_hash) DO UPDATE
SET uses = CASE WHEN known."window" = EXCLUDED."window" THEN known.uses ELSE 0 END + EXCLUDED.uses,
    "window" = EXCLUDED."window"
RETURNING uses
"""
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
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [self.door, caller_hash, window, uses])
            used = int(cursor.fetchone()[0])
            if used == uses and caller_hash.startswith(_SWEEPER):
                cursor.execute(_FORGET, [self.door, window])
        return Allowance(limit=limit, remaining=limit - used, reset_s=max(1, self.window_s - passed_s))
