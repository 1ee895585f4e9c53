"""The two public doors that a flood may lean on: sending a letter, and trying a receipt. Counted before anything else.

Who is refused is told what opens the door: a short proof of work, which a browser does by itself (`appeals.work`), or
waiting. Counts are those of all processes together (`geo.shared_limits`). Decision 0018 says why it is done so.
"""

import datetime
import logging
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from appeals.errors import LetterRefused
from appeals.receipts import NotAReceipt, normalise
from appeals.work import Challenge, is_solved, new_challenge
from geo.shared_limits import SharedWindow, taken, taken_once

_log = logging.getLogger(__name__)
REPEATS_MAX: Final = 100
"""The same letter, or the same receipt, within one window: twice what an impatient browser does."""
REPEATS_WORKED, REPEATS_WAITED = 10, 3
"""The same letter under load, after work and after waiting: else one minute of patience were good for a hundred."""
RECEIPT_TYPED_MAX: Final = 80
"""Characters of a receipt that are looked at, with all that may stand between them."""
WITH_WORK: Final = 10
"""Work lets an address do so many times as much: behind one address of a mobile network there are many homes."""
PATIENT_SHARE: Final = 5
"""Under load, whoever waits instead of working is let do one part in so many of what an address may else."""
_ALARM_S: Final = 600
"""Work, once asked for, goes on being asked for until these seconds are over, so that no minute begins with a gap."""


class TooMany(LetterRefused):
    """Too much came from one address, or the same thing came too often; come back in `wait_s` seconds."""

    def __init__(self, sentence: str, *, wait_s: int) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class WorkNeeded(LetterRefused):
    """The door opens to a solved challenge, or to whoever comes back in `wait_s` seconds."""

    def __init__(self, sentence: str, *, challenge: Challenge, wait_s: int) -> None:
        super().__init__(sentence)
        self.challenge, self.wait_s = challenge, wait_s


class Door:
    """A door with two limits, named by their settings: of one address in `window_s`, and of everybody in a minute.

    `once`: a thing that comes again counts once for its address.
    """

    def __init__(self, name: str, *, window_s: int, per_address: str, busy_per_minute: str, once: bool) -> None:
        self.name, self.once = name, once
        self._per_address, self._busy_per_minute = per_address, busy_per_minute
        self._callers = SharedWindow(name, window_s=window_s)
        self._subjects = SharedWindow(f"{name} again", window_s=window_s)
        self._load = SharedWindow(f"{name} load", window_s=60)
        self._alarm = SharedWindow(f"{name} alarm", window_s=_ALARM_S)
        self._busy_until_s = 0

    def enter(self, *, caller: str, subject: str, at: datetime.datetime, work: str = "", waited: bool = False) -> None:
        """Count one use of the door, or say why not. `subject`: the letter's key, or the receipt, as it was given.

        `work` is a solved challenge; `waited`: the person took `settings.BUSY_WAIT_S` over it.
        Whoever brings neither while work is asked for is turned away before anything is counted: that is the flood.
        Raises TooMany and WorkNeeded.
        """
        is_worked = is_solved(work, self._of(subject), secret=_secret(), at=at)
        if self._is_known_busy(at) and not (is_worked or waited):
            raise self._asked(subject, at, wait_s=settings.BUSY_WAIT_S)
        usual: int = getattr(settings, self._per_address)
        again, own = (taken_once if self.once else taken)(
            self._subjects.taking(subject, limit=REPEATS_MAX, now=at),
            self._callers.taking(caller, limit=usual * WITH_WORK, now=at),
        )
        came = again.limit - again.remaining
        enough = REPEATS_WORKED if is_worked else REPEATS_WAITED
        if again.is_spent or (self.once and came > enough and self._is_busy(at, uses=0)):
            raise TooMany(_("The same came too often."), wait_s=again.reset_s)
        if own.is_spent:
            raise TooMany(_("Too many came from your address."), wait_s=own.reset_s)
        used = own.limit - own.remaining
        if used > usual and not is_worked:
            raise self._asked(subject, at, wait_s=own.reset_s)
        if self._is_busy(at) and not is_worked and not (waited and used <= max(1, usual // PATIENT_SHARE)):
            raise self._asked(subject, at, wait_s=own.reset_s if waited else settings.BUSY_WAIT_S)

    def challenge_while_busy(self, subject: str, *, at: datetime.datetime) -> Challenge | None:
        """Return a challenge to be solved ahead while the door is busy; None in quiet times. Counts nothing."""
        return self._challenge(subject, at) if self._is_busy(at, uses=0) else None

    def forget(self) -> None:
        """Forget what this process knows of the load; the database still knows."""
        self._busy_until_s = 0

    def _is_known_busy(self, at: datetime.datetime) -> bool:
        return at.timestamp() < self._busy_until_s

    def _is_busy(self, at: datetime.datetime, *, uses: int = 1) -> bool:
        if self._is_known_busy(at):
            return True
        load, alarm = taken(
            self._load.taking("", limit=getattr(settings, self._busy_per_minute), now=at, uses=uses),
            self._alarm.taking("", limit=0, now=at, uses=0),
        )
        if uses and load.remaining == -1:
            alarm = self._alarm.take("", limit=0, now=at)
            _log.warning("%s: more than %s a minute, work is asked for", self.name, load.limit)
        if alarm.is_spent:
            self._busy_until_s = int(at.timestamp()) + alarm.reset_s
        return alarm.is_spent or load.is_spent

    def _asked(self, subject: str, at: datetime.datetime, *, wait_s: int) -> WorkNeeded:
        return WorkNeeded(
            _("Very much is coming in right now: solve the challenge, or wait."),
            challenge=self._challenge(subject, at),
            wait_s=wait_s,
        )

    def _challenge(self, subject: str, at: datetime.datetime) -> Challenge:
        return new_challenge(self._of(subject), secret=_secret(), size=settings.WORK_SIZE, at=at)

    def _of(self, subject: str) -> str:
        return f"{self.name}\0{subject}"


def _secret() -> bytes:
    return str(settings.SECRET_KEY).encode()


LETTERS: Final = Door(
    "letter", window_s=600, per_address="LETTERS_PER_ADDRESS", busy_per_minute="LETTERS_BUSY_PER_MINUTE", once=True
)
RECEIPTS: Final = Door(
    "receipt", window_s=60, per_address="RECEIPT_TRIES_PER_ADDRESS", busy_per_minute="RECEIPTS_BUSY_PER_MINUTE",
    once=False,
)  # fmt: skip


def receipt_tried(typed: str) -> str:
    """Return what a try of a receipt counts for: the receipt that was meant, or what was typed where it is none."""
    typed = typed[:RECEIPT_TYPED_MAX]
    try:
        return normalise(typed)
    except NotAReceipt:
        return typed
