"""Wrapping keys of letters and of reports anew, after the server was given another key."""

from appeals.access import as_task
from appeals.models import CardReport, LetterKey, key_ring

KEPT = (LetterKey, CardReport)
"""Rows with a key of their own."""


def keys_to_rewrap() -> int:
    """Return how many keys are not wrapped by the current key of the server."""
    with as_task("count keys"):
        return sum(rows.objects.exclude(wrapped_by=key_ring().current).count() for rows in KEPT)


def rewrap_some(*, at_most: int) -> int:
    """Wrap up to so many keys by the current key of the server, and commit; return how many, 0 when all are.

    What a key seals stays as it is, so each letter is readable before and after; a key that somebody else works on is
    left for the next call. Raises appeals.sealing.CannotUnseal where the ring lacks a key that wraps some.
    """
    done = 0
    with as_task("rotate keys"):
        for rows in KEPT:
            keys = rows.objects.exclude(wrapped_by=key_ring().current).order_by("pk")
            batch = list(keys.select_for_update(skip_locked=True)[: at_most - done])
            for each in batch:
                each.wrap(each.key)
            rows.objects.bulk_update(batch, ["wrapped", "wrapped_by"])
            done += len(batch)
    return done
