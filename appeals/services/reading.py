"""Opening a letter: by its receipt, or as one of the staff, which is written down."""

import datetime
import uuid
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from appeals import receipts
from appeals.access import as_task, as_writer
from appeals.errors import UnknownPhoto, UnknownReceipt
from appeals.models import Appeal, AppealQuerySet, Message, Opening, Photo
from geo.models import City
from geo.prepared import PreparedInsert, PreparedStatement, insert
from people.models import User

KNOWN: Final = PreparedStatement(Path(__file__).parents[1] / "sql" / "known_receipt.sql")
OPENING: Final = PreparedInsert(Opening)
SEEN_WITH_ITS_LETTER_FOR = datetime.timedelta(hours=1)
"""A photo that is looked at so long after its letter was opened is a new opening of the letter."""


def receipt_secret() -> bytes:
    """The server's secret for receipts and keyed hashes, from settings.RECEIPT_KEY."""
    return str(settings.RECEIPT_KEY).encode()


def hash_of_receipt(typed: str) -> str:
    """Return the keyed hash of a receipt, however it was typed. Raises UnknownReceipt where it cannot be one."""
    try:
        return receipts.receipt_hash(typed, receipt_secret())
    except receipts.NotAReceipt:
        raise _unknown() from None


def appeal_by_receipt(typed: str) -> Appeal:
    """Return the letter that a receipt opens. Raises UnknownReceipt."""
    return _opened_by(typed, Appeal.objects.with_names().with_key())


def conversation_by_receipt(typed: str) -> Appeal:
    """Return the letter that a receipt opens, with all that was said. Raises UnknownReceipt."""
    return _opened_by(typed, Appeal.objects.with_names().with_key().with_conversation())


def _opened_by(typed: str, letters: AppealQuerySet) -> Appeal:
    receipt_hash = hash_of_receipt(typed)
    with as_writer(receipt_hash):
        _known(receipt_hash)
        return letters.get(receipt_hash=receipt_hash)


def _known(receipt_hash: str) -> None:
    """Let a receipt pass that opens a letter: whoever tries receipts costs a tenth of whoever reads a letter.

    Raises UnknownReceipt.
    """
    if not KNOWN.rows(receipt_hash=receipt_hash):
        raise _unknown()


def _unknown() -> UnknownReceipt:
    return UnknownReceipt(
        _("No letter has this receipt. It is 16 letters and digits, like 7K2M-Q8RD-4VXT-9HBA; check each of them.")
    )


def open_letter(*, appeal: Appeal, user: User, at: datetime.datetime, reason: str = "") -> None:
    """Write down that a member of staff opened a letter; what the writer said, as far as they see it, is read now."""
    if appeal.first_read_at is None:
        Appeal.objects.filter(pk=appeal.pk, first_read_at__isnull=True).update(first_read_at=at)
    unread = [each.pk for each in appeal.messages.all() if each.side == Message.Side.WRITER and each.read_at is None]
    if unread:
        Message.objects.filter(pk__in=unread, read_at__isnull=True).update(read_at=at)
    _log(appeal, user, at, reason)


def read_by_writer(*, receipt: str, at: datetime.datetime) -> Appeal:
    """Open a conversation with its receipt; what the office said is read now. Raises UnknownReceipt."""
    receipt_hash = hash_of_receipt(receipt)
    with as_writer(receipt_hash, durable=True):
        _known(receipt_hash)
        Message.objects.filter(
            appeal__receipt_hash=receipt_hash, side=Message.Side.OFFICER, read_at__isnull=True
        ).update(read_at=at)
    return conversation_by_receipt(receipt)


def open_for_reason(*, city: City, year: int, number: int, user: User, at: datetime.datetime, reason: str) -> bool:
    """Let an administrator read one letter for an hour, by its number and for a stated reason.

    The supervisor of the city sees it in the log of openings. Returns whether there is such a letter, not yet erased.
    """
    with as_task("open for a reason"):
        appeal = Appeal.objects.with_key().filter(city=city, year=year, number=number, sealed_by__isnull=False).first()
        if appeal and user.is_superuser and reason.strip():
            _log(appeal, user, at, reason.strip())
    return appeal is not None


def open_photo(*, appeal: Appeal, pk: uuid.UUID, user: User, at: datetime.datetime) -> Photo:
    """Return one photo of a letter that a member of staff may read; the log of openings knows of it.

    It is seen with its letter: whoever has not opened that within the last hour opens it now. Raises UnknownPhoto.
    """
    photo = _photo_of(appeal, pk)
    if not appeal.openings.filter(user=user, opened_at__gt=at - SEEN_WITH_ITS_LETTER_FOR, opened_at__lte=at).exists():
        open_letter(appeal=appeal, user=user, at=at)
    return photo


def photo_by_receipt(*, receipt: str, pk: uuid.UUID) -> Photo:
    """Return one photo, its content included, of the letter that a receipt opens.

    Raises UnknownReceipt, UnknownPhoto.
    """
    appeal = appeal_by_receipt(receipt)
    with as_writer(hash_of_receipt(receipt)):
        return _photo_of(appeal, pk)


def _photo_of(appeal: Appeal, pk: uuid.UUID) -> Photo:
    found = Photo.objects.with_content().filter(appeal=appeal, pk=pk).first()
    if found is None:
        raise UnknownPhoto(_("The letter has no such photo."))
    found.appeal = appeal
    return found


def _log(appeal: Appeal, user: User, at: datetime.datetime, reason: str) -> None:
    opening = Opening(appeal=appeal, user=user, opened_at=at)
    if reason:
        opening.seal("reason", reason)
    insert((OPENING, opening))
