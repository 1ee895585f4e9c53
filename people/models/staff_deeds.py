"""Who let whom in, changed roles or leaves, shut somebody out, moved the city on: written down once, never changed."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.models import City
from people.models.users import Membership, User


class StaffDeed(models.Model):
    """One deed on an account, a leave, or the city itself: append-only.

    A person it names can be disabled, and not deleted any more.
    """

    class Deed(models.TextChoices):
        """What was done."""

        INVITED = "invited", _("invited")
        WITHDRAWN = "withdrawn", _("withdrew the invitation of")
        JOINED = "joined", _("joined")
        ROLES = "roles", _("changed the roles of")
        PASSWORD = "password", _("made a link to a new password for")
        RESET = "reset", _("reset the second factor of")
        DISABLED = "disabled", _("disabled")
        ENABLED = "enabled", _("enabled")
        LEAVE = "leave", _("changed the leave of")
        ADDED = "added", _("added the city")
        STAGE = "stage", _("moved the city to another stage")
        SETTINGS = "settings", _("changed the settings of the city")
        REVIEWED = "reviewed", _("read the texts of the city")
        TRAINING = "training", _("made or renewed the training copy of the city")
        PAGE = "page", _("published a page")
        CHECKED = "checked", _("checked a phone")
        LINE = "line", _("changed a help line")
        DAY = "day", _("changed a day off")

    city = models.ForeignKey(City, models.PROTECT, related_name="staff_deeds", null=True, verbose_name=_("city"))
    deed = models.CharField(_("deed"), max_length=9, choices=Deed)
    by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("by"), help_text=_("Empty: a command.")
    )
    whom = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("whom"))
    whom_email = models.EmailField(_("e-mail"), blank=True, help_text=_("Empty: the deed is on the city itself."))
    roles_before = ArrayField(models.CharField(max_length=12, choices=Membership.Role), default=list)
    roles_after = ArrayField(models.CharField(max_length=12, choices=Membership.Role), default=list)
    facts = models.JSONField(
        default=dict,
        help_text=_(
            "Of a deed on the city: `before` and `after`, a stage or the fields that changed. Of a leave: its officer, "
            "and how it stood before and after. Of a page: which one, and the number of its version. Of a phone: "
            "whose. Of a day off: which list, and how it stood before and after."
        ),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("deed on an account")
        verbose_name_plural = _("deeds on accounts")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["city", "-at"], name="staff_deed_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    deed__in=[
                        "invited",
                        "withdrawn",
                        "joined",
                        "roles",
                        "password",
                        "reset",
                        "disabled",
                        "enabled",
                        "leave",
                        "added",
                        "stage",
                        "settings",
                        "reviewed",
                        "training",
                        "page",
                        "checked",
                        "line",
                        "day",
                    ]
                ),
                name="staff_deed_known",
            ),
        ]
        triggers = [pgtrigger.Protect(name="staff_deed_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.deed} {self.whom_email}"
