"""What readers say is wrong on an officer's card: words and e-mail rest sealed.

Those who keep the cards of the city see a report, and whoever holds its code (migration 0098).
"""

import datetime
from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from appeals.models.sealed import SealedRow, WrappedKey
from appeals.retention import Terms, last_expired
from appeals.sealing import new_key
from geo.models import City
from geo.moments import local_day, start_of_local_day
from people.models import Proposal, User

ANSWER_MAX: Final = 600
ONE_DAY: Final = datetime.timedelta(days=1)


class CardReportQuerySet(models.QuerySet["CardReport"]):
    """Questions about reports."""

    def open(self) -> Self:
        """Reports that somebody still has to settle, the oldest first."""
        return self.filter(state__in=OPEN).order_by("reported_at", "pk")

    def with_email_kept_too_long(self, at: datetime.datetime, kept: Terms) -> Self:
        """Reports whose e-mail serves no answer any more, by some terms."""
        settled, open_ = (at - days * ONE_DAY for days in (kept.emails_days, kept.open_emails_days))
        return self.over_before(settled, open_).filter(email_sealed__isnull=False)

    def kept_too_long(self, at: datetime.datetime, kept: Terms) -> Self:
        """Reports that go, by some terms."""
        over = start_of_local_day(last_expired(local_day(at), kept.reports_years) + ONE_DAY)
        return self.over_before(over, over)

    def over_before(self, settled: datetime.datetime, reported: datetime.datetime) -> Self:
        """Reports that were settled before a moment, or that nobody settles and that came before another."""
        return self.filter(Q(settled_at__lt=settled) | Q(settled_at=None, reported_at__lt=reported))


class CardReport(SealedRow, WrappedKey):
    """A reader's word that the card of a district is wrong.

    Of the reader nothing is kept but an e-mail, if they left one, for as long as the terms of keeping say, and a keyed
    hash of the code by which they come back for it. Words and e-mail are sealed under a key
    of the report, which lies beside them, wrapped by a key of the server.
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
    text_sealed = models.BinaryField()
    email_sealed = models.BinaryField(null=True)
    reported_at = models.DateTimeField(_("reported at"))
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.NEW)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("in the hands of"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="reports", null=True, verbose_name=_("change"))
    answer = models.CharField(_("answer"), max_length=ANSWER_MAX, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = CardReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering: ClassVar[list[Any]] = ["-reported_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(state="new", by=None, settled_at=None)
                | Q(state="taken", by__isnull=False, settled_at=None)
                | Q(state__in=["mended", "declined", "dismissed"], settled_at__isnull=False),
                name="card_report_state_fits",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["city", "reported_at"], name="card_report_city_time"),
            models.Index(
                fields=["city", "reported_at"], condition=Q(state__in=["new", "taken"]), name="card_report_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.district_code}, {self.state}"

    @property
    def letter_key(self) -> bytes:
        """The report's own."""
        return self.key

    @property
    def sealed_as(self) -> str:
        """The code's hash: unique, and known before the row is there."""
        return self.code_hash

    @property
    def text(self) -> str:
        """What the reader says is wrong."""
        return self.unseal("text")

    @property
    def email(self) -> str:
        """Where the reader wants to be told of the answer; empty where nowhere, or no longer."""
        return self.unseal("email")

    def put_words(self, *, text: str, email: str) -> None:
        """Seal what the reader wrote, under a fresh key; `code_hash` is known already."""
        self.wrap(new_key())
        self.seal("text", text)
        self.email_sealed = None
        if email:
            self.seal("email", email)

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
