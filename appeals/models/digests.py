"""What the log of openings was at the end of each day: a chain of signed digests that nobody can change."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class OpeningDigest(models.Model):
    """The openings of one local day, as their number and a hash chained to that of the day before; signed.

    It says nothing of any person. `appeals.services.reading_log` makes and verifies it.
    """

    day = models.DateField(_("local day"), unique=True)
    openings = models.PositiveIntegerField(_("number of openings"))
    previous = models.CharField(_("digest of the day before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    signature = models.CharField(_("signature"), max_length=64)

    class Meta:
        verbose_name = _("digest of a day's openings")
        verbose_name_plural = _("digests of openings by day")
        ordering = ["day"]
        triggers = [pgtrigger.Protect(name="opening_digest_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.day}: {self.digest}"
