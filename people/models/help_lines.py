"""Phones to call when no officer is the answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.names import in_current_language


class HelpLine(models.Model):
    """A phone to call when no officer is the answer: police, emergency, hotlines, with the day it was checked."""

    class Purpose(models.TextChoices):
        """What the line is for; `emergency` lines are named wherever a place is not served."""

        EMERGENCY = "emergency", _("emergency")
        VIOLENCE = "violence", _("domestic violence")
        GOVERNMENT = "government", _("government")

    phone = models.CharField(_("phone"), max_length=20, unique=True)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    checked_on = models.DateField(_("checked on"))

    class Meta:
        verbose_name = _("help line")
        verbose_name_plural = _("help lines")
        ordering = ["position", "phone"]

    def __str__(self) -> str:
        return f"{self.phone} {self.name}"

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)
