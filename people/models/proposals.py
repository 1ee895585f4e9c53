"""Changes of what the public reads: proposed, decided, carried out. Every one stays, and explains what stands now."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geo.models import City
from people.models.officers import Officer
from people.models.users import Membership, User

SEES_ALL = (Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR, Membership.Role.MODERATOR)
"""Roles that see every change in their city; an officer sees those of their own card, and their own."""


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions about changes."""

    def waiting(self) -> Self:
        """Changes that somebody has to decide about."""
        return self.filter(state=Proposal.State.WAITING)

    def carried_out(self) -> Self:
        """Changes that changed something, the newest first."""
        return self.filter(state=Proposal.State.APPROVED).exclude(became=F("replaced")).order_by("-decided_at", "-pk")

    def about(self, kind: "Proposal.Kind", pk: int) -> Self:
        """Changes of one card or text."""
        return self.filter(kind=kind, subject_pk=pk)

    def shown_to(self, user: User, city: City) -> Self:
        """Changes proposed in a city that one of its staff may see; all of them for an administrator."""
        of_city = self.filter(city=city)
        if user.is_superuser or user.has_role(city, *SEES_ALL):
            return of_city
        cards = Officer.objects.filter(city=city, user=user)
        return of_city.filter(Q(by=user) | Q(kind=Proposal.Kind.OFFICER, subject_pk__in=cards.values("pk")))


class Proposal(models.Model):
    """One change of one card or text: a mapping of fields to values, from a closed set (`people.subjects`).

    `was` are the values when it was proposed, `proposed` what they should be; `replaced` and `became` what an approval
    found and left, of every field that was proposed or changed. A change that needs nobody's word is approved by
    whoever makes it. Once decided, a row stays as it is: undoing is a new change. Values are what everybody reads; no
    word of a letter or its writer stands here.
    """

    class Kind(models.TextChoices):
        """What is changed."""

        OFFICER = "officer", _("officer's card")
        STATION = "station", _("station")
        DISTRICT = "district", pgettext_lazy("field", "district")
        CATEGORY = "category", _("category")
        PAGE = "page", _("page of text")

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", pgettext_lazy("proposal", "waits for a decision")
        APPROVED = "approved", pgettext_lazy("proposal", "approved")
        DECLINED = "declined", pgettext_lazy("proposal", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "taken back")

    class Through(models.TextChoices):
        """By which way it came."""

        PAGE = "page", _("a page of the staff")
        ADMINISTRATION = "admin", _("the administration")
        FILE = "file", _("a file that was brought in")

    city = models.ForeignKey(
        City, models.PROTECT, related_name="proposals", null=True, verbose_name=_("city"),
        help_text=_("Where it was proposed; empty: an administrator changed what belongs to every city."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    subject_pk = models.BigIntegerField(_("number of the card or text"))
    subject_name = models.CharField(_("what it is about"), max_length=200)
    was = models.JSONField(_("was"), default=dict)
    proposed = models.JSONField(_("proposed"), default=dict)
    replaced = models.JSONField(_("replaced"), null=True, blank=True)
    became = models.JSONField(_("became"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=500, blank=True)
    through = models.CharField(_("came by"), max_length=5, choices=Through, default=Through.PAGE)
    by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("by"), help_text=_("Empty: a command.")
    )
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, help_text=_("Of a refusal."))
    undoes = models.ForeignKey("self", models.PROTECT, related_name="undone_by", null=True, verbose_name=_("undoes"))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["officer", "station", "district", "category", "page"]), name="proposal_kind_known"
            ),
            models.CheckConstraint(condition=Q(through__in=["page", "admin", "file"]), name="proposal_way_known"),
            models.CheckConstraint(condition=Q(city__isnull=False) | Q(kind="category"), name="proposal_is_of_a_city"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, became=None, replaced=None)
                | Q(state="approved", decided_at__isnull=False, became__isnull=False, replaced__isnull=False)
                | Q(state="declined", decided_at__isnull=False, became=None, replaced=None) & ~Q(reason="")
                | Q(state="withdrawn", decided_at__isnull=False, became=None, replaced=None),
                name="proposal_state_fits_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["city", "-at"], name="proposal_newest"),
            models.Index(fields=["city", "at"], condition=Q(state="waiting"), name="proposal_waiting"),
            models.Index(fields=["kind", "subject_pk", "-decided_at"], name="proposal_history"),
        ]
        triggers = [
            pgtrigger.Protect(name="proposal_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["approved", "declined", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.subject_name}: {self.state}"

    @property
    def is_edited(self) -> bool:
        """Whether it was approved otherwise than proposed."""
        return self.became is not None and self.became != self.proposed
