"""Phones to call when no officer is the answer."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.models import City
from geo.names import in_current_language


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    """Questions about help lines."""

    def shown_in(self, city: City | None) -> Self:
        """Those that a city shows: the whole site's, and its own; without a city the whole site's alone."""
        return self.filter(Q(city=None) | Q(city=city.copy_of_id or city.pk) if city else Q(city=None))


class HelpLine(models.Model):
    """A phone to call when no officer is the answer: police, emergency, hotlines, with the day it was checked.

    It is a city's own, or (`city` None) shown on the whole site.
    """

    class Purpose(models.TextChoices):
        """What the line is for; `emergency` lines are named wherever a place is not served."""

        EMERGENCY = "emergency", _("emergency")
        VIOLENCE = "violence", _("domestic violence")
        GOVERNMENT = "government", _("government")

    city = models.ForeignKey(
        City, models.CASCADE, related_name="help_lines", null=True, blank=True, verbose_name=_("city"),
        help_text=_("Empty: the whole site."),
    )  # fmt: skip
    phone = models.CharField(_("phone"), max_length=20)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    checked_on = models.DateField(_("checked on"))

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("help line")
        verbose_name_plural = _("help lines")
        ordering = ["position", "phone"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "phone"],
                nulls_distinct=False,
                name="help_line_once",
                violation_error_message=_("This phone is among the help lines already."),
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["emergency", "violence", "government"]), name="help_line_purpose_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phone} {self.name}"

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)
