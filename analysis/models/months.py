"""Live counts of whole months that know their days: a long period of a wide view reads few rows."""

import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from analysis.models.live import LEVELS, LevelQuerySet, month_of, months_between
from appeals.models import Category
from geo.models import City, District

MONTH_LEVELS = LEVELS[:-1]
"""Zooms of the cells that are counted by month. In the finest ones letters are too few for a month to sum any."""
DAYS = 31


class MonthCountQuerySet(LevelQuerySet):
    """Questions about some days in cells that are not the finest; `during` says which days, and comes first."""

    counted = "within"

    def during(self, first: datetime.date, last: datetime.date) -> Self:
        """Letters received from one local day to another, both included: those until the last without those before."""
        within: Any = Case(When(month=month_of(last), then=_until(last.day)), default=_until(DAYS))
        if first.day > 1:
            within -= Case(When(month=month_of(first), then=_until(first.day - 1)), default=Value(0))
        return self.filter(month__in=months_between(first, last)).annotate(within=within)

    def by_cell(self, zoom: int, *, of: int) -> models.QuerySet[Any, Any]:
        """As `CountQuerySet.by_cell`: a month may have letters, and none of them within the days."""
        return super().by_cell(zoom, of=of).filter(letters__gt=0)


def _until(day: int) -> F:
    return F(f"until__{day - 1}")  # Django counts from 0


class MonthCount(models.Model):
    """`n` accepted letters received within one month in one cell (Z-order number at `zoom`, one of `MONTH_LEVELS`).

    `until` holds, for each day of the month from 1 to 31, the letters until then, the day included: any part of the
    month is a difference of two. What CellCount holds with a cell, summed; `month` is numbered as there.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.CASCADE, related_name="+")
    month = models.IntegerField(_("month"))
    zoom = models.PositiveSmallIntegerField(_("size of the cell"))
    cell = models.BigIntegerField(_("cell"))
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    kept = models.BooleanField(_("kept from an officer"), default=False)
    until = ArrayField(models.IntegerField(), size=DAYS, verbose_name=_("letters until each day"))
    n = models.IntegerField(_("letters"))

    objects = MonthCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count by month")
        verbose_name_plural = _("counts by month")
        # A view is read from this index alone: months and topics by name, a range of cells.
        constraints = [
            models.UniqueConstraint(
                fields=["city", "month", "zoom", "category", "cell", "district", "kept"],
                include=["until"],
                name="month_counted_once",
            ),
            models.CheckConstraint(
                condition=Q(until__len=DAYS, n=_until(DAYS)), name="month_count_is_that_until_its_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.zoom}/{self.cell}: {self.n}"
