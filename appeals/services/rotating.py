"""Wrapping keys of letters anew, after the server was given another key."""

from appeals.access import as_task
from appeals.models import LetterKey, key_ring


def keys_to_rewrap() -> int:
    """Return how many keys of letters are not wrapped by the current key of the server."""
    with as_task("count keys"):
        return LetterKey.objects.exclude(wrapped_by=key_ring().current).count()


def rewrap_some(*, at_most: int) -> int:
    """Wrap up to so many keys by the current key of the server, and commit; return how many, 0 when all are.

    What a key seals stays as it is, so each letter is readable before and after; a key that somebody else works on is
    left for the next call. Raises appeals.sealing.CannotUnseal where the ring lacks a key that wraps some.
    """
    ring = key_ring()
    with as_task("rotate keys"):
        keys = LetterKey.objects.exclude(wrapped_by=ring.current).order_by("pk")
        batch = list(keys.select_for_update(skip_locked=True)[:at_most])
        for each in batch:
            each.wrapped, each.wrapped_by = ring.wrap(each.key, row=str(each.appeal_id)), ring.current
        LetterKey.objects.bulk_update(batch, ["wrapped", "wrapped_by"])
    return len(batch)
