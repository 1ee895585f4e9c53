"""The numbers of a half-year report: they go out to the public, so they are what may be told of one (docs/adr/0026).

Letters are told as sums of released figures, never counted anew: another table of the same letters could be subtracted
from the releases (docs/adr/0016). Times and shares are told of 20 letters or more, without saying of how many: an exact
number of a district's letters would bound its masked figures from above.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Q

from analysis.access import as_analyst
from analysis.models import AreaFigure, Measure, MeasureVersion, Release, Report
from analysis.periods import Period
from appeals.answer_times import FEWEST, Figures, Quantile
from appeals.models import Category, Rating
from appeals.statistics import figures_to_report
from people.models import User

Span = tuple[int, int]
"""Letters, at the least and at the most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What releases tell of a report's letters: by topic, by month; `missing` are months that are not released yet."""

    topics: Mapping[str, Span]
    months: Mapping[datetime.date, Span]
    missing: tuple[datetime.date, ...]


def numbers_of(report: Report, *, user: User, on: datetime.date) -> dict[str, Any]:
    """Return the numbers of a report as JSON, under the eyes of whoever makes it: to be shown, and to be frozen."""
    kinds = [Release.Kind.ORDINARY] if report.district_id else [Release.Kind.ORDINARY, Release.Kind.PROTECTED]
    with as_analyst():
        told = _released(report, kinds)
    ordinary, sensitive = told[Release.Kind.ORDINARY], told.get(Release.Kind.PROTECTED)
    named = Category.objects.filter(slug__in=ordinary.topics).order_by().values_list("slug", "name_uk", "name_en")
    names = {slug: {"uk": name_uk, "en": name_en} for slug, name_uk, name_en in named}
    return {
        "topics": [{"names": names[slug], "span": span} for slug, span in ordinary.topics.items() if slug in names],
        "months": [{"first": first.isoformat(), "span": span} for first, span in ordinary.months.items()],
        "missing": [first.isoformat() for first in ordinary.missing],
        "sensitive": _sum(sensitive.topics.values()) if sensitive and sensitive.months else None,
        "sensitive_missing": [first.isoformat() for first in sensitive.missing] if sensitive else [],
        "times": times_told(_figures(report, user=user, on=on)),
        "measures": _measures(report, user=user, on=on),
        "fewest": FEWEST,
    }


def times_told(figures: Figures) -> dict[str, Any]:
    """Return what may be told of answers: nothing of too few, and never of how many."""
    helped = figures.ratings.get(Rating.YES, 0)
    return {
        "median": _quantile(figures.median),
        "nine_in_ten": _quantile(figures.nine_in_ten),
        "in_time": _percent(figures.share_in_time),
        "helped": _percent(Fraction(helped, figures.rated)) if figures.rated >= FEWEST else None,
    }


def _quantile(quantile: Quantile | None) -> dict[str, Any] | None:
    return None if quantile is None else {"days": quantile.days, "or_more": quantile.or_more}


def _percent(share: Fraction | None) -> int | None:
    return None if share is None else round(share * 100)


def _released(report: Report, kinds: Iterable[Release.Kind]) -> dict[Release.Kind, Told]:
    """Add up what was released of whole periods within the days, over the areas of the district or of the city."""
    found = Release.objects.filter(city=report.city_id, kind__in=kinds, closed_at__isnull=False)
    releases = list(found.whole_within(report.first, report.last).order_by("first"))
    figures = AreaFigure.objects.of(release.pk for release in releases)
    if report.district_id:
        figures = figures.filter(area__district=report.district_id)
    released: dict[int, dict[str, Span]] = {release.pk: {} for release in releases}
    for row in figures.told("release", "category") if releases else ():
        released[row["release"]][row["category"]] = row["least"], row["most"]
    return {
        kind: _told(report, kind, {each: released[each.pk] for each in releases if each.kind == kind}) for kind in kinds
    }


def _told(report: Report, kind: Release.Kind, released: Mapping[Release, Mapping[str, Span]]) -> Told:
    slugs = dict.fromkeys(slug for release, spans in released.items() for slug in (*release.categories, *spans))
    topics = {slug: _sum(spans.get(slug, (0, 0)) for spans in released.values()) for slug in slugs}
    months = {release.first: _sum(spans.values()) for release, spans in released.items()}
    wanted, first = [], report.first
    while first <= report.last:
        wanted.append(first)
        first = Period(first, kind.span).last + datetime.timedelta(days=1)
    return Told(topics, months, tuple(each for each in wanted if each not in months))


def _sum(spans: Any) -> Span:
    least, most = 0, 0
    for one, other in spans:
        least, most = least + one, most + other
    return least, most


def _figures(report: Report, *, user: User, on: datetime.date) -> Figures:
    days = {"first": report.first, "last": min(report.last, on), "on": on}
    return figures_to_report(report.city, user, district=report.district_id, **days)


def _measures(report: Report, *, user: User, on: datetime.date) -> dict[str, int]:
    """Count what was done for prevention, by kind; not at places that were chosen for a sensitive topic."""
    measures = Measure.objects.visible_to(user, on=on).filter(place__city=report.city)
    if report.district_id:
        measures = measures.filter(place__district=report.district_id)
    open_ones = measures.filter(Q(place__category__isnull=True) | Q(place__category__protected=False))
    versions = MeasureVersion.objects.filter(measure__in=open_ones).order_by("measure_id", "-number")
    now = versions.distinct("measure_id").values_list("kind", "state", "on")
    done = Counter(
        kind for kind, state, day in now if state == MeasureVersion.State.DONE and report.first <= day <= report.last
    )
    return {kind: done[kind] for kind in MeasureVersion.Kind.values if done[kind]}
