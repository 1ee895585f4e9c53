"""Whoever reports a mistake on a card: the code they come back with, and the mail that tells of an answer.

The report itself is kept and settled by `people.corrections`; here is what it shares with letters: codes and outbox.
"""

import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from appeals import receipts
from appeals.access import as_task
from appeals.notices import announce_to_reporter
from appeals.services.reading import receipt_secret
from geo.models import City
from geo.shared_limits import SharedWindow
from people.corrections import CardReport, TooManyReports, forget_reporters, report_card, settle
from people.models import User

REPORTS_PER_ADDRESS: Final = 10
"""Reports that one address may send in an hour: a city's share of a day is not for one to use up."""
_REPORTS: Final = SharedWindow("mistake", window_s=3600)
_TRIES: Final = SharedWindow("mistake code", window_s=60)


class UnknownCode(Exception):
    """No report has this code; the message is a sentence."""


class TooManyTries(Exception):
    """Too many codes were tried from one address; the message is a sentence."""


def take_report(
    *, city: City, district_code: str, text: str, email: str, key: str, caller: str, at: datetime.datetime
) -> str:
    """Keep a report and return the short code by which its answer is read.

    The same form sent twice is one report; other words under the same `key` (a reader went back and wrote more) are
    another one. `caller` is the address it comes from. Raises TooManyReports.
    """
    if not receipts.IDEMPOTENCY_KEY_SHAPE.fullmatch(key):
        key = receipts.new_idempotency_key()
    if _REPORTS.take(caller, limit=REPORTS_PER_ADDRESS, now=at).is_spent:
        raise TooManyReports(_("Too many reports came from your address. Please write again in an hour."))
    form = "\0".join((key, str(city.pk), district_code, text, email))
    code = receipts.short_code_for(receipts.keyed_hash("report", form, receipt_secret()), receipt_secret())
    report_card(
        city=city, district_code=district_code, text=text, reported_at=at, email=email,
        code_hash=receipts.short_code_hash(code, receipt_secret()),
    )  # fmt: skip
    return code


def report_by_code(typed: str, *, caller: str, at: datetime.datetime) -> CardReport:
    """Return the report that a code belongs to, of whichever city. Raises TooManyTries, UnknownCode."""
    if _TRIES.take(caller, limit=settings.RECEIPT_TRIES_PER_ADDRESS, now=at).is_spent:
        raise TooManyTries(_("Too many codes were tried from your address. Try again in a minute."))
    try:
        code_hash = receipts.short_code_hash(typed, receipt_secret())
    except receipts.NotAReceipt:
        code_hash = ""
    reports = CardReport.objects.select_related("city")
    report = reports.filter(code_hash=code_hash).first() if code_hash else None
    if report is None:
        raise UnknownCode(_("No report has this code. It is 8 letters and digits, like 7K2M-Q8RD; check each of them."))
    return report


@transaction.atomic
def answer_report(*, by: User, report: CardReport, is_mended: bool, answer: str, at: datetime.datetime) -> CardReport:
    """Settle a report and let its reader be told, where they left an e-mail.

    Raises NotYourReport, AlreadySettled, NotMended, AnswerMissing.
    """
    report = settle(by=by, report=report, is_mended=is_mended, answer=answer, at=at)
    announce_to_reporter(report=report, at=at)
    return report


def forget(*, at: datetime.datetime) -> tuple[int, int]:
    """Erase e-mails of readers and old reports, with the notices about them. Returns how many of each."""
    with as_task("erase"):
        return forget_reporters(at=at)
