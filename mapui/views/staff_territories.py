"""Territories given as lists of streets, for the staff: the list in force, those before it, and what is open in it."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geo.models import BoundaryEdition, City, District, TerritoryList, TerritoryRule
from geo.territories.matching import Matcher
from geo.territories.recording import compiled_from
from geo.territories.report import TerritoryReport, report_on
from geo.territories.standing import as_it_stands
from mapui.permissions import staff_of_city
from mapui.territory_words import SECTIONS, Told, places_collection, tell
from mapui.views.staff_boundaries import READ, may_change

PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class Recorded:
    """A list of the history: what was decided in it, or that it only puts an earlier one back."""

    made: TerritoryList
    decided: list[TerritoryRule]
    puts_back: bool


def newest_list(city: City) -> TerritoryList | None:
    """The list in force: the newest always is."""
    return TerritoryList.objects.filter(city=city).select_related("city").first()


def checked(current: TerritoryList, *, now: datetime.datetime) -> tuple[TerritoryReport, list[Told]]:
    """Check the list in force, and tell what was found."""
    city = current.city
    report = as_it_stands(f"list {current.pk}", city, now, lambda: report_on(city, compiled_from(current), at=now))
    names = {district.code: district.name for district in District.objects.filter(city=current.city).order_by("code")}
    return report, tell(report.findings, names)


@require_safe
@never_cache
@staff_of_city(*READ)
def territories(request: HttpRequest, city: City) -> HttpResponse:
    """The list in force and its history."""
    lists = list(
        TerritoryList.objects.filter(city=city)
        .select_related("basis")
        .annotate(entries=Count("rules", filter=Q(rules__unread="")), districts=Count("rules__district", distinct=True))
        .order_by("-number")
    )
    decided: dict[int, list[TerritoryRule]] = defaultdict(list)
    for rule in TerritoryRule.objects.filter(
        territory_list__city=city, corrected_in=F("territory_list__number")
    ).select_related("district", "street", "settlement"):
        decided[rule.territory_list_id].append(rule)
    return render(
        request,
        "mapui/staff/territories/list.html",
        {
            "city": city,
            "current": lists[0] if lists else None,
            "rows": [
                Recorded(one, decided[one.pk], bool(one.basis and one.basis.number < one.number - 1)) for one in lists
            ],
            "earlier": lists[1:],
            "is_drawn": BoundaryEdition.objects.in_force_at(timezone.now()).filter(city=city).exists(),
            "may_change": may_change(request, city),
        },
    )


@require_safe
@never_cache
@staff_of_city(*READ)
def report(request: HttpRequest, city: City) -> HttpResponse:
    """What the list in force leaves open, on the map and as a list, and what may be decided."""
    current = newest_list(city)
    if current is None:
        return redirect("staff_territories", city.slug)
    facts, told = checked(current, now=timezone.now())
    return render_report(request, current, facts, told)


def render_report(
    request: HttpRequest,
    current: TerritoryList,
    facts: TerritoryReport,
    told: list[Told],
    *,
    reason: str = "",
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the report, with decisions that were refused as they were posted."""
    city, asked = current.city, request.POST if request.method == "POST" else request.GET
    counts = {name: sum(one.section.name == name for one in told) for name in SECTIONS}
    section = SECTIONS.get(asked.get("section", ""))
    listed = (
        [one for one in told if one.section == section] if section else [one for one in told if one.section.is_open]
    )
    page = Paginator(listed, PAGE_SIZE).get_page(asked.get("page"))
    shown = list(page)
    decidable = may_change(request, city)
    context: dict[str, Any] = {
        "city": city,
        "current": current,
        "facts": facts,
        "edition": BoundaryEdition.objects.filter(city=city, periods__period__contains=timezone.now()).first(),
        "sections": [(one, counts[one.name]) for one in SECTIONS.values() if counts[one.name]],
        "open_count": sum(counts[one.name] for one in SECTIONS.values() if one.is_open),
        "section": section,
        "page": page,
        "groups": [
            (one, some) for one in SECTIONS.values() if (some := [each for each in shown if each.section == one])
        ],
        "places": places_collection(shown),
        "no_districts": {"type": "FeatureCollection", "features": []},
        "may_change": decidable,
        "streets": Matcher(city).labels if decidable and any(one.binds for one in shown) else [],
        "reason": reason,
        "problems": problems,
    }
    return render(request, "mapui/staff/territories/report.html", context, status=status)
