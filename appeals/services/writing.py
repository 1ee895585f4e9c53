"""What the writer does with a letter that was sent: write again, correct, withdraw, reopen, rate, upgrade.

Each deed is a transaction of its own under the receipt, committed when it returns. All raise UnknownReceipt and
NotPossibleNow; those with words, and `photos` as whole files, TextMissing, TooManyPhotos, PhotoNotTaken and
KeyUsedForAnotherMessage, and a repeated `key` adds nothing.
"""

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

from django.utils.translation import gettext as _

from appeals.access import as_writer
from appeals.errors import ConversationClosed, NotPossibleNow
from appeals.models import AnswerBy, Appeal, Lane, Message, Rating, Writer
from appeals.services.attaching import Files, Ready, made_ready, refuse_more_than_fit
from appeals.services.clocks import start_clock
from appeals.services.conversation import said_before, say
from appeals.services.history import FIRST_WORD, locked, moved, not_erased, one_at_a_time, recorded
from appeals.services.identity import identified
from appeals.services.reading import appeal_by_receipt, hash_of_receipt
from appeals.services.words import worded
from appeals.workflow import OPEN_STATES, Move, Side, State
from geo.moments import local_day

CLOCK = ["state", "clock_from", "answer_due_on"]


@contextmanager
def own_letter(receipt: str) -> Iterator[Appeal]:
    """Hold the letter of a receipt for one deed, committed at the end. Raises UnknownReceipt, NotPossibleNow."""
    pk = appeal_by_receipt(receipt).pk
    with as_writer(hash_of_receipt(receipt), durable=True):
        one_at_a_time(pk)
        yield not_erased(locked(pk))


def named_still(appeal: Appeal) -> None:
    """Let a letter pass that may be considered anew: a formal appeal only while it says who wrote.

    Raises NotPossibleNow (law 393/96-ВР, article 8: an anonymous appeal is not considered).
    """
    if appeal.has_lost_its_name:
        raise NotPossibleNow(
            _("The name in this appeal was erased: by law nobody considers it anew. You can write a new letter.")
        )


def _ready(receipt: str, photos: Files) -> list[Ready]:
    """Draw photos anew before the letter is locked, and only for whoever has a receipt and room in the letter."""
    if photos:
        appeal = appeal_by_receipt(receipt)
        with as_writer(hash_of_receipt(receipt)):
            refuse_more_than_fit(appeal, len(photos), Message.Side.WRITER)
    return made_ready(photos)


def add_writer_message(
    *, receipt: str, body: str, sent_at: datetime.datetime, key: uuid.UUID, photos: Files = ()
) -> Message:
    """Add the writer's words to the conversation; after an answer this asks again and sets a new deadline.

    Raises ConversationClosed where the letter is over: closed, forwarded, spam, or returned to be completed.
    """
    body, ready = worded(body), _ready(receipt, photos)
    with own_letter(receipt) as appeal:
        if repeated := said_before(appeal, Message.Side.WRITER, key, body, photos):
            return repeated
        if appeal.state == State.ANSWERED:
            named_still(appeal)
            moved(appeal, Move.ASK_AGAIN, at=sent_at, side=Side.WRITER)
            start_clock(appeal, local_day(sent_at))
            appeal.save(update_fields=CLOCK)
        elif appeal.state not in OPEN_STATES:
            raise ConversationClosed(_("This conversation is closed. You can write a new letter."))
        return say(appeal, Message.Side.WRITER, key=key, body=body, sent_at=sent_at, photos=ready)


def correct(*, receipt: str, body: str, sent_at: datetime.datetime, key: uuid.UUID, photos: Files = ()) -> Message:
    """Put a correction beside the letter while it waits for its answer: what was sent stays as it was sent."""
    body, ready = worded(body), _ready(receipt, photos)
    with own_letter(receipt) as appeal:
        if repeated := said_before(appeal, Message.Side.WRITER, key, body, photos):
            return repeated
        if appeal.state not in OPEN_STATES:
            raise NotPossibleNow(_("This is not possible: the letter is “%(state)s”.") % {"state": appeal.state_name})
        return say(appeal, Message.Side.WRITER, key=key, body=body, sent_at=sent_at, corrects=True, photos=ready)


def withdraw(*, receipt: str, at: datetime.datetime) -> Appeal:
    """Take a letter back before it is answered: the office owes nothing any more."""
    with own_letter(receipt) as appeal:
        moved(appeal, Move.WITHDRAW, at=at, side=Side.WRITER)
        appeal.save(update_fields=["state"])
    return appeal


def reopen(*, receipt: str, body: str, sent_at: datetime.datetime, key: uuid.UUID, photos: Files = ()) -> Message:
    """Open a closed letter again, within 14 days of the last answer, and say why; a new clock starts."""
    body, ready = worded(body), _ready(receipt, photos)
    with own_letter(receipt) as appeal:
        if repeated := said_before(appeal, Message.Side.WRITER, key, body, photos):
            return repeated
        named_still(appeal)
        moved(appeal, Move.REOPEN, at=sent_at, side=Side.WRITER)
        start_clock(appeal, local_day(sent_at))
        appeal.save(update_fields=CLOCK)
        return say(appeal, Message.Side.WRITER, key=key, body=body, sent_at=sent_at, photos=ready)


def complete(*, receipt: str, body: str, sent_at: datetime.datetime, key: uuid.UUID, photos: Files = ()) -> Message:
    """Send a returned formal appeal again with what was missing: it is a new one under the same number and receipt."""
    body, ready = worded(body), _ready(receipt, photos)
    with own_letter(receipt) as appeal:
        if repeated := said_before(appeal, Message.Side.WRITER, key, body, photos):
            return repeated
        named_still(appeal)
        moved(appeal, Move.COMPLETE, at=sent_at, side=Side.WRITER)
        start_clock(appeal, local_day(sent_at))
        appeal.accepted_at = appeal.first_word_on = appeal.first_due_on = None
        appeal.save(update_fields=[*CLOCK, "accepted_at", *FIRST_WORD])
        return say(appeal, Message.Side.WRITER, key=key, body=body, sent_at=sent_at, photos=ready)


def rate(*, receipt: str, rating: str, at: datetime.datetime) -> Appeal:
    """Say whether the last answer helped; said again, the later word counts."""
    with own_letter(receipt) as appeal:
        if appeal.answered_on is None or rating not in Rating.values:
            raise NotPossibleNow(_("There is no answer to rate yet."))
        appeal.rating, appeal.rated_at = rating, at
        appeal.save(update_fields=["rating", "rated_at"])
        recorded(appeal, "rate", at=at, facts={"rating": rating})
    return appeal


def upgrade(*, receipt: str, writer: Writer, at: datetime.datetime) -> Appeal:
    """Make a message a formal appeal where it stands; the law's clock starts that day.

    Contacts that are left empty stay as they were given before. Another contact in place of the one by which a
    protected letter is answered was never said to be safe: the receipt is its way then. Raises NeedsIdentity.
    """
    with own_letter(receipt) as appeal:
        before = appeal.writer
        given = {name: value for name, value in asdict(writer).items() if value.strip()}
        known = replace(before, **given)
        identified(Lane.FORMAL, known)
        moved(appeal, Move.UPGRADE, at=at, side=Side.WRITER)
        appeal.lane = Lane.FORMAL
        appeal.put_writer(known)
        if appeal.answer_by == AnswerBy.RECEIPT and not appeal.protected:
            appeal.answer_by = AnswerBy.EMAIL if known.email else AnswerBy.PHONE
        if appeal.protected and any(getattr(known, way) != getattr(before, way) for way in appeal.open_contacts):
            appeal.answer_by = AnswerBy.RECEIPT
        start_clock(appeal, local_day(at))
        appeal.save(update_fields=[*CLOCK, "lane", "writer_sealed", "answer_by"])
    return appeal
