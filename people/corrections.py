"""What readers say is wrong on an officer's card: a queue for those who keep the cards, with an answer."""

import datetime
from collections.abc import Collection
from typing import Final, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from geo.models import City
from people.models.proposals import Proposal
from people.models.users import KEEPERS, User

MAX_REPORTS_PER_DAY = 100
"""At most so many reports a city and day: the form asks for no sign-in, so a flood is stopped here."""
ANSWER_MAX: Final = 600
EMAIL_KEPT: Final = datetime.timedelta(days=14)
"""So long after the answer: time to send it again where it did not arrive."""
OPEN_EMAIL_KEPT: Final = datetime.timedelta(days=90)
"""So long after a report that nobody settles: whoever wrote it waits for no answer any more."""
REPORT_KEPT: Final = datetime.timedelta(days=365)


class TooManyReports(Exception):
    """The city has got too many reports today; the message says what to do instead."""


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


class CardReportQuerySet(models.QuerySet["CardReport"]):
    """Questions about reports."""

    def open(self) -> Self:
        """Reports that somebody still has to settle, the oldest first."""
        return self.filter(state__in=OPEN).order_by("reported_at", "pk")

    def with_email_kept_too_long(self, at: datetime.datetime) -> Self:
        """Reports whose e-mail serves no answer any more."""
        is_over = Q(settled_at__lt=at - EMAIL_KEPT) | Q(settled_at=None, reported_at__lt=at - OPEN_EMAIL_KEPT)
        return self.filter(is_over).exclude(email="")

    def kept_too_long(self, at: datetime.datetime) -> Self:
        """Reports that go: a year after the answer, or after they came where nobody answered."""
        return self.filter(Q(settled_at__lt=at - REPORT_KEPT) | Q(settled_at=None, reported_at__lt=at - REPORT_KEPT))


class CardReport(models.Model):
    """A reader's word that the card of a district is wrong.

    Of the reader nothing is kept but an e-mail, if they left one, until soon after the answer or OPEN_EMAIL_KEPT
    without one, and a keyed hash of the code by which they come back for it.
    """

    class State(models.TextChoices):
        """How it stands."""

        NEW = "new", pgettext_lazy("report", "new")
        TAKEN = "taken", pgettext_lazy("report", "being looked at")
        MENDED = "mended", pgettext_lazy("report", "mended")
        DECLINED = "declined", pgettext_lazy("report", "nothing to mend")
        DISMISSED = "dismissed", pgettext_lazy("report", "spam")

    city = models.ForeignKey(City, models.CASCADE, related_name="card_reports", verbose_name=_("city"))
    district_code = models.CharField(_("district code"), max_length=40)
    text = models.CharField(_("what is wrong"), max_length=1000)
    reported_at = models.DateTimeField(_("reported at"))
    email = models.EmailField(_("e-mail"), blank=True)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.NEW)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("in the hands of"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="reports", null=True, verbose_name=_("change"))
    answer = models.CharField(_("answer"), max_length=ANSWER_MAX, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = CardReportQuerySet.as_manager()

    class Meta:
        app_label = "people"
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering = ["-reported_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="new", by=None, settled_at=None)
                | Q(state="taken", by__isnull=False, settled_at=None)
                | Q(state__in=["mended", "declined", "dismissed"], settled_at__isnull=False),
                name="card_report_state_fits",
            ),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="card_report_code_once"),
        ]
        indexes = [
            models.Index(fields=["city", "reported_at"], name="card_report_city_time"),
            models.Index(
                fields=["city", "reported_at"], condition=Q(state__in=["new", "taken"]), name="card_report_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city.slug}/{self.district_code}: {self.text[:60]}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to settle it."""
        return self.state in OPEN

    @property
    def why_not_mended(self) -> str:
        """Why its reader cannot be told that the card is mended; empty where they can."""
        if self.proposal is None or self.proposal.state == Proposal.State.APPROVED:
            return ""
        if self.proposal.state == Proposal.State.WAITING:
            return gettext("The change still waits for a decision: the card is not mended yet.")
        return gettext("The change was not made. Change the card once more, or say why it stays as it is.")


State = CardReport.State
OPEN: Final = (State.NEW, State.TAKEN)


@transaction.atomic
def report_card(
    *,
    city: City,
    district_code: str,
    text: str,
    reported_at: datetime.datetime,
    email: str,
    code_hash: str,
) -> CardReport:
    """Keep a reader's report; raise TooManyReports beyond MAX_REPORTS_PER_DAY in 24 hours.

    `code_hash` is of the code by which the reader asks for the answer; a report of the same code is the same one,
    also where both come at once.
    """
    said = CardReport.objects.filter(code_hash=code_hash).first()
    if said:
        return said
    since = reported_at - datetime.timedelta(days=1)
    if CardReport.objects.filter(city=city, reported_at__gt=since).count() >= MAX_REPORTS_PER_DAY:
        raise TooManyReports(
            gettext("We have got too many reports today. Please write again tomorrow, or call the station.")
        )
    words = {"city": city, "district_code": district_code, "text": text, "reported_at": reported_at, "email": email}
    return CardReport.objects.get_or_create(code_hash=code_hash, defaults=words)[0]


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
def settle(*, by: User, report: CardReport, is_mended: bool, answer: str, at: datetime.datetime) -> CardReport:
    """End a report: the card is mended, or stays as it is for a reason that the reader may read.

    Raises NotYourReport, AlreadySettled, NotMended, AnswerMissing.
    """
    report = _kept_by(by, report)
    if not report.is_open:
        raise _settled()
    if is_mended and report.why_not_mended:
        raise NotMended(report.why_not_mended)
    if not is_mended and not answer.strip():
        raise AnswerMissing(gettext("Say why the card stays as it is: whoever reported it reads this."))
    report.state = State.MENDED if is_mended else State.DECLINED
    report.by, report.answer, report.settled_at = by, answer.strip(), at
    report.save(update_fields=["state", "by", "answer", "settled_at"])
    return report


@transaction.atomic
def dismiss(*, by: User, city: City, keys: Collection[int], at: datetime.datetime) -> int:
    """Set reports aside as spam, several at once; their e-mails are forgotten. Returns how many.

    Raises NotYourReport.
    """
    _refuse_stranger(by, city)
    chosen = CardReport.objects.filter(city=city, pk__in=keys, state__in=OPEN)
    return chosen.update(state=State.DISMISSED, by=by, settled_at=at, email="")


def forget_reporters(*, at: datetime.datetime) -> tuple[int, int]:
    """Erase e-mails and reports that are kept no longer. Returns how many of each."""
    emails = CardReport.objects.with_email_kept_too_long(at).update(email="")
    _all, deleted = CardReport.objects.kept_too_long(at).delete()
    return emails, deleted.get(CardReport._meta.label, 0)


def _kept_by(by: User, report: CardReport) -> CardReport:
    """The report as it is now, held, where a person keeps the cards of its city."""
    _refuse_stranger(by, report.city)
    return CardReport.objects.select_for_update(of=("self",)).select_related("city").get(pk=report.pk)


def _refuse_stranger(by: User, city: City) -> None:
    if not by.is_active or not (by.is_superuser or by.memberships.filter(city=city, role__in=KEEPERS).exists()):
        raise NotYourReport(gettext("Reports are settled by those who keep the cards of the city."))


def _settled() -> AlreadySettled:
    return AlreadySettled(gettext("This report is settled already."))
