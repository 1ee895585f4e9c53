"""Releases: counts of a period that has ended, masked where they are small, frozen and never issued again."""

import datetime
from collections.abc import Iterable
from typing import Any, Self

import pgtrigger
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Sum, Value
from django.utils.translation import gettext_lazy as _

from analysis.models.areas import STAYS, AreaPlan, ReleaseArea
from analysis.periods import Period, Span
from geo.models import City, District


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Questions about releases."""

    def whole_within(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Releases whose whole period lies between two local days, both included; None leaves a side open."""
        found = self.filter(first__gte=first) if first else self
        return found.filter(last__lte=last) if last else found


class Release(models.Model):
    """A period of a city that was closed: what it counts, over which areas, and how small counts are told.

    `categories` are the keys it counts: one of them without a figure had no letter there. No exact small count rests
    in its figures: they hold what is told.
    """

    class Kind(models.TextChoices):
        """What is counted, and how finely."""

        ORDINARY = "ordinary", _("ordinary topics by month: areas, and hours of the week by district")
        PROTECTED = "protected", _("sensitive topics by quarter: areas")
        PARTS = "parts", _("sensitive topics by year: parts of the day, whole city")

        @property
        def span(self) -> Span:
            """How long its periods are."""
            return {"ordinary": Span.MONTH, "protected": Span.QUARTER, "parts": Span.YEAR}[self.value]

    city = models.ForeignKey(City, models.PROTECT, related_name="releases", verbose_name=_("city"))
    kind = models.CharField(_("what"), max_length=9, choices=Kind)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    plan = models.ForeignKey(
        AreaPlan, models.PROTECT, related_name="releases", null=True, blank=True, verbose_name=_("plan of areas")
    )
    categories = models.JSONField(_("topics"))
    small = models.PositiveSmallIntegerField(_("counts up to this are told as from 1 to this"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["city", "kind", "first"]
        constraints = [
            models.UniqueConstraint(fields=["city", "kind", "first"], name="period_released_once"),
            ExclusionConstraint(
                name="periods_released_apart",
                expressions=[
                    ("city", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func(F("first"), F("last"), Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(condition=Q(kind__in=["ordinary", "protected", "parts"]), name="release_kind_known"),
            models.CheckConstraint(condition=Q(first__lt=F("last")), name="release_has_days"),
        ]
        triggers = [
            pgtrigger.Protect(name="release_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="release_closes_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="IF OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL "
                "AND to_jsonb(OLD) - 'closed_at' = to_jsonb(NEW) - 'closed_at' THEN RETURN NEW; END IF; "
                "RAISE restrict_violation USING MESSAGE = 'a release is never changed';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city.slug} {self.kind} {self.period}"

    @property
    def period(self) -> Period:
        """Its month, quarter or year."""
        return Period(self.first, Release.Kind(self.kind).span)


class FigureQuerySet(models.QuerySet[Any]):
    """Questions that figures of every kind answer."""

    def of(self, releases: Iterable[int]) -> Self:
        """Figures of some releases, by key."""
        return self.filter(release__in=releases)

    def about(self, categories: Iterable[str]) -> Self:
        """Figures of some categories, by key; none given means all."""
        slugs = list(categories)
        return self.filter(category__in=slugs) if slugs else self

    def told(self, *by: str) -> models.QuerySet[Any, Any]:
        """Rows of the given fields with `least` and `most`: sums of what was released, and of nothing else."""
        rows = self.order_by().values(*by).annotate(least=Sum("at_least"), most=Sum("at_most"))
        told: models.QuerySet[Any, Any] = rows.order_by(*by)
        return told


class AreaFigureQuerySet(FigureQuerySet):
    """Questions about figures by area."""

    def touching(self, west: float, south: float, east: float, north: float) -> Self:
        """Figures of the whole areas that touch a box in degrees."""
        return self.filter(area__shape__bboverlaps=Polygon.from_bbox((west, south, east, north)))


def _frozen(name: str) -> list[pgtrigger.Trigger]:
    """Figures are added while their release is open, and stay as they are."""
    return [
        pgtrigger.Protect(name=f"{name}_stays", operation=STAYS),
        pgtrigger.Trigger(
            name=f"{name}_before_closing",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
            func="IF EXISTS (SELECT FROM added JOIN analysis_release AS r ON r.id = added.release_id "
            "WHERE r.closed_at IS NOT NULL) THEN "
            "RAISE restrict_violation USING MESSAGE = 'a release that is closed takes no figures'; END IF; "
            "RETURN NULL;",
        ),
    ]


class Figure(models.Model):
    """How many letters of one category: between `at_least` and `at_most`, equal where the count is not small."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(_("topic"), max_length=40)
    at_least = models.PositiveIntegerField(_("at least"))
    at_most = models.PositiveIntegerField(_("at most"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        letters = f"{self.at_least}–{self.at_most}" if self.at_least < self.at_most else self.at_least
        return f"{self.category}: {letters}"


class AreaFigure(Figure):
    """Letters of a category in one release area, in the release's period."""

    area = models.ForeignKey(ReleaseArea, models.PROTECT, related_name="+")

    objects = AreaFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of an area")
        verbose_name_plural = _("figures of areas")
        constraints = [models.UniqueConstraint(fields=["release", "area", "category"], name="area_figure_once")]
        triggers = _frozen("area_figure")


class HourFigure(Figure):
    """Letters of an ordinary category in one hour of the week (0: Monday from midnight), in one district and month."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    hour = models.PositiveSmallIntegerField(_("hour of the week"))

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of an hour")
        verbose_name_plural = _("figures of hours")
        constraints = [
            models.UniqueConstraint(fields=["release", "district", "category", "hour"], name="hour_figure_once")
        ]
        triggers = _frozen("hour_figure")


class PartFigure(Figure):
    """Letters of a protected category in one part of the day, in the whole city and year."""

    class Part(models.IntegerChoices):
        """Six hours each, local time."""

        NIGHT = 0, _("night, 0–6")
        MORNING = 1, _("morning, 6–12")
        AFTERNOON = 2, _("afternoon, 12–18")
        EVENING = 3, _("evening, 18–24")

    part = models.PositiveSmallIntegerField(_("part of the day"), choices=Part)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of a part of the day")
        verbose_name_plural = _("figures of parts of the day")
        constraints = [
            models.UniqueConstraint(fields=["release", "category", "part"], name="part_figure_once"),
            models.CheckConstraint(condition=Q(part__lte=3), name="part_of_the_day_known"),
        ]
        triggers = _frozen("part_figure")
