"""One turn of a conversation, whoever speaks."""

import datetime
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from appeals.errors import KeyUsedForAnotherMessage
from appeals.models import Appeal, Message
from appeals.services.attaching import Files, Ready, attach, hashes_of
from people.models import User


def said_before(appeal: Appeal, side: Message.Side, key: uuid.UUID, body: str, photos: Files = ()) -> Message | None:
    """Return the message that came under this key.

    Raises KeyUsedForAnotherMessage where its words or photos were others.
    """
    earlier = appeal.messages.filter(side=side, key=key).first()
    if earlier is None:
        return None
    came_with = list(earlier.photos.values_list("original_hash", flat=True))
    if earlier.body != body or came_with != hashes_of(photos):
        raise KeyUsedForAnotherMessage(
            _("Other words or photos were already sent under this key. Use a new key for a new message.")
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
    photos: Sequence[Ready] = (),
) -> Message:
    """Seal and keep one turn. Raises TooManyPhotos."""
    message = Message(appeal=appeal, key=key, side=side, author=author, sent_at=sent_at, corrects=corrects)
    message.seal("body", body)
    message.save(force_insert=True)
    attach(appeal, photos, message=message)
    return message
