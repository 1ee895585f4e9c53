"""What the staff do with a letter: accept, answer, close, set aside as spam. All under `appeals.access.as_staff`."""

import datetime
import uuid

from django.db import transaction

from appeals.models import Appeal, Message
from appeals.services.conversation import said_before, say
from appeals.services.history import locked, moved
from appeals.services.words import worded
from appeals.workflow import Move, State
from people.models import User


@transaction.atomic
def accept(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Take a letter on: from now on it is counted. Raises NotPossibleNow."""
    appeal = locked(appeal.pk)
    moved(appeal, Move.ACCEPT, at=at, by=by)
    appeal.accepted_at = at
    appeal.save(update_fields=["state", "accepted_at"])
    return appeal


@transaction.atomic
def reply(*, appeal: Appeal, author: User, body: str, sent_at: datetime.datetime, key: uuid.UUID) -> Message:
    """Answer the writer; answering a new letter accepts it. A repeated `key` adds nothing.

    Raises TextMissing, NotPossibleNow, KeyUsedForAnotherMessage.
    """
    body = worded(body)
    appeal = locked(appeal.pk)
    if repeated := said_before(appeal, Message.Side.OFFICER, key, body):
        return repeated
    if appeal.state == State.RECEIVED:
        moved(appeal, Move.ACCEPT, at=sent_at, by=author)
        appeal.accepted_at = sent_at
    moved(appeal, Move.ANSWER, at=sent_at, by=author)
    appeal.save(update_fields=["state", "accepted_at"])
    return say(appeal, Message.Side.OFFICER, key=key, body=body, sent_at=sent_at, author=author)


def close(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """End the conversation. Raises NotPossibleNow."""
    return _plain_move(appeal, Move.CLOSE, by, at)


def mark_spam(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Set a letter aside as spam: it is no longer counted. Raises NotPossibleNow."""
    return _plain_move(appeal, Move.MARK_SPAM, by, at)


def not_spam(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Bring a letter back from spam as a new one. Raises NotPossibleNow."""
    return _plain_move(appeal, Move.NOT_SPAM, by, at)


@transaction.atomic
def _plain_move(appeal: Appeal, move: Move, by: User, at: datetime.datetime) -> Appeal:
    appeal = locked(appeal.pk)
    moved(appeal, move, at=at, by=by)
    if appeal.state == State.RECEIVED:
        appeal.accepted_at = None
    appeal.save(update_fields=["state", "accepted_at"])
    return appeal
