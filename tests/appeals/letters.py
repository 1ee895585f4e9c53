"""A letter for tests, with every field that a test may leave out."""

import datetime
import uuid
from typing import Any

from appeals.services import Submitted, submit_appeal
from tests.world import NOON, World


def new_letter(world: World, **changes: Any) -> Submitted:
    """Send a letter to the north district, about noise, with a place in the north."""
    point = changes.pop("point", world.in_north)
    fields: dict[str, Any] = {
        "city": world.city,
        "district_code": "1",
        "place": (point.x, point.y) if point else None,
        "lane": "message",
        "category": "noise",
        "text": "Music every night after eleven.",
        "idempotency_key": str(uuid.uuid4()),
        "received_at": NOON,
    }
    return submit_appeal(**(fields | changes))


def later(**delta: float) -> datetime.datetime:
    """Return a moment after NOON."""
    return NOON + datetime.timedelta(**delta)
