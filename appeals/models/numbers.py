"""The public numbers of letters: they count up within a city and a year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.models import City


class NumberSeries(models.Model):
    """The last public number given to a letter, by city and year; the letter takes the next as it is inserted."""

    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["city", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.city_id}/{self.year}: {self.last}"
