"""What can be done with letters: send, accept, answer, write again, close, mark as spam.

A deed runs in one transaction of its own (`durable`): what it returns is already committed, so no answer is sent for
a letter that could still be lost.
"""

import datetime
import hmac
import json
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appeals import deadlines, receipts
from appeals.errors import (
    BadIdempotencyKey,
    ConversationClosed,
    KeyUsedForAnotherLetter,
    KeyUsedForAnotherMessage,
    LaneNotOpen,
    LettersNotOpen,
    NotPossibleNow,
    TextMissing,
    UnknownCategory,
    UnknownReceipt,
)
from appeals.models import Appeal, Category, Lane, Message, Notice, NumberSeries
from appeals.notices import announce
from appeals.routing import route
from appeals.workflow import Move, MoveNotAllowed, State, after
from geo.models import City
from geo.moments import local_day
from people.models import User

LETTER_STAGES = (City.Stage.TRAINING,)
"""Until letters are encrypted and row-level security guards them, only cities in training take any."""
TEXT_MAX = 8_000
"""Characters in a letter or a message, at most."""
EMAIL_MAX = 254
"""Characters of an e-mail, at most; Django's validator lets 320 pass, its field 254 (RFC 5321, section 4.5.3.1.3)."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A letter that is safe in the database, and the receipt for its writer. The receipt is nowhere else."""

    appeal: Appeal
    receipt: str


def letters_open_in(city: City) -> bool:
    """Tell whether a city takes letters."""
    return city.stage in LETTER_STAGES


def submit_appeal(
    *,
    city: City,
    district_code: str,
    place: tuple[float, float] | None,
    lane: str,
    category: str,
    text: str,
    idempotency_key: str,
    received_at: datetime.datetime,
    writer_name: str = "",
    writer_email: str = "",
) -> Submitted:
    """Send a letter: route it, set its deadline, number it, and return its receipt.

    `place` is (longitude, latitude) in degrees, WGS 84, or None when only the district is known. The same
    `idempotency_key` with the same content returns the same letter and the same receipt, however often and however
    simultaneously it comes. Raises what `appeals.errors` names.
    """
    if not receipts.IDEMPOTENCY_KEY_SHAPE.fullmatch(idempotency_key):
        raise BadIdempotencyKey(_("Send a header Idempotency-Key of 16 to 128 visible characters, such as a UUID."))
    text = _worded(text)
    content = [city.slug, district_code, place, lane, category, text, writer_name, writer_email]
    hashes = {
        "idempotency_hash": receipts.keyed_hash("idempotency-key", idempotency_key, _secret()),
        "content_hash": receipts.keyed_hash("content", json.dumps(content), _secret()),
    }
    receipt = receipts.receipt_for(idempotency_key, _secret())
    earlier = _sent_before(**hashes)
    if earlier is None:
        if not letters_open_in(city):
            raise LettersNotOpen(
                _("%(city)s does not take letters here yet. Call the officer or write to their e-mail.")
                % {"city": city.name}
            )
        if lane != Lane.MESSAGE:
            raise LaneNotOpen(_("Formal appeals cannot be sent here yet; a message to the officer can."))
        topic = Category.objects.filter(slug=category).first()
        if topic is None:
            raise UnknownCategory(_("There is no such category."))
        way = route(city=city, code=district_code, place=place, at=received_at)
        received_on = local_day(received_at)
        try:
            with transaction.atomic(durable=True):
                return Submitted(
                    Appeal.objects.create(
                        city=city,
                        year=received_on.year,
                        number=NumberSeries.objects.next(city=city, year=received_on.year),
                        district=way.district,
                        edition=way.edition,
                        officer=way.officer,
                        rule=way.rule,
                        why=way.why,
                        lane=lane,
                        category=topic,
                        text=text,
                        location=Point(*place, srid=4326) if place else None,
                        writer_name=writer_name,
                        writer_email=writer_email,
                        received_at=received_at,
                        answer_due_on=deadlines.message_due_on(received_on),
                        state=State.RECEIVED,
                        receipt_hash=receipts.receipt_hash(receipt, _secret()),
                        **hashes,
                    ),
                    receipt,
                )
        except IntegrityError:
            # An equal submission committed between our look and our insert: the unique key refused the second.
            earlier = _sent_before(**hashes)
            if earlier is None:
                raise
    return Submitted(earlier, receipt)


def appeal_by_receipt(typed: str) -> Appeal:
    """Return the letter that a receipt opens, however it was typed. Raises UnknownReceipt."""
    try:
        found = (
            Appeal.objects.with_names()
            .filter(receipt_hash=receipts.receipt_hash(typed, _secret()))
            .prefetch_related("messages")
            .first()
        )
    except receipts.NotAReceipt:
        found = None
    if found is None:
        raise UnknownReceipt(
            _("No letter has this receipt. It is 16 letters and digits, like 7K2M-Q8RD-4VXT-9HBA; check each of them.")
        )
    return found


def add_writer_message(*, receipt: str, body: str, sent_at: datetime.datetime, key: uuid.UUID) -> Message:
    """Add the writer's words to the conversation; after an answer this asks again and sets a new deadline.

    Raises UnknownReceipt, TextMissing, ConversationClosed, KeyUsedForAnotherMessage. A repeated `key` adds nothing.
    """
    body = _worded(body)
    with transaction.atomic(durable=True):
        appeal = _locked(appeal_by_receipt(receipt).pk)
        if repeated := _said_before(appeal, Message.Side.WRITER, key, body):
            return repeated
        if appeal.state in {State.CLOSED, State.SPAM}:
            raise ConversationClosed(_("This conversation is closed. You can write a new letter."))
        if appeal.state == State.ANSWERED:
            _move(appeal, Move.ASK_AGAIN)
            appeal.answer_due_on = deadlines.message_due_on(local_day(sent_at))
            appeal.save(update_fields=["state", "answer_due_on"])
        return appeal.messages.create(key=key, side=Message.Side.WRITER, body=body, sent_at=sent_at)


def accept(*, appeal: Appeal, at: datetime.datetime) -> Appeal:
    """Take a letter on: from now on it is counted. Raises NotPossibleNow."""
    with transaction.atomic(durable=True):
        appeal = _locked(appeal.pk)
        _move(appeal, Move.ACCEPT)
        appeal.accepted_at = at
        appeal.save(update_fields=["state", "accepted_at"])
    return appeal


def reply(*, appeal: Appeal, author: User, body: str, sent_at: datetime.datetime, key: uuid.UUID) -> Message:
    """Answer the writer; answering a new letter accepts it. A repeated `key` adds nothing.

    Raises TextMissing, NotPossibleNow, KeyUsedForAnotherMessage.
    """
    body = _worded(body)
    with transaction.atomic(durable=True):
        appeal = _locked(appeal.pk)
        if repeated := _said_before(appeal, Message.Side.OFFICER, key, body):
            return repeated
        if appeal.state == State.RECEIVED:
            _move(appeal, Move.ACCEPT)
            appeal.accepted_at = sent_at
        _move(appeal, Move.ANSWER)
        appeal.save(update_fields=["state", "accepted_at"])
        message = appeal.messages.create(key=key, side=Message.Side.OFFICER, author=author, body=body, sent_at=sent_at)
        announce(appeal=appeal, kind=Notice.Kind.ANSWERED, event=f"reply:{message.pk}", at=sent_at)
        return message


def close(*, appeal: Appeal) -> Appeal:
    """End the conversation. Raises NotPossibleNow."""
    return _plain_move(appeal, Move.CLOSE)


def mark_spam(*, appeal: Appeal) -> Appeal:
    """Set a letter aside as spam: it is no longer counted. Raises NotPossibleNow."""
    return _plain_move(appeal, Move.MARK_SPAM)


def not_spam(*, appeal: Appeal) -> Appeal:
    """Bring a letter back from spam as a new one. Raises NotPossibleNow."""
    return _plain_move(appeal, Move.NOT_SPAM)


def _plain_move(appeal: Appeal, move: Move) -> Appeal:
    with transaction.atomic(durable=True):
        appeal = _locked(appeal.pk)
        _move(appeal, move)
        if appeal.state == State.RECEIVED:
            appeal.accepted_at = None
        appeal.save(update_fields=["state", "accepted_at"])
    return appeal


def _move(appeal: Appeal, move: Move) -> None:
    try:
        appeal.state = after(move, State(appeal.state))
    except MoveNotAllowed as error:
        raise NotPossibleNow(
            _("This is not possible: the letter is “%(state)s”.") % {"state": appeal.state_name}
        ) from error


def _locked(pk: int) -> Appeal:
    return Appeal.objects.select_for_update().get(pk=pk)


def _sent_before(*, idempotency_hash: str, content_hash: str) -> Appeal | None:
    """Return the letter sent under this key. Raises KeyUsedForAnotherLetter where its content was another."""
    earlier = Appeal.objects.filter(idempotency_hash=idempotency_hash).first()
    if earlier is not None and not hmac.compare_digest(earlier.content_hash, content_hash):
        raise KeyUsedForAnotherLetter(
            _("A letter with another content was already sent under this key. Use a new key for a new letter.")
        )
    return earlier


def _said_before(appeal: Appeal, side: Message.Side, key: uuid.UUID, body: str) -> Message | None:
    """Return the message that came under this key. Raises KeyUsedForAnotherMessage where its words were others."""
    earlier = appeal.messages.filter(side=side, key=key).first()
    if earlier is not None and earlier.body != body:
        raise KeyUsedForAnotherMessage(
            _("Other words were already sent under this key. Use a new key for a new message.")
        )
    return earlier


def _worded(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise TextMissing(_("Write what happened: the text is empty."))
    if len(text) > TEXT_MAX:
        raise TextMissing(
            _("The text is too long: %(length)s characters, at most %(most)s.")
            % {"length": len(text), "most": TEXT_MAX}
        )
    return text


def _secret() -> bytes:
    return str(settings.RECEIPT_KEY).encode()
