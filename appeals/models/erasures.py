"""What was erased: a tombstone stays, so that numbers and counts stay whole and a restored backup forgets again."""

import datetime
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from appeals.models.appeals import Appeal
from appeals.models.events import Event
from appeals.models.questions import AppealQuerySet
from appeals.workflow import OPEN_STATES, Move


def moves_since(moment: datetime.datetime) -> models.QuerySet[Event]:
    """Return the moves of a letter, as a subquery, from a moment on; ratings, notes and the like are no moves."""
    return Event.objects.filter(appeal=OuterRef("pk"), kind__in=[move.value for move in Move], at__gte=moment)


def over_before(moment: datetime.datetime) -> AppealQuerySet:
    """Return the letters in which the office owed nothing, and nothing was done, since before a moment."""
    quiet = Appeal.objects.filter(~Exists(moves_since(moment)), received_at__lt=moment)
    return quiet.exclude(state__in=OPEN_STATES)


class Erasure(models.Model):
    """That something of a letter was erased: what, when and why. With the bare row of the letter it is the tombstone.

    A letter that was sent on as a formal appeal after its contacts were erased has new ones, and may have them erased
    again; a letter is erased once.
    """

    class What(models.TextChoices):
        """What was erased."""

        CONTACTS = "contacts", _("name and contacts of the writer")
        LETTER = "letter", _("the letter")

    class Why(models.TextChoices):
        """On whose word."""

        RULE = "rule", _("by rule")
        WRITER = "writer", _("by the writer")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="erasures", verbose_name=_("appeal"))
    what = models.CharField(_("what"), max_length=8, choices=What)
    why = models.CharField(_("why"), max_length=6, choices=Why)
    erased_at = models.DateTimeField(_("erased at"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering: ClassVar[list[Any]] = ["erased_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal"], condition=Q(what="letter"), name="erasure_of_a_letter_once"),
            models.CheckConstraint(condition=Q(what__in=["contacts", "letter"]), name="erasure_what_known"),
            models.CheckConstraint(condition=Q(why__in=["rule", "writer"]), name="erasure_why_known"),
        ]
        triggers = [pgtrigger.Protect(name="erasure_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.what}, {self.why}, {self.erased_at:%Y-%m-%d}"
