"""What the writer does with a letter that was sent: write again."""

import datetime
import uuid

from django.utils.translation import gettext as _

from appeals import deadlines
from appeals.access import as_writer
from appeals.errors import ConversationClosed
from appeals.models import Appeal, Message
from appeals.services.conversation import said_before, say
from appeals.services.history import locked, moved
from appeals.services.reading import appeal_by_receipt, hash_of_receipt
from appeals.services.words import worded
from appeals.workflow import Move, State
from geo.moments import local_day


def add_writer_message(*, receipt: str, body: str, sent_at: datetime.datetime, key: uuid.UUID) -> Message:
    """Add the writer's words to the conversation; after an answer this asks again and sets a new deadline.

    Raises UnknownReceipt, TextMissing, ConversationClosed, KeyUsedForAnotherMessage. A repeated `key` adds nothing.
    """
    body = worded(body)
    pk = appeal_by_receipt(receipt).pk
    with as_writer(hash_of_receipt(receipt), durable=True):
        appeal = locked(pk)
        if repeated := said_before(appeal, Message.Side.WRITER, key, body):
            return repeated
        if appeal.state in {State.CLOSED, State.SPAM}:
            raise ConversationClosed(_("This conversation is closed. You can write a new letter."))
        if appeal.state == State.ANSWERED:
            _ask_again(appeal, sent_at)
        return say(appeal, Message.Side.WRITER, key=key, body=body, sent_at=sent_at)


def _ask_again(appeal: Appeal, at: datetime.datetime) -> None:
    moved(appeal, Move.ASK_AGAIN, at=at)
    appeal.answer_due_on = deadlines.message_due_on(local_day(at))
    appeal.save(update_fields=["state", "answer_due_on"])
