"""Ways in for one person: a link that works once, of which only a keyed hash is kept."""

import datetime
import secrets
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from geo.models import City
from people.models.officers import Officer
from people.models.users import Membership, User

INVITATION_LASTS = datetime.timedelta(hours=72)


def new_invitation_key() -> str:
    """Draw what an invitation's link holds: 256 bits."""
    return secrets.token_urlsafe(32)


def invitation_key_hash(key: str) -> str:
    """Return what is kept of a link's key."""
    return salted_hmac("people.invitation", key, algorithm="sha256").hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def open_at(self, moment: datetime.datetime) -> Self:
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=moment)


class Invitation(models.Model):
    """One person is asked to join the staff of a city, in some roles, until a moment.

    With `whom` it asks nobody to join: a member who forgot the password chooses a new one.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="invitations", verbose_name=_("city"))
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150)
    roles = ArrayField(models.CharField(max_length=12, choices=Membership.Role), verbose_name=_("roles"))
    officer = models.ForeignKey(
        Officer, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("officer")
    )
    whom = models.ForeignKey(
        User, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("whose password")
    )
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("invited by"))
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["city", "-invited_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(roles__contained_by=Membership.Role.values) & (Q(roles__len__gt=0) ^ Q(whom__isnull=False)),
                name="invitation_roles_or_password",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_later"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_accepted_or_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.city}"
