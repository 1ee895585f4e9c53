"""The public numbers of letters: they count up within a city and a year."""

from pathlib import Path
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.models import City
from geo.prepared import PreparedStatement

NEXT: Final = PreparedStatement(Path(__file__).parents[1] / "sql" / "next_number.sql")


class NumberSeriesManager(models.Manager["NumberSeries"]):
    """Gives out numbers."""

    def next(self, *, city: City, year: int) -> int:
        """Return the next number of a city and year, from 1, without gaps; locks the series until the commit."""
        [row] = NEXT.rows(city=city.pk, year=year)
        return int(row["last"])


class NumberSeries(models.Model):
    """The last public number given to a letter, by city and year."""

    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    objects = NumberSeriesManager()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["city", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.city_id}/{self.year}: {self.last}"
