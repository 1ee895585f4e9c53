"""The outlines that a city has had: which one stands, who set it and where it comes from."""

import pgtrigger
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from geo.models.cities import City


class CityOutline(models.Model):
    """The outline of a city from a moment on, EPSG:4326; without one the city has none from then on. Append-only.

    `City.outline` is the newest one: pages read that.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="outlines", verbose_name=_("city"))
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts up within the city."))
    outline = models.MultiPolygonField(_("outline"), srid=4326, null=True, spatial_index=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.CharField(_("recorded by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("outline of a city")
        verbose_name_plural = _("outlines of cities")
        ordering = ["city", "-number"]
        constraints = [models.UniqueConstraint(fields=["city", "number"], name="outline_number_once_in_city")]
        triggers = [pgtrigger.Protect(name="outline_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.city.slug} {self.number}"
