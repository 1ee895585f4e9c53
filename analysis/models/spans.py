"""Live counts of whole months and of single days in large squares: a long period of a wide view reads few rows."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from analysis.models.live import LEVELS, CountQuerySet
from appeals.models import Category
from geo.models import City, District

COARSE = LEVELS[0]
"""Zoom of the squares that spans are counted in."""
DAY = datetime.timedelta(days=1)


def spans_between(first: datetime.date, last: datetime.date) -> list[int]:
    """Return the spans that hold each local day from one to another once: whole months, and days at the edges.

    Numbered as `SpanCount.span`: a month 202611, a day 20261127.
    """
    spans, day = [], first
    while day <= last:
        following = (day.replace(day=28) + 4 * DAY).replace(day=1)
        if day.day == 1 and following - DAY <= last:
            spans.append(day.year * 100 + day.month)
            day = following
        else:
            spans.append((day.year * 100 + day.month) * 100 + day.day)
            day += DAY
    return spans


class SpanCountQuerySet(CountQuerySet):
    """Questions about some days in large squares."""

    def during(self, first: datetime.date, last: datetime.date) -> Self:
        """Letters received from one local day to another, both included, each counted once."""
        return self.filter(span__in=spans_between(first, last))


class SpanCount(models.Model):
    """`n` accepted letters received within one span in one cell (Z-order number at zoom `COARSE`).

    Each letter with a place is in two spans, its local day and its month: what CellCount holds with a cell, summed.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.CASCADE, related_name="+")
    span = models.IntegerField(_("day or month"))
    cell = models.BigIntegerField(_("cell"))
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    kept = models.BooleanField(_("kept from an officer"), default=False)
    n = models.IntegerField(_("letters"))

    objects = SpanCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("span")
        verbose_name_plural = _("spans")
        # A view is read from this index alone: spans by name, topics by name, a range of cells.
        constraints = [
            models.UniqueConstraint(
                fields=["city", "span", "category", "cell", "district", "kept"], include=["n"], name="span_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.cell}: {self.n}"
