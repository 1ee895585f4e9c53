"""Closing a period: its counts are masked, frozen and released. What is counted then is never issued again.

A release states three kinds of tables, and no two of them share a total that either could be taken apart by: areas hold
letters with a place, however they came; hours hold letters that came by themselves, with or without a place
(docs/adr/0016). Letters that are kept from anybody are in none.
"""

import datetime
from collections import Counter

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from analysis.drawing import plan_for
from analysis.masking import Masked
from analysis.models import AreaCell, AreaFigure, AreaPlan, CellCount, Release, Sensitivity, months_between
from analysis.periods import Period, periods_due
from appeals.models import Category
from appeals.services.places import sealed_places
from geo.cells import cell_of
from geo.models import City
from geo.moments import end_of_local_day, local_day

Kind = Release.Kind

AREAS = """
    INSERT INTO analysis_areafigure (release_id, area_id, category, at_least, at_most)
    SELECT %(release)s, place.area_id, category.slug,
        CASE WHEN sum(n) <= %(small)s THEN 1 ELSE sum(n) END, greatest(sum(n), %(small)s)
    FROM analysis_cellcount AS kept
    JOIN analysis_areacell AS place
        ON place.plan_id = %(plan)s AND place.district_id = kept.district_id AND place.cell = kept.cell
    JOIN appeals_category AS category ON category.id = kept.category_id
    WHERE kept.city_id = %(city)s AND NOT kept.kept AND NOT category.protected
        AND kept.day BETWEEN %(first)s AND %(last)s AND kept.month = ANY (%(months)s)
    GROUP BY place.area_id, category.slug
"""
HOURS = """
    INSERT INTO analysis_hourfigure (release_id, district_id, category, hour, at_least, at_most)
    SELECT %(release)s, kept.district_id, category.slug, kept.hour,
        CASE WHEN sum(n) <= %(small)s THEN 1 ELSE sum(n) END, greatest(sum(n), %(small)s)
    FROM analysis_hourcount AS kept JOIN appeals_category AS category ON category.id = kept.category_id
    WHERE kept.city_id = %(city)s AND NOT kept.kept AND NOT category.protected
        AND kept.month BETWEEN %(first)s AND %(last)s
    GROUP BY kept.district_id, category.slug, kept.hour
"""
PARTS = """
    INSERT INTO analysis_partfigure (release_id, category, part, at_least, at_most)
    SELECT %(release)s, category.slug, kept.hour %% 24 / 6,
        CASE WHEN sum(n) <= %(small)s THEN 1 ELSE sum(n) END, greatest(sum(n), %(small)s)
    FROM analysis_hourcount AS kept JOIN appeals_category AS category ON category.id = kept.category_id
    WHERE kept.city_id = %(city)s AND NOT kept.kept AND category.protected
        AND kept.month BETWEEN %(first)s AND %(last)s
    GROUP BY category.slug, kept.hour %% 24 / 6
"""


class CannotClose(Exception):
    """A period that is not released now; the message says why."""


class OnlyTraining(CannotClose):
    """A training copy has no statistics: its letters are made up."""


class NotDueYet(CannotClose):
    """The period, or the time in which its letters may still be accepted, is not over."""


class ReleasedBefore(CannotClose):
    """The period was released; it is never issued again."""


class WrongSpan(CannotClose):
    """Releases of that kind have periods of another length."""


def close_due(*, now: datetime.datetime, city: City | None = None) -> list[Release]:
    """Release every period that is due, of one city or of all, and return what was released now."""
    cities = [city] if city else list(City.objects.filter(copy_of=None).order_by("slug"))
    return [
        close_period(city=each, kind=kind, period=period, now=now)
        for each in cities
        for kind in Kind
        for period in _waiting(each, kind, local_day(now))
    ]


@transaction.atomic
def close_period(*, city: City, kind: Release.Kind, period: Period, now: datetime.datetime) -> Release:
    """Count a period of a city and freeze it. Raises OnlyTraining, NotDueYet, ReleasedBefore, WrongSpan."""
    if city.is_copy:
        raise OnlyTraining(_("A training copy has no statistics."))
    if period.span is not kind.span:
        raise WrongSpan(_("%(period)s is not a period of this kind of release.") % {"period": period})
    due_on = period.due_on(delay=settings.RELEASE_DELAY_MONTHS)
    if local_day(now) < due_on:
        raise NotDueYet(
            _("%(period)s is released on %(day)s, not before.") % {"period": period, "day": due_on.isoformat()}
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('analysis.close_period'))")
    if Release.objects.filter(city=city, kind=kind, first=period.first).exists():
        raise ReleasedBefore(_("%(period)s was released before and is never issued again.") % {"period": period})
    categories = Category.objects.filter(protected=kind != Kind.ORDINARY).order_by("slug")
    release = Release.objects.create(
        city=city,
        kind=kind,
        first=period.first,
        last=period.last,
        plan=None if kind == Kind.PARTS else _plan(city, kind, period, now),
        categories=list(categories.values_list("slug", flat=True)),
        small=settings.RELEASE_SMALL_COUNT,
    )
    if kind == Kind.PROTECTED:
        _count_sealed(release)
    else:
        _count_live(release, [PARTS] if kind == Kind.PARTS else [AREAS, HOURS])
    release.closed_at = now
    release.save(update_fields=["closed_at"])
    return release


def _waiting(city: City, kind: Release.Kind, today: datetime.date) -> list[Period]:
    counts = CellCount.objects.filter(city=city, kept=False, category__protected=kind != Kind.ORDINARY)
    since: datetime.date | None = counts.aggregate(since=Min("day"))["since"]
    if since is None:
        return []
    released = set(Release.objects.filter(city=city, kind=kind).values_list("first", flat=True))
    due = periods_due(kind.span, since=since, today=today, delay=settings.RELEASE_DELAY_MONTHS)
    return [period for period in due if period.first not in released]


def _plan(city: City, kind: Release.Kind, period: Period, now: datetime.datetime) -> AreaPlan | None:
    sensitivity = Sensitivity.PROTECTED if kind == Kind.PROTECTED else Sensitivity.ORDINARY
    return plan_for(city, sensitivity, at=end_of_local_day(period.last), now=now)


def _count_live(release: Release, statements: list[str]) -> None:
    values = {
        "release": release.pk,
        "plan": release.plan_id,
        "city": release.city_id,
        "first": release.first,
        "last": release.last,
        "months": months_between(release.first, release.last),
        "small": release.small,
    }
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)


def _count_sealed(release: Release) -> None:
    """Count letters whose place is sealed: each place is turned into its area here, counted, and forgotten."""
    if release.plan is None:
        return
    areas = AreaCell.areas_by_cell(release.plan)
    letters = Counter(
        (area, category)
        for district, category, lon, lat in sealed_places(city=release.city, first=release.first, last=release.last)
        if (area := areas.get((district, cell_of(lon, lat))))
    )
    AreaFigure.objects.bulk_create(
        AreaFigure(release=release, area_id=area, category=category, at_least=told.at_least, at_most=told.at_most)
        for (area, category), n in sorted(letters.items())
        for told in [Masked.of(n, small=release.small)]
    )
