"""The public numbers of letters: they count up within a city and a year."""

from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from geo.models import City


class NumberSeriesManager(models.Manager["NumberSeries"]):
    """Gives out numbers."""

    def next(self, *, city: City, year: int) -> int:
        """Return the next number of a city and year, from 1, without gaps; locks the series until the commit."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "INSERT INTO appeals_numberseries (city_id, year, last) VALUES (%s, %s, 1)"
                " ON CONFLICT (city_id, year) DO UPDATE SET last = appeals_numberseries.last + 1 RETURNING last",
                [city.pk, year],
            )
            return int(cursor.fetchone()[0])


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
