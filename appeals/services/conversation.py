"""One turn of a conversation, whoever speaks."""

import datetime
import uuid

from django.utils.translation import gettext as _

from appeals.errors import KeyUsedForAnotherMessage
from appeals.models import Appeal, Message
from people.models import User


def said_before(appeal: Appeal, side: Message.Side, key: uuid.UUID, body: str) -> Message | None:
    """Return the message that came under this key. Raises KeyUsedForAnotherMessage where its words were others."""
    earlier = appeal.messages.filter(side=side, key=key).first()
    if earlier is not None and earlier.body != body:
        raise KeyUsedForAnotherMessage(
            _("Other words were already sent under this key. Use a new key for a new message.")
        )
    return earlier


def say(
    appeal: Appeal,
    side: Message.Side,
    *,
    key: uuid.UUID,
    body: str,
    sent_at: datetime.datetime,
    author: User | None = None,
    corrects: bool = False,
) -> Message:
    """Seal and keep one turn."""
    message = Message(appeal=appeal, key=key, side=side, author=author, sent_at=sent_at, corrects=corrects)
    message.seal("body", body)
    message.save(force_insert=True)
    return message
