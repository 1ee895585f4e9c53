"""A letter for tests, and a report of a mistake, with every field that a test may leave out."""

import datetime
import uuid
from typing import Any

from appeals.drafts import Draft
from appeals.models import CardReport
from appeals.services import Submitted, submit_appeal
from geo.models import City
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


def new_report(city: City, *, text: str = "Не той телефон", email: str = "", **changes: Any) -> CardReport:
    """Keep what a reader says is wrong on the card of the north district."""
    usual: dict[str, Any] = {"district_code": "1", "reported_at": NOON, "code_hash": uuid.uuid4().hex}
    report = CardReport(city=city, **(usual | changes))
    report.put_words(text=text, email=email)
    report.save(force_insert=True)
    return report


def later(**delta: float) -> datetime.datetime:
    """Return a moment after NOON."""
    return NOON + datetime.timedelta(**delta)
