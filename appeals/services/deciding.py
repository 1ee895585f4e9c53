"""What the staff decide about a letter: accept, work on it, answer, close, return, set aside as spam.

All under `appeals.access.as_staff`, by somebody who may read the letter.
"""

import datetime
import uuid

from django.db import transaction

from appeals import deadlines
from appeals.models import Appeal, Message, Notice, clock_of
from appeals.notices import announce
from appeals.services.attaching import Files, made_ready
from appeals.services.conversation import said_before, say
from appeals.services.history import FIRST_WORD, answered_first, brought_back, moved, side_of, taken
from appeals.services.words import worded
from appeals.workflow import Move, State
from geo.moments import local_day
from people.models import User


@transaction.atomic
def accept(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Take a letter on: from now on it is counted. Raises NotYours, NotPossibleNow."""
    appeal = taken(appeal, by=by, at=at)
    moved(appeal, Move.ACCEPT, at=at, side=side_of(by, appeal), by=by)
    appeal.accepted_at = at
    appeal.save(update_fields=["state", "accepted_at"])
    return appeal


@transaction.atomic
def start_work(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Begin to look into a letter. Raises NotYours, NotPossibleNow."""
    appeal = taken(appeal, by=by, at=at)
    moved(appeal, Move.START_WORK, at=at, side=side_of(by, appeal), by=by)
    appeal.save(update_fields=["state"])
    return appeal


@transaction.atomic
def reply(
    *, appeal: Appeal, author: User, body: str, sent_at: datetime.datetime, key: uuid.UUID, photos: Files = ()
) -> Message:
    """Answer the writer; answering a new letter accepts it. A repeated `key` adds nothing.

    Raises NotYours, TextMissing, TooManyPhotos, PhotoNotTaken, NotPossibleNow, KeyUsedForAnotherMessage.
    """
    body, ready = worded(body), made_ready(photos)
    appeal = taken(appeal, by=author, at=sent_at)
    if repeated := said_before(appeal, Message.Side.OFFICER, key, body, photos):
        return repeated
    side = side_of(author, appeal)
    if appeal.state == State.RECEIVED:
        moved(appeal, Move.ACCEPT, at=sent_at, side=side, by=author)
        appeal.accepted_at = sent_at
    moved(appeal, Move.ANSWER, at=sent_at, side=side, by=author)
    appeal.answered_on = local_day(sent_at)
    answered_first(appeal, at=sent_at)
    appeal.save(update_fields=["state", "accepted_at", "answered_on", *FIRST_WORD])
    message = say(appeal, Message.Side.OFFICER, key=key, body=body, sent_at=sent_at, author=author, photos=ready)
    announce(appeal=appeal, kind=Notice.Kind.ANSWERED, event=f"reply:{message.pk}", at=sent_at)
    return message


@transaction.atomic
def close(*, appeal: Appeal, by: User, at: datetime.datetime, reason: str) -> Appeal:
    """End the conversation, for a reason that the writer reads. Raises NotYours, NotPossibleNow, TextMissing."""
    appeal = taken(appeal, by=by, at=at)
    event = moved(appeal, Move.CLOSE, at=at, side=side_of(by, appeal), by=by, reason=reason)
    appeal.answered_on = local_day(at)
    answered_first(appeal, at=at)
    appeal.save(update_fields=["state", "answered_on", *FIRST_WORD])
    announce(appeal=appeal, kind=Notice.Kind.ANSWERED, event=f"close:{event.pk}", at=at)
    return appeal


def return_by(appeal: Appeal) -> datetime.date:
    """Return the last day on which the law lets a badly formed appeal be returned; a later day forbids nothing."""
    calendar, terms = clock_of(appeal.city)
    return deadlines.return_due_on(appeal.clock_from, calendar=calendar, terms=terms)


@transaction.atomic
def return_to_writer(*, appeal: Appeal, by: User, at: datetime.datetime, reason: str) -> Appeal:
    """Return a formal appeal that lacks what the law asks for, with an explanation (393/96-ВР, article 5).

    Raises NotYours, NotPossibleNow, TextMissing.
    """
    appeal = taken(appeal, by=by, at=at)
    event = moved(appeal, Move.RETURN, at=at, side=side_of(by, appeal), by=by, reason=reason)
    answered_first(appeal, at=at)
    appeal.save(update_fields=["state", *FIRST_WORD])
    announce(appeal=appeal, kind=Notice.Kind.RETURNED, event=f"return:{event.pk}", at=at)
    return appeal


@transaction.atomic
def mark_spam(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Set a letter aside as spam: it is no longer counted. Raises NotYours, NotPossibleNow."""
    appeal = taken(appeal, by=by, at=at)
    moved(appeal, Move.MARK_SPAM, at=at, side=side_of(by, appeal), by=by)
    appeal.suspected_at = at
    appeal.save(update_fields=["state", "suspected_at"])
    return appeal


@transaction.atomic
def not_spam(*, appeal: Appeal, by: User, at: datetime.datetime) -> Appeal:
    """Bring a letter back from spam as a new one; its clock was never stopped. Raises NotYours, NotPossibleNow."""
    appeal = taken(appeal, by=by, at=at)
    brought_back(appeal, at=at, side=side_of(by, appeal), by=by)
    return appeal
