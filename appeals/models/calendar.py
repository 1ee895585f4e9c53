"""The calendar and the terms as data: holidays, moved days, martial law, legal terms, each with its source.

A row without a city holds for all of Ukraine. The rules that use them are pure: `appeals.calendar` and
`appeals.deadlines`.
"""

from collections import defaultdict
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.calendar import Calendar
from appeals.deadlines import Term, Terms, Unit
from geo.models import City
from geo.names import in_current_language


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
        return f"{self.day}: {self.get_kind_display()}"


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
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.number} ({self.get_unit_display()})"


def calendar_of(city: City) -> Calendar:
    """Return the calendar of a city as a value: its own days and all of Ukraine's, in one query.

    Plain SQL, because every letter asks: the same union through the ORM takes six times as long.
    """
    found: defaultdict[str, set[tuple[date, date | None]]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'martial_law', lower(during), upper(during) - 1 FROM appeals_martiallaw"
            " UNION ALL SELECT 'holiday', day, NULL FROM appeals_holiday WHERE city_id = %(city)s OR city_id IS NULL"
            " UNION ALL SELECT kind, day, NULL FROM appeals_movedday WHERE city_id = %(city)s OR city_id IS NULL",
            {"city": city.pk},
        )
        for kind, first, last in cursor.fetchall():
            found[kind].add((first, last))
    return Calendar(
        holidays=frozenset(day for day, _last in found["holiday"]),
        days_off=frozenset(day for day, _last in found[MovedDay.Kind.DAY_OFF]),
        working_days=frozenset(day for day, _last in found[MovedDay.Kind.WORKING]),
        martial_law=tuple(sorted(found["martial_law"])),
    )


def terms_of(city: City) -> Terms:
    """Return the terms that hold in a city as a value, in one query; what has no row is as `Terms` has it."""
    with connection.cursor() as cursor:  # plain, as above
        cursor.execute(
            "SELECT key, number, unit FROM appeals_legalterm WHERE city_id = %s OR city_id IS NULL"
            " ORDER BY city_id NULLS FIRST",  # the city's own comes last and wins
            [city.pk],
        )
        return Terms(**{key: Term(number, Unit(unit)) for key, number, unit in cursor.fetchall()})
