"""The gazetteer: streets and houses a city knows."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from geo.models.cities import City
from geo.names import in_current_language


class Street(models.Model):
    """A street of a city; `line` is its centre line in EPSG:4326, where it is known."""

    city = models.ForeignKey(City, models.PROTECT, related_name="streets", verbose_name=_("city"))
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    is_main = models.BooleanField(_("main street"), default=False, help_text=_("Drawn wider, named earlier."))
    line = models.MultiLineStringField(_("centre line"), srid=4326, null=True, blank=True)

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        ordering = ["city", "name_uk"]
        constraints = [models.UniqueConstraint(fields=["city", "name_uk"], name="street_once_in_city")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)


class House(models.Model):
    """A numbered house on a street, as a point in EPSG:4326."""

    street = models.ForeignKey(Street, models.CASCADE, related_name="houses", verbose_name=_("street"))
    number = models.CharField(_("number"), max_length=30)
    location = models.PointField(_("location"), srid=4326)

    class Meta:
        verbose_name = _("house")
        verbose_name_plural = _("houses")
        ordering = ["street", "number"]
        constraints = [models.UniqueConstraint(fields=["street", "number"], name="house_once_on_street")]

    def __str__(self) -> str:
        return f"{self.street}, {self.number}"
