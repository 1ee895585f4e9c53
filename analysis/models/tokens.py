"""Tokens: what a script shows in place of a sign-in. Of each only a keyed hash is kept."""

import datetime
import secrets
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from geo.models import City
from people.models import Membership, User

LASTS_AT_MOST = datetime.timedelta(days=365)
PREFIX = "dil_"
"""So that whoever finds one, a person or a program that looks for leaked secrets, knows what it is."""
HOLDERS = (Membership.Role.ANALYST, Membership.Role.SUPERVISOR)
"""Roles that may have tokens."""


def new_token() -> str:
    """Draw a token: 256 bits."""
    return PREFIX + secrets.token_urlsafe(32)


def token_hash(text: str) -> str:
    """Return what is kept of a token."""
    return salted_hmac("analysis.token", text, algorithm="sha256").hexdigest()


class TokenQuerySet(models.QuerySet["Token"]):
    """Questions about tokens."""

    def alive_at(self, moment: datetime.datetime) -> Self:
        """Those that open something: neither too old nor revoked, their owner neither disabled nor signed out since.

        What their owner may read today is asked for each call (`analysis.asking`).
        """
        return self.filter(
            revoked_at=None,
            expires_at__gt=moment,
            owner__is_active=True,
            owner__is_superuser=False,
            owner__sign_outs=F("sign_outs"),
        )

    def kept_at(self, moment: datetime.datetime) -> Self:
        """Those that a page of tokens shows: neither revoked nor too old."""
        return self.filter(revoked_at=None, expires_at__gt=moment)


class Token(models.Model):
    """One script may read some kinds of numbers of one city, as its owner may, until a moment."""

    class Kind(models.TextChoices):
        """What it opens."""

        RELEASES = "releases", _("released numbers and districts")
        LIVE = "live", _("live counts")

    city = models.ForeignKey(City, models.PROTECT, related_name="tokens", verbose_name=_("city"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60)
    kinds = ArrayField(models.CharField(max_length=8, choices=Kind), verbose_name=_("opens"))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    sign_outs = models.PositiveIntegerField(_("sign-outs of the owner when it was made"))
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("revoked by")
    )
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["city", "owner", "-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kinds__contained_by=["releases", "live"]) & Q(kinds__len__gt=0), name="token_kinds_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")) & Q(expires_at__lte=F("made_at") + LASTS_AT_MOST),
                name="token_lasts_a_year_at_most",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.owner})"

    @property
    def kind_words(self) -> list[str]:
        """What it opens, in words."""
        return [str(self.Kind(kind).label) for kind in self.kinds]
