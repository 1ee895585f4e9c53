"""Outside bodies: where a writer turns, or a letter is forwarded, when the district police cannot answer."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.models import City
from geo.names import in_current_language


class BodyQuerySet(models.QuerySet["Body"]):
    """Questions about outside bodies."""

    def of(self, city: City) -> Self:
        """Those that a city names itself, and those of the whole country."""
        return self.filter(Q(city=city) | Q(city__isnull=True))

    def above_the_police(self) -> Self:
        """Those that take complaints about the police."""
        return self.filter(purpose=Body.Purpose.ABOVE)


class Body(models.Model):
    """A body outside the district police: the city council, a prosecutor's office, the Ombudsman."""

    class Purpose(models.TextChoices):
        """What it is turned to for."""

        ABOVE = "above", _("complaints about the police")
        MUNICIPAL = "municipal", _("municipal matters")
        OTHER = "other", _("other matters")

    city = models.ForeignKey(City, models.CASCADE, related_name="bodies", null=True, blank=True, verbose_name=_("city"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    contact_uk = models.CharField(_("how to reach it, in Ukrainian"), max_length=300)
    contact_en = models.CharField(_("how to reach it, in English"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    checked_on = models.DateField(_("checked on"))

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside body")
        verbose_name_plural = _("outside bodies")
        ordering = ["position", "name_uk"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=["above", "municipal", "other"]), name="body_purpose_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)

    @property
    def contact(self) -> str:
        """How to reach it, in the language that is active."""
        return in_current_language(self.contact_uk, self.contact_en)
