"""The log of openings, sealed day by day: whoever changes it in the database afterwards is found out (docs/adr/0007).

A day's digest is SHA-256 over the day, the digest of the day before, and the day's openings in order; its signature is
HMAC-SHA256 (RFC 2104) under a key that lies outside the database. Without that key nobody can forge the chain. Whoever
deletes its end has it sealed anew by the site: that is found by a digest kept elsewhere, as the site's log keeps it.
"""

import datetime
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from appeals.access import as_task
from appeals.models import Opening, OpeningDigest, terms
from appeals.retention import last_expired
from geo.moments import local_day

SETTLES_AFTER = datetime.timedelta(minutes=5)
"""So long after midnight a day is full: an opening begun before it is written down by then."""
SEALED_WITHIN = datetime.timedelta(hours=2)
"""So long after midnight a day that is not sealed is reported; the job comes every hour."""
LABEL = b"appeals.reading_log"
"""Binds the key to this use: the same setting would give another key elsewhere."""
ONE_DAY = datetime.timedelta(days=1)

logger = logging.getLogger(__name__)


class CannotSeal(ValueError):
    """A day is sealed once, after the day before it, and never before it is over."""


class Trouble(StrEnum):
    """What does not fit, as the command says it."""

    CHANGED = "openings were changed"
    REMOVED = "openings were removed"
    ADDED = "openings were added"
    FORGED = "the digest is not the one that this server signed for the day"
    CUT = "the digest is missing"
    UNSEALED = "the day was never sealed"
    REWRITTEN = "no day has the digest that was kept"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A day from which on something does not fit."""

    day: datetime.date
    trouble: Trouble


def last_full_day(now: datetime.datetime, *, after: datetime.timedelta = SETTLES_AFTER) -> datetime.date:
    """Return the last local day that had ended so long before a moment."""
    return local_day(now - after) - ONE_DAY


def seal_day(day: datetime.date, *, now: datetime.datetime) -> OpeningDigest:
    """Write down the digest of a full day; at first any, then the day after the last. Raises CannotSeal."""
    with as_task("seal the reading log"):
        last = OpeningDigest.objects.last()
        if day > last_full_day(now) or (last and day != last.day + ONE_DAY):
            raise CannotSeal(f"{day} cannot be sealed now.")
        previous = last.digest if last else ""
        openings, digest = _digest_of(day, previous)
        sealed = OpeningDigest.objects.create(
            day=day, openings=openings, previous=previous, digest=digest,
            signature=_signature(_keys()[0], day, openings, previous, digest),
        )  # fmt: skip
    logger.info("reading log of %s sealed: %s", day, digest)
    return sealed


def seal_days_until(day: datetime.date, *, now: datetime.datetime) -> list[OpeningDigest]:
    """Seal all days after the last sealed one up to a full day, days without openings too; each is committed.

    The first chain begins with the day of the first opening. Raises CannotSeal where the last day is not full.
    """
    with as_task("seal the reading log"):
        last = OpeningDigest.objects.last()
        first = last.day + ONE_DAY if last else (_first_day() or day)
    return [seal_day(each, now=now) for each in _days(first, day)]


def verify(*, now: datetime.datetime, kept: str = "") -> list[Misfit]:
    """Return what does not fit, by day; nothing where every opening is as it was sealed.

    A day whose term is over may have lost its openings, all of them: its digest still has to fit into the chain.

    `kept` is a digest that was kept outside the database: one of the days must have it.
    """
    expired = last_expired(local_day(now), terms().openings_years)
    with as_task("verify the reading log"):
        chain = list(OpeningDigest.objects.all())
        found = [
            *_before(chain),
            *_along(chain, expired=expired),
            *_after(chain, last_full_day(now, after=SEALED_WITHIN)),
        ]
    if kept and kept not in {sealed.digest for sealed in chain}:
        found.append(Misfit(chain[0].day if chain else local_day(now), Trouble.REWRITTEN))
    return sorted(found, key=lambda misfit: misfit.day)


def _before(chain: list[OpeningDigest]) -> Iterator[Misfit]:
    """What lies before the chain: its own beginning, cut off, or openings that nobody sealed."""
    first = _first_day()
    if chain and chain[0].previous:
        yield Misfit(chain[0].day - ONE_DAY, Trouble.CUT)
    elif chain and first and first < chain[0].day:
        yield Misfit(first, Trouble.ADDED)


def _along(chain: list[OpeningDigest], *, expired: datetime.date) -> Iterator[Misfit]:
    """Each sealed day: its signature, its openings unless its term is over, and that it follows the day before."""
    before = None
    for sealed in chain:
        if before and before.day + ONE_DAY != sealed.day:
            yield Misfit(before.day + ONE_DAY, Trouble.CUT)
        elif before and before.digest != sealed.previous:
            yield Misfit(sealed.day, Trouble.FORGED)
        before = sealed
        if not _is_signed(sealed):
            yield Misfit(sealed.day, Trouble.FORGED)
            continue
        openings, digest = _digest_of(sealed.day, sealed.previous)
        if not openings and sealed.day <= expired:
            continue  # Its term is over: the digest alone is kept.
        if openings != sealed.openings:
            yield Misfit(sealed.day, Trouble.REMOVED if openings < sealed.openings else Trouble.ADDED)
        elif digest != sealed.digest:
            yield Misfit(sealed.day, Trouble.CHANGED)


def _after(chain: list[OpeningDigest], until: datetime.date) -> Iterator[Misfit]:
    """Days that should have been sealed by now."""
    first = chain[-1].day + ONE_DAY if chain else _first_day()
    if first and first <= until:
        yield Misfit(first, Trouble.UNSEALED)


def _first_day() -> datetime.date | None:
    first = Opening.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    return local_day(first) if first else None


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    return (first + n * ONE_DAY for n in range((last - first).days + 1))


def _digest_of(day: datetime.date, previous: str) -> tuple[int, str]:
    """Return how many openings a day has, and its digest in hexadecimal: SHA-256 over one line of JSON each."""
    openings, digest = 0, hashlib.sha256(_line(day.isoformat(), previous))
    rows = Opening.objects.on(day).order_by("opened_at", "pk")
    for pk, appeal, user, at, reason in rows.values_list("pk", "appeal_id", "user_id", "opened_at", "reason_sealed"):
        moment = at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        digest.update(_line(pk, appeal, user, moment, None if reason is None else bytes(reason).hex()))
        openings += 1
    return openings, digest.hexdigest()


def _line(*parts: str | int | None) -> bytes:
    """One line that no other parts give: JSON without spaces."""
    return json.dumps(parts, separators=(",", ":")).encode() + b"\n"


def _signature(key: bytes, day: datetime.date, openings: int, previous: str, digest: str) -> str:
    return hmac.new(key, _line(day.isoformat(), openings, previous, digest), hashlib.sha256).hexdigest()


def _is_signed(sealed: OpeningDigest) -> bool:
    wanted = (_signature(key, sealed.day, sealed.openings, sealed.previous, sealed.digest) for key in _keys())
    return any(hmac.compare_digest(one.encode(), sealed.signature.encode()) for one in wanted)


def _keys() -> list[bytes]:
    """Derive a key from each word of READING_LOG_KEY: the first signs, all verify. Raises ImproperlyConfigured."""
    words = [word for word in settings.READING_LOG_KEY if word]
    if not words:
        raise ImproperlyConfigured("READING_LOG_KEY names no key.")
    return [HKDF(algorithm=SHA256(), length=32, salt=None, info=LABEL).derive(word.encode()) for word in words]
