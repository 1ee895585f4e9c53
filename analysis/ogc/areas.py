"""Release areas as features: each with the sum of what was released of it in the periods that are asked for."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, IntegerField, Max, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from analysis.models import AreaFigure, Release, ReleaseArea, Sensitivity
from analysis.ogc.query import Interval
from geo.models import City
from geo.moments import local_day

AREA_COLUMNS = {
    "city": "plan__city__slug",
    "area": "area",
    "district": "district__code",
    "at_least": "least",
    "at_most": "most",
    "first_day": "first_day",
    "last_day": "last_day",
    "addresses": "addresses",
    "coarse_because": "reason",
    "licence": "plan__city__data_licence",
}
KINDS = {Sensitivity.ORDINARY: Release.Kind.ORDINARY, Sensitivity.PROTECTED: Release.Kind.PROTECTED}


def areas(sensitivity: Sensitivity, interval: Interval | None, cities: Sequence[City]) -> QuerySet[ReleaseArea]:
    """Areas of the newest plan of each city with all its periods; of an interval, every period that touches it.

    Sums are of whole areas over whole periods (docs/adr/0016): an interval chooses periods and cuts none.
    """
    releases = Release.objects.filter(
        city__in=cities, kind=KINDS[sensitivity], closed_at__isnull=False, plan__isnull=False
    )
    if interval and interval.start:
        releases = releases.filter(last__gte=local_day(interval.start))
    if interval and interval.end:
        releases = releases.filter(first__lte=local_day(interval.end))
    chosen = list(releases.order_by("first").values_list("pk", "city", "plan"))
    newest = {city: plan for _release, city, plan in chosen}
    counted = [(release, plan) for release, city, plan in chosen if interval or plan == newest[city]]
    told = [release for release, _plan in counted]
    figures = AreaFigure.objects.filter(area=OuterRef("pk"), release__in=told).order_by().values("area")
    periods = Release.objects.filter(plan=OuterRef("plan"), pk__in=told).order_by().values("plan")
    return ReleaseArea.objects.filter(plan__in={plan for _release, plan in counted}).annotate(
        area=Concat("district__code", Value("-"), Cast("number", CharField())),
        least=_summed(figures, "at_least"),
        most=_summed(figures, "at_most"),
        first_day=Subquery(periods.annotate(day=Min("first")).values("day")),
        last_day=Subquery(periods.annotate(day=Max("last")).values("day")),
    )


def _summed(figures: Any, column: str) -> Coalesce:
    return Coalesce(Subquery(figures.annotate(n=Sum(column)).values("n")), 0, output_field=IntegerField())
