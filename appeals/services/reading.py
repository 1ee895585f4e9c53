"""Opening a letter: by its receipt, or as one of the staff, which is written down."""

import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from appeals import receipts
from appeals.access import as_task, as_writer
from appeals.errors import UnknownReceipt
from appeals.models import Appeal, Opening
from geo.models import City
from people.models import User


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
    """Return the letter that a receipt opens, with all that was said. Raises UnknownReceipt."""
    receipt_hash = hash_of_receipt(typed)
    with as_writer(receipt_hash):
        letters = Appeal.objects.with_names().with_key().prefetch_related("messages")
        found = letters.filter(receipt_hash=receipt_hash).first()
    if found is None:
        raise _unknown()
    return found


def _unknown() -> UnknownReceipt:
    return UnknownReceipt(
        _("No letter has this receipt. It is 16 letters and digits, like 7K2M-Q8RD-4VXT-9HBA; check each of them.")
    )


def open_letter(*, appeal: Appeal, user: User, at: datetime.datetime, reason: str = "") -> Opening:
    """Write down that a member of staff opened a letter."""
    opening = Opening(appeal=appeal, user=user, opened_at=at)
    if reason:
        opening.seal("reason", reason)
    opening.save(force_insert=True)
    return opening


def open_for_reason(*, city: City, year: int, number: int, user: User, at: datetime.datetime, reason: str) -> bool:
    """Let an administrator read one letter for an hour, by its number and for a stated reason.

    The supervisor of the city sees it in the log of openings. Returns whether there is such a letter.
    """
    with as_task("open for a reason"):
        appeal = Appeal.objects.with_key().filter(city=city, year=year, number=number).first()
        if appeal and user.is_superuser and reason.strip():
            open_letter(appeal=appeal, user=user, at=at, reason=reason.strip())
    return appeal is not None
