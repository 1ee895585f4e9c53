"""Waters, greens and railways: what makes a map without a basemap look like the city."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from geo.models.cities import City


class Landmark(models.Model):
    """A shape (EPSG:4326) that the map draws under the districts."""

    class Kind(models.TextChoices):
        """What the shape is, which decides how it is drawn."""

        WATER = "water", _("water")
        GREEN = "green", _("green")
        RAILWAY = "railway", _("railway")

    city = models.ForeignKey(City, models.CASCADE, related_name="landmarks", verbose_name=_("city"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160, blank=True)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    shape = models.GeometryField(_("shape"), srid=4326)

    class Meta:
        verbose_name = _("landmark")
        verbose_name_plural = _("landmarks")
        ordering = ["city", "kind", "name_uk"]

    def __str__(self) -> str:
        return self.name_uk or self.get_kind_display()
