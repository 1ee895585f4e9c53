"""The outbox: one row for each mail that an event calls for, and what became of it."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from appeals.models.appeals import Appeal
from appeals.models.card_reports import CardReport
from appeals.models.questions import reads_letters_in
from geo.models import City
from people.models import Membership, User


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def undelivered(self) -> Self:
        """Notices that a person has to decide about: not sent, or perhaps sent."""
        return self.filter(state__in=[Notice.State.FAILED, Notice.State.UNKNOWN])

    def unsettled(self) -> Self:
        """Notices that are on their way, or that a person has to decide about: an index holds these alone."""
        on_their_way = [Notice.State.WAITING, Notice.State.SENDING]
        return self.filter(state__in=[*on_their_way, Notice.State.FAILED, Notice.State.UNKNOWN])

    def claimed_before(self, moment: datetime.datetime) -> Self:
        """Notices that a worker began to send before a moment, and has said nothing since."""
        return self.filter(state=Notice.State.SENDING, claimed_at__lt=moment)

    def of_city(self, city: City) -> Self:
        """Notices about a city's letters, and those to its staff."""
        to_staff = Q(city__isnull=True, reader__in=Membership.objects.filter(city=city).values("user"))
        return self.filter(Q(city=city) | to_staff)

    def shown_to(self, user: User, city: City) -> Self:
        """A city's notices that a person may look after.

        A coordinator, who reads no letters, sees that there are some, whichever letters they are about. Whoever reads
        letters there sees only those of letters that they may read: any other one might be kept from them.
        """
        notices = self.of_city(city)
        if not reads_letters_in(user, city):
            return notices
        return notices.filter(Q(appeal__isnull=True) | _about_a_letter_of(user))


def _about_a_letter_of(user: User) -> Exists:
    """Ask notice by notice: few need a person, and whoever supervises a city reads a hundred thousand letters."""
    return Exists(Appeal.objects.visible_to(user).filter(pk=OuterRef("appeal")))


class Notice(models.Model):
    """One mail about one event (`event` is its key), to the writer of a letter, to whoever reported a
    mistake on a card, or to one of the staff.

    The row is the outbox's record, and its number the only thing that a job names. Neither holds an address, a name,
    a text or a category: who is told what is read when the mail is written. docs/adr/0008 says why so.
    """

    class Side(models.TextChoices):
        """Who is told."""

        WRITER = "writer", _("writer")
        OFFICER = "officer", _("officer")
        SUPERVISOR = "supervisor", _("supervisor")
        REPORTER = "reporter", _("whoever reported a mistake")

    class Kind(models.TextChoices):
        """What happened."""

        RECEIVED = "received", _("the letter has arrived")
        ANSWERED = "answered", _("an answer")
        FORWARDED = "forwarded", _("the letter was forwarded")
        TRANSFERRED = "transferred", _("another officer answers")
        EXTENDED = "extended", _("the answer takes longer")
        RETURNED = "returned", _("the letter was returned")
        OFFERED = "offered", _("a text to be published")
        DUE = "due", _("what is due today and what is overdue")

    class State(models.TextChoices):
        """Where the mail stands. `unknown`: the worker was lost while sending, the mail may have gone."""

        WAITING = "waiting", _("waits")
        SENDING = "sending", _("is being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        UNKNOWN = "unknown", _("perhaps sent")
        DROPPED = "dropped", _("no longer needed")

    class Trouble(models.TextChoices):
        """What stood in the way of the last try. The mail server's own words may name the address: not kept."""

        NONE = "", _("nothing")
        UNREACHABLE = "unreachable", _("the mail server could not be reached")
        PUT_OFF = "put_off", _("the mail server asked to try later")
        REFUSED = "refused", _("the mail server refused the mail: most often there is no such mailbox")
        ADDRESS = "address", _("the address cannot be written to")
        BROKEN_OFF = "broken_off", _("sending broke off before the mail server confirmed")

    event = models.CharField(_("event"), max_length=80, unique=True)
    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="notices", null=True, blank=True, verbose_name=_("appeal")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("reader")
    )
    report = models.ForeignKey(
        CardReport, models.CASCADE, related_name="notices", null=True, blank=True, verbose_name=_("report of a mistake")
    )
    city = models.ForeignKey(City, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("city"))
    side = models.CharField(_("recipient"), max_length=10, choices=Side)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    trouble = models.CharField(_("trouble"), max_length=11, choices=Trouble, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    announced_at = models.DateTimeField(_("announced at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-announced_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(side="writer", appeal__isnull=False, city__isnull=False, reader=None, report=None)
                | Q(side="reporter", report__isnull=False, city__isnull=False, reader=None, appeal=None)
                | Q(side__in=["officer", "supervisor"], reader__isnull=False, report=None),
                name="notice_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "received",
                        "answered",
                        "forwarded",
                        "transferred",
                        "extended",
                        "returned",
                        "offered",
                        "due",
                    ]
                ),
                name="notice_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | Q(state="sending", settled_at__isnull=True, claimed_at__isnull=False)
                | Q(state__in=["sent", "failed", "unknown", "dropped"], settled_at__isnull=False),
                name="notice_state_fits_times",
            ),
            models.CheckConstraint(
                condition=Q(trouble__in=["", "unreachable", "put_off", "refused", "address", "broken_off"]),
                name="notice_trouble_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "city", "claimed_at"], name="notice_unsettled_in_city", condition=~Q(state="sent")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind}, {self.state}"
