"""A letter for tests, with every field that a test may leave out."""

import datetime
import uuid
from typing import Any

from appeals.drafts import Draft
from appeals.services import Submitted, submit_appeal
from tests.world import NOON, World


def new_letter(world: World, **changes: Any) -> Submitted:
    """Send a letter to the north district, about noise, with a place in the north."""
    point = changes.pop("point", world.in_north)
    sending: dict[str, Any] = {
        name: changes.pop(name, usual)
        for name, usual in (
            ("city", world.city),
            ("idempotency_key", str(uuid.uuid4())),
            ("received_at", NOON),
            ("photos", ()),
            ("source", "web"),
        )
    }
    written: dict[str, Any] = {
        "district": "1",
        "place": (point.x, point.y) if point else None,
        "category": "noise",
        "text": "Music every night after eleven.",
    }
    return submit_appeal(**sending, draft=Draft(**(written | changes)))


def later(**delta: float) -> datetime.datetime:
    """Return a moment after NOON."""
    return NOON + datetime.timedelta(**delta)
