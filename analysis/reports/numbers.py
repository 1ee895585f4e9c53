"""The numbers of a half-year report: they go out to the public, so they are what may be told of one (docs/adr/0026).

Letters are told as sums of released figures, never counted anew: another table of the same letters could be subtracted
from the releases (docs/adr/0016). Times and shares are told of 20 letters or more, without saying of how many: an exact
number of a district's letters would bound its masked figures from above.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from analysis.access import answers_to_analyst
from analysis.models import AreaFigure, MeasureVersion, Release, Report
from analysis.periods import Period
from appeals.answer_times import FEWEST, Figures, Quantile
from appeals.models import Category, Rating, rights_by_key
from appeals.statistics import figures_to_report
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given
from people.models import User

Span = tuple[int, int]
"""Letters, at the least and at the most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What releases tell of a report's letters: by topic, by month; `missing` are months that are not released yet."""

    topics: Mapping[str, Span]
    months: Mapping[datetime.date, Span]
    missing: tuple[datetime.date, ...]


class _Questions:
    """What is asked about a report of a district, or of a whole city."""

    def __init__(self, *, of_district: bool) -> None:
        self._of_district = of_district
        self.kinds = [Release.Kind.ORDINARY] if of_district else [Release.Kind.ORDINARY, Release.Kind.PROTECTED]
        self.releases: PreparedQuery[Release] = PreparedQuery(lambda: self._releases().order_by("first"))
        self.figures: PreparedQuery[Mapping[str, Any]] = PreparedQuery(self._figures)
        self.measures: PreparedQuery[tuple[str, int]] = PreparedQuery(self._measures)

    def _releases(self) -> "QuerySet[Release]":
        """Releases of whole periods within the days."""
        found = Release.objects.filter(city=given("city", "bigint"), kind__in=self.kinds, closed_at__isnull=False)
        return found.whole_within(given("first", "date"), given("last", "date")).order_by()

    def _figures(self) -> "QuerySet[Any, Mapping[str, Any]]":
        """Their sums by topic, over the areas of the district or of the city."""
        figures = AreaFigure.objects.filter(release__in=self._releases())
        if self._of_district:
            figures = figures.filter(area__district=given("district", "bigint"))
        return figures.told("release", "category")

    def _measures(self) -> "QuerySet[Any, tuple[str, int]]":
        """What was done for prevention, by kind; not at places that were chosen for a sensitive topic."""
        of = "measure__place__"
        read = Q(**{f"{of}city__in": each_given("supervised", "bigint")})
        read |= Q(**{f"{of}district__in": each_given("own", "bigint")})
        done = MeasureVersion.objects.filter(
            read,
            Q(**{f"{of}category__isnull": True}) | Q(**{f"{of}category__protected": False}),
            **{f"{of}city": given("city", "bigint")},
            state=MeasureVersion.State.DONE,
            on__gte=given("first", "date"),
            on__lte=given("last", "date"),
        )
        if self._of_district:
            done = done.filter(**{f"{of}district": given("district", "bigint")})
        later = MeasureVersion.objects.filter(measure=OuterRef("measure"), number__gt=OuterRef("number"))
        newest = done.exclude(Exists(later)).order_by()
        counted: QuerySet[Any, tuple[str, int]] = newest.values_list("kind").annotate(n=Count("pk"))
        return counted


OF_CITY, OF_DISTRICT = _Questions(of_district=False), _Questions(of_district=True)
TOPICS: Final = PreparedQuery(lambda: Category.objects.order_by().values_list("slug", "name_uk", "name_en"))


def numbers_of(report: Report, *, user: User, on: datetime.date) -> dict[str, Any]:
    """Return the numbers of a report as JSON, under the eyes of whoever makes it: to be shown, and to be frozen."""
    told, measures, named = _asked(report, user=user, on=on)
    ordinary, sensitive = told[Release.Kind.ORDINARY], told.get(Release.Kind.PROTECTED)
    names = {slug: {"uk": name_uk, "en": name_en} for slug, name_uk, name_en in named}
    return {
        "topics": [{"names": names[slug], "span": span} for slug, span in ordinary.topics.items() if slug in names],
        "months": [{"first": first.isoformat(), "span": span} for first, span in ordinary.months.items()],
        "missing": [first.isoformat() for first in ordinary.missing],
        "sensitive": _sum(sensitive.topics.values()) if sensitive and sensitive.months else None,
        "sensitive_missing": [first.isoformat() for first in sensitive.missing] if sensitive else [],
        "times": times_told(_figures(report, user=user, on=on)),
        "measures": {kind: measures[kind] for kind in MeasureVersion.Kind.values if kind in measures},
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


def _asked(
    report: Report, *, user: User, on: datetime.date
) -> tuple[dict[Release.Kind, Told], dict[str, int], list[tuple[str, str, str]]]:
    """Return what was released, the measures by kind, and the names of all topics."""
    asked = OF_DISTRICT if report.district_id else OF_CITY
    own, supervised = rights_by_key(user, on=on)
    days = {"city": report.city_id, "district": report.district_id, "first": report.first, "last": report.last}
    releases, figures = answers_to_analyst(asked.releases.asked(**days), asked.figures.asked(**days))
    measures, named = answers_of(asked.measures.asked(**days, own=own, supervised=supervised), TOPICS.asked())
    return _released(report, asked.kinds, releases, figures), dict(measures), named


def _released(
    report: Report, kinds: Iterable[Release.Kind], releases: Sequence[Release], figures: Iterable[Mapping[str, Any]]
) -> dict[Release.Kind, Told]:
    """Add up figures of releases, by kind; those of one that was closed since `releases` were read are left out."""
    released: dict[int, dict[str, Span]] = {release.pk: {} for release in releases}
    for row in figures:
        if row["release"] in released:
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
