"""Live cells: how many accepted letters, by city, district, cell, category and day. Never a name, a text or a point."""

import datetime
from collections.abc import Iterable
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Func, Q, Sum, Value
from django.utils.translation import gettext_lazy as _

from analysis.cells import ZOOM, Range
from appeals.models import Category, districts_open_to
from geo.models import City, District
from people.models import User


class CellCountQuerySet(models.QuerySet["CellCount"]):
    """Questions about live cells. Every list starts from `visible_to`."""

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Self:
        """Cells for those who may read the letters anyway: an officer's districts, a supervisor's city."""
        return self.filter(districts_open_to(user, on=on))

    def during(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Letters received from one local day to another, both included; None leaves a side open."""
        found = self.filter(day__gte=first) if first else self
        return found.filter(day__lte=last) if last else found

    def about(self, categories: Iterable[str]) -> Self:
        """Letters in some categories, by key; none given means all."""
        slugs = list(categories)
        return self.filter(category__slug__in=slugs) if slugs else self

    def in_ranges(self, ranges: Iterable[Range]) -> Self:
        """Cells of zoom 18 in any of the ranges."""
        inside = Q(pk__in=[])
        for span in ranges:
            inside |= Q(cell__range=(span.first, span.last))
        return self.filter(inside)

    def summed(self, zoom: int = ZOOM) -> models.QuerySet[Any, Any]:
        """Rows {"area": cell at `zoom`, "letters": count}, most letters first, then along the Z-order."""
        coarser = Func(F("cell"), Value(2 * (ZOOM - zoom)), template="(%(expressions)s)", arg_joiner=" >> ")
        coarser.output_field = models.BigIntegerField()
        return self.values(area=coarser).annotate(letters=Sum("n")).order_by("-letters", "area")

    def by_district(self) -> models.QuerySet[Any, Any]:
        """Rows {"district__code", "district__name_uk", "district__name_en", "letters"}, most letters first."""
        names = self.values("district__code", "district__name_uk", "district__name_en")
        return names.annotate(letters=Sum("n")).order_by("-letters", "district__code")


class CellCount(models.Model):
    """`n` accepted letters received on one local day in one cell (Z-order number at zoom 18).

    Kept by a trigger on the letters (migration 0002); the application only reads it. `rebuild_cells --check` compares.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.CASCADE, related_name="+")
    cell = models.BigIntegerField(_("cell"))
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    n = models.PositiveIntegerField(_("letters"))

    objects = CellCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("cell")
        verbose_name_plural = _("cells")
        constraints = [
            models.UniqueConstraint(fields=["city", "cell", "category", "day", "district"], name="cell_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.cell} {self.day}: {self.n}"
