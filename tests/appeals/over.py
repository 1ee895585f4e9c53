"""Letters that are over, with all that can hang on one, and the days on which they are erased."""

import datetime
import uuid
from typing import Any

from appeals import services
from appeals.access import as_staff
from appeals.models import Appeal, RetentionRule
from appeals.retention import kept_until
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter
from tests.world import NOON, TODAY

YEAR, FIVE = kept_until(TODAY, 1), kept_until(TODAY, 5)
"""The days on which the terms of a letter that was over TODAY end."""
DAY = datetime.timedelta(days=1)
CONTACTS: dict[str, Any] = {"answer_by": "email", "name": "Олена Канарка", "email": "canary@example.org"}


def noon(day: datetime.date) -> datetime.datetime:
    return NOON + (day - TODAY)


def keep(what: str, number: int, source: str = "") -> None:
    """Let a thing be kept for so many years or days, by a rule, whatever the least is."""
    RetentionRule.objects.filter(what=what).update(number=number, source=source, least=1)


def whole_letter(office: Office, **changes: Any) -> services.Submitted:
    """A letter with everything that can hang on one, answered and closed at NOON."""
    sent = new_letter(office.world, **(CONTACTS | {"address": "вулиця Канаркова, 5"} | changes))
    services.add_writer_message(receipt=sent.receipt, body="canary of the writer", sent_at=NOON, key=uuid.uuid4())
    with as_staff(office.supervisor, on=TODAY):
        letter = Appeal.objects.with_key().get(pk=sent.appeal.pk)
        services.open_letter(appeal=letter, user=office.supervisor, at=NOON, reason="canary of who opened")
        services.add_note(
            appeal=letter, author=office.supervisor, body="canary note", written_at=NOON, key=uuid.uuid4()
        )
        services.reply(appeal=letter, author=office.supervisor, body="canary reply", sent_at=NOON, key=uuid.uuid4())
        services.close(appeal=letter, by=office.supervisor, reason="canary reason", at=NOON)
    return sent
