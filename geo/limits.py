"""A generous limit for the public API, kept in the process: it never touches the database.

With several worker processes each keeps its own count; an operator's proxy may keep a stricter one.
"""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a caller's window: `reset_s` seconds from now everything is new."""

    limit: int
    remaining: int
    reset_s: int

    @property
    def is_spent(self) -> bool:
        """Whether this call is one too many."""
        return self.remaining < 0


class FixedWindow:
    """Count calls per key in windows of `window_s` seconds; all counts are dropped when a window ends."""

    def __init__(self, window_s: int = 60) -> None:
        self.window_s = window_s
        self._window = -1
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(self, key: str, *, limit: int, now_s: float) -> Allowance:
        """Count one call of `key` at `now_s` (seconds of any steady clock) and return what is left."""
        window, passed_s = divmod(now_s, self.window_s)
        with self._lock:
            if window != self._window:
                self._window, self._counts = int(window), {}
            count = self._counts[key] = self._counts.get(key, 0) + 1
        return Allowance(limit=limit, remaining=limit - count, reset_s=max(1, round(self.window_s - passed_s)))
