"""The calendar and the terms as data: holidays, moved days, martial law, legal terms, each with its source.

A row without a city holds for all of Ukraine. The rules that use them are pure: `appeals.calendar` and
`appeals.deadlines`.
"""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.calendar import Calendar
from appeals.deadlines import Term, Terms, Unit
from geo.models import City
from geo.names import in_current_language
from geo.prepared import PreparedStatement, Rows

CLOCK: Final = PreparedStatement(Path(__file__).parents[1] / "sql" / "clock.sql")
"""Every letter asks it."""
PROMISE_MAX: Final = 10
"""Working days within which a city promises to answer a message, at most. Ten are about the 15 calendar days that the
law gives a formal appeal which needs no study (393/96-ВР, article 20): whoever writes informally waits no longer."""


class Holiday(models.Model):
    """A public holiday (Labour Code, article 73), or a day off of one city. In peace it is no working day."""

    city = models.ForeignKey(
        City, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("city"),
        help_text=_("Empty: all of Ukraine."),
    )  # fmt: skip
    day = models.DateField(_("day"))
    name_uk = models.CharField(_("name in Ukrainian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["day", "city"], nulls_distinct=False, name="holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"

    @property
    def name(self) -> str:
        """The name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)


class MovedDay(models.Model):
    """A day that changed its kind by decision: a weekday off, or a Saturday worked. Not under martial law."""

    class Kind(models.TextChoices):
        """What the day is now."""

        DAY_OFF = "day_off", _("day off")
        WORKING = "working", _("working day")

    city = models.ForeignKey(
        City, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("city"),
        help_text=_("Empty: all of Ukraine."),
    )  # fmt: skip
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    source = models.CharField(_("source"), max_length=200, help_text=_("The decision: who, when, number."))

    class Meta:
        verbose_name = _("moved day")
        verbose_name_plural = _("moved days")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["day", "city"], nulls_distinct=False, name="moved_day_once"),
            models.CheckConstraint(condition=Q(kind__in=["day_off", "working"]), name="moved_day_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"

    @property
    def name(self) -> str:
        """What the day is now, in the language that is active."""
        return self.get_kind_display()


class MartialLaw(models.Model):
    """A span of days under martial law; without a last day it lasts. Holidays are working days then."""

    during = DateRangeField(_("days"))
    source = models.CharField(_("source"), max_length=200, help_text=_("The decision: who, when, number."))

    class Meta:
        verbose_name = _("martial law")
        verbose_name_plural = _("martial law")
        ordering = ["during"]
        constraints = [
            ExclusionConstraint(
                name="martial_law_spans_do_not_overlap", expressions=[("during", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__startswith__isnull=False), name="martial_law_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.during}"


class LegalTerm(models.Model):
    """How long something may take, and where that is written. A city may promise its own term for messages alone."""

    class Key(models.TextChoices):
        """What the term is for: the fields of `appeals.deadlines.Terms`."""

        MESSAGE = "message", _("answer to a message")
        FORMAL = "formal", _("answer to a formal appeal that needs no study")
        STUDY = "study", _("answer to a formal appeal that needs study")
        EXTENSION = "extension", _("longest answer with a notice of extension")
        FORWARDING = "forwarding", _("forwarding to another body")
        RETURNING = "returning", _("return of a badly formed appeal")

    class In(models.TextChoices):
        """What the term is counted in."""

        WORKING_DAY = "working_day", _("working days")
        DAY = "day", _("calendar days")
        MONTH = "month", _("calendar months")

    city = models.ForeignKey(
        City, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("city"),
        help_text=_("Empty: all of Ukraine."),
    )  # fmt: skip
    key = models.CharField(_("what for"), max_length=10, choices=Key)
    number = models.PositiveSmallIntegerField(_("number"))
    unit = models.CharField(_("counted in"), max_length=11, choices=In)
    source = models.CharField(_("source"), max_length=200)
    checked_on = models.DateField(_("checked on"))

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "city"], nulls_distinct=False, name="term_once"),
            models.CheckConstraint(
                condition=Q(
                    key__in=["message", "formal", "study", "extension", "forwarding", "returning"],
                    unit__in=["working_day", "day", "month"],
                ),
                name="term_known",
            ),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=100), name="term_of_1_to_100"),
            models.CheckConstraint(
                condition=Q(city=None) | Q(key="message"),
                name="city_promises_for_messages_alone",
                violation_error_message=_("A city has a term of its own for messages alone: the others are the law's."),
            ),
            models.CheckConstraint(
                condition=Q(city=None) | Q(unit="working_day", number__lte=PROMISE_MAX),
                name="city_promises_ten_working_days_at_most",
                violation_error_message=_("A city promises an answer within ten working days at most."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.number} ({self.get_unit_display()})"


class Clock(NamedTuple):
    """What the day depends on at whose end an answer is due."""

    calendar: Calendar
    terms: Terms


def clock_of(city: City | None) -> Clock:
    """Return the calendar and the terms of a city as values: its own rows and all of Ukraine's, in one question.

    Without a city: all of Ukraine's alone. What has no row is as `Calendar` and `Terms` have it. Rows are asked each
    time, and read anew where they changed.
    """
    return clock_read(CLOCK.rows(city=city.pk if city else 0))


def clock_read(rows: Rows) -> Clock:
    """Return the clock in what CLOCK answered."""
    [found] = rows
    return Clock(_calendar(found["days"]), _terms(found["terms"] or "[]"))


@lru_cache(maxsize=100)
def _calendar(days: str) -> Calendar:
    found = {kind: listed or [] for kind, listed in json.loads(days).items()}
    spans = ((date.fromisoformat(first), last and date.fromisoformat(last)) for first, last in found["martial_law"])
    return Calendar(
        holidays=frozenset(map(date.fromisoformat, found["holidays"])),
        days_off=frozenset(map(date.fromisoformat, found["days_off"])),
        working_days=frozenset(map(date.fromisoformat, found["working_days"])),
        martial_law=tuple(sorted(spans)),
    )


@lru_cache(maxsize=100)
def _terms(terms: str) -> Terms:
    return Terms(**{key: Term(number, Unit(unit)) for key, number, unit in json.loads(terms)})
