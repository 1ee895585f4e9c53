"""The district: what one district officer serves. Its code and name outlive every edition of its boundary."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geo.labels import CODE, CODE_LENGTH, NAME_LENGTH
from geo.models.cities import City
from geo.names import in_current_language


class DistrictQuerySet(models.QuerySet["District"]):
    """Questions about districts."""

    def in_force_at(self, moment: datetime.datetime, *, city: Any = None) -> Self:
        """Districts with a polygon in the edition in force, or named by the list of streets in force.

        Of one city no other's editions and lists are read.
        """
        every = District.objects.order_by()
        drawn = Q(boundaries__edition__periods__period__contains=moment)
        listed = Q(territory_rules__territory_list__period__contains=moment)
        if city is not None:
            drawn &= Q(boundaries__edition__city=city)
            listed &= Q(territory_rules__territory_list__city=city)
        in_force = self.filter(Q(pk__in=every.filter(drawn).values("pk")) | Q(pk__in=every.filter(listed).values("pk")))
        return in_force if city is None else in_force.filter(city=city)

    def bordering(self, key: int, *, at: datetime.datetime) -> Self:
        """Districts whose polygons meet that of one, by its key, in a line or a corner, in the edition in force."""
        every, in_force = District.objects.order_by(), Q(boundaries__edition__periods__period__contains=at)
        own = every.filter(in_force, pk=key).values("boundaries__boundary")
        meeting = every.filter(in_force, boundaries__boundary__intersects=Subquery(own))
        return self.filter(pk__in=meeting.values("pk")).exclude(pk=key)


class District(models.Model):
    """A police district (поліцейська дільниця) of a city."""

    MAX_RESIDENTS_URBAN = 7_000
    MAX_RESIDENTS_RURAL = 6_000
    """At most so many residents: MIA order 650 of 28.07.2017, edition of 03.06.2022."""

    city = models.ForeignKey(City, models.PROTECT, related_name="districts", verbose_name=_("city"))
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=NAME_LENGTH)
    name_en = models.CharField(_("name in English"), max_length=NAME_LENGTH, blank=True)
    rural = models.BooleanField(_("villages"), default=False, help_text=_("Villages: at most 6,000 residents."))

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("field", "district")
        verbose_name_plural = _("districts")
        ordering = ["city", "code"]
        constraints = [
            models.UniqueConstraint(fields=["city", "code"], name="district_code_once_in_city"),
            models.CheckConstraint(
                condition=Q(code__regex=f"^(?:{CODE})$"),
                name="district_code_usable",
                violation_error_message=_(
                    "The code stands in the address of the district's page: no ; , ? # \\ in it, a / only before a "
                    "digit, and no word that the city's own pages have: about, help, how-it-works, lookup, mistake, "
                    "privacy, questions, rights, streets, write."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)

    @property
    def max_residents(self) -> int:
        """The most residents that one officer may serve here."""
        return self.MAX_RESIDENTS_RURAL if self.rural else self.MAX_RESIDENTS_URBAN
