"""Mistakes that readers report on cards: taken with a code for the answer, settled by those who keep the cards."""

import datetime
from collections.abc import Collection
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from appeals import receipts
from appeals.access import as_task, as_writer
from appeals.models import CardReport, terms
from appeals.models.card_reports import OPEN, State
from appeals.notices import announce_to_reporter
from appeals.retention import Terms
from appeals.services.reading import receipt_secret
from geo.models import City
from geo.shared_limits import SharedWindow
from people.models import KEEPERS, Proposal, User

REPORTS_PER_ADDRESS: Final = 10
"""Reports that one address may send in an hour: a city's share of a day is not for one to use up."""
MAX_REPORTS_PER_DAY: Final = 100
"""At most so many reports a city and day: the form asks for no sign-in, so a flood is stopped here."""
_REPORTS: Final = SharedWindow("mistake", window_s=3600)
_TRIES: Final = SharedWindow("mistake code", window_s=60)


class TooManyReports(Exception):
    """The city has got too many reports today; the message says what to do instead."""


class UnknownCode(Exception):
    """No report has this code; the message is a sentence."""


class TooManyTries(Exception):
    """Too many codes were tried from one address; the message is a sentence."""


class ReportRefused(Exception):
    """A deed on a report that is not possible; the message is a sentence."""


class NotYourReport(ReportRefused):
    """Whoever acts keeps no cards in that city."""


class AlreadySettled(ReportRefused):
    """Somebody else has settled it."""


class AnswerMissing(ReportRefused):
    """The reader wants to know why the card stays as it is."""


class NotMended(ReportRefused):
    """The change made because of it did not happen, or not yet."""


def take_report(
    *, city: City, district_code: str, text: str, email: str, key: str, caller: str, at: datetime.datetime
) -> str:
    """Keep a report and return the short code by which its answer is read.

    The same form sent twice is one report, also where both come at once; other words under the same `key` (a reader
    went back and wrote more) are another one. `caller` is the address it comes from. Raises TooManyReports, also
    beyond MAX_REPORTS_PER_DAY of a city in 24 hours.
    """
    if not receipts.IDEMPOTENCY_KEY_SHAPE.fullmatch(key):
        key = receipts.new_idempotency_key()
    if _REPORTS.take(caller, limit=REPORTS_PER_ADDRESS, now=at).is_spent:
        raise TooManyReports(_("Too many reports came from your address. Please write again in an hour."))
    form = "\0".join((key, str(city.pk), district_code, text, email))
    code = receipts.short_code_for(receipts.keyed_hash("report", form, receipt_secret()), receipt_secret())
    code_hash = receipts.short_code_hash(code, receipt_secret())
    with as_writer(code_hash):
        if not CardReport.objects.filter(code_hash=code_hash).exists():
            _refuse_flood(city, at)
            report = CardReport(city=city, district_code=district_code, reported_at=at, code_hash=code_hash)
            report.put_words(text=text, email=email)
            CardReport.objects.bulk_create([report], ignore_conflicts=True)
    return code


def report_by_code(typed: str, *, caller: str, at: datetime.datetime) -> CardReport:
    """Return the report that a code belongs to, of whichever city. Raises TooManyTries, UnknownCode."""
    if _TRIES.take(caller, limit=settings.RECEIPT_TRIES_PER_ADDRESS, now=at).is_spent:
        raise TooManyTries(_("Too many codes were tried from your address. Try again in a minute."))
    try:
        code_hash = receipts.short_code_hash(typed, receipt_secret())
    except receipts.NotAReceipt:
        raise _unknown() from None
    with as_writer(code_hash):
        report = CardReport.objects.select_related("city").filter(code_hash=code_hash).first()
    if report is None:
        raise _unknown()
    return report


@transaction.atomic
def take_up(*, by: User, report: CardReport, proposal: Proposal | None = None) -> CardReport:
    """Take a report into one's hands, with the change made because of it; one dismissed by mistake comes back.

    Raises NotYourReport, AlreadySettled.
    """
    report = _kept_by(by, report)
    if report.state in (State.MENDED, State.DECLINED):
        raise _settled()
    report.state, report.by, report.settled_at = State.TAKEN, by, None
    report.proposal = proposal or report.proposal
    report.save(update_fields=["state", "by", "settled_at", "proposal"])
    return report


@transaction.atomic
def answer_report(*, by: User, report: CardReport, is_mended: bool, answer: str, at: datetime.datetime) -> CardReport:
    """End a report: the card is mended, or stays as it is for a reason that its reader may read.

    The reader is told that there is an answer, where they left an e-mail. Raises NotYourReport, AlreadySettled,
    NotMended, AnswerMissing.
    """
    report = _kept_by(by, report)
    if not report.is_open:
        raise _settled()
    if is_mended and report.why_not_mended:
        raise NotMended(report.why_not_mended)
    if not is_mended and not answer.strip():
        raise AnswerMissing(_("Say why the card stays as it is: whoever reported it reads this."))
    report.state = State.MENDED if is_mended else State.DECLINED
    report.by, report.answer, report.settled_at = by, answer.strip(), at
    report.save(update_fields=["state", "by", "answer", "settled_at"])
    announce_to_reporter(report=report, at=at)
    return report


@transaction.atomic
def dismiss(*, by: User, city: City, keys: Collection[int], at: datetime.datetime) -> int:
    """Set reports aside as spam, several at once; their e-mails are forgotten. Returns how many.

    Raises NotYourReport.
    """
    _refuse_stranger(by, city)
    chosen = CardReport.objects.filter(city=city, pk__in=keys, state__in=OPEN)
    return chosen.update(state=State.DISMISSED, by=by, settled_at=at, email_sealed=None)


def counts_due(*, at: datetime.datetime, kept: Terms | None = None) -> tuple[int, int]:
    """Return how many e-mails and how many reports `forget` would erase; `kept`: by other terms than those in force."""
    kept = kept or terms()
    with as_task("count reports"):
        reports = CardReport.objects.all()
        return reports.with_email_kept_too_long(at, kept).count(), reports.kept_too_long(at, kept).count()


def forget(*, at: datetime.datetime) -> tuple[int, int]:
    """Erase e-mails of readers and old reports, with the notices about them. Returns how many of each."""
    kept = terms()
    with as_task("erase"):
        emails = CardReport.objects.with_email_kept_too_long(at, kept).update(email_sealed=None)
        _all, deleted = CardReport.objects.kept_too_long(at, kept).delete()
        return emails, deleted.get(CardReport._meta.label, 0)


def _refuse_flood(city: City, at: datetime.datetime) -> None:
    with as_task("count reports"):
        count = CardReport.objects.filter(city=city, reported_at__gt=at - datetime.timedelta(days=1)).count()
    if count >= MAX_REPORTS_PER_DAY:
        raise TooManyReports(_("We have got too many reports today. Please write again tomorrow, or call the station."))


def _kept_by(by: User, report: CardReport) -> CardReport:
    """The report as it is now, held, where a person keeps the cards of its city."""
    _refuse_stranger(by, report.city)
    return CardReport.objects.select_for_update(of=("self",)).select_related("city").get(pk=report.pk)


def _refuse_stranger(by: User, city: City) -> None:
    if not by.is_active or not (by.is_superuser or by.has_role(city, *KEEPERS)):
        raise NotYourReport(_("Reports are settled by those who keep the cards of the city."))


def _settled() -> AlreadySettled:
    return AlreadySettled(_("This report is settled already."))


def _unknown() -> UnknownCode:
    return UnknownCode(_("No report has this code. It is 8 letters and digits, like 7K2M-Q8RD; check each of them."))
