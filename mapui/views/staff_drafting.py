"""Polygons drafted from a city's list of streets, and the lists that it prints, for its staff."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from geo.boundaries.faces import TooTangled
from geo.boundaries.importing import BoundariesRefused, commit_boundaries
from geo.boundaries.refusals import refusal_text
from geo.labels import in_counting_order
from geo.models import City
from geo.territories.drafting import FEW, NothingToDraft, check_drafted, draft_basis
from geo.territories.printing import as_csv, as_xlsx, printed_lines
from geo.territories.standing import as_it_stands
from geo.workbooks import XLSX
from mapui.permissions import staff_of_city
from mapui.views.staff_boundaries import CHANGE, READ, actor, may_change


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """What each district would be drawn from; a POST draws, and goes on to the editor."""
    return _make(request, slug) if request.method == "POST" else _show(request, slug)


@staff_of_city(*READ)
def _show(request: HttpRequest, city: City) -> HttpResponse:
    return _page(request, city)


@staff_of_city(*CHANGE)
def _make(request: HttpRequest, city: City) -> HttpResponse:
    now = timezone.now()
    try:
        checked = check_drafted(city, draft_basis(city, now), now=now)
        edition = commit_boundaries(checked, by=actor(request), now=now)
    except (NothingToDraft, BoundariesRefused, TooTangled) as refusal:
        return _page(request, city, problem=refusal_text(refusal))
    messages.success(
        request,
        _("Draft № %(number)d is recorded. Correct its borders, then read its report.") % {"number": edition.number},
    )
    return redirect("staff_boundary_edit", city.slug, edition.number)


def _page(request: HttpRequest, city: City, problem: str = "") -> HttpResponse:
    context = {"city": city, "problem": problem, "few": FEW, "may_change": may_change(request, city)}
    try:
        now = timezone.now()
        basis = as_it_stands("draft", city, now, lambda: draft_basis(city, now))
    except NothingToDraft as nothing:
        context["nothing"] = str(nothing)
    else:
        names = dict(city.districts.values_list("code", "name_uk"))
        context |= {
            "basis": basis,
            "rows": [(code, names[code], basis.count_of(code)) for code in sorted(basis.codes, key=in_counting_order)],
        }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "mapui/staff/territories/draft.html", context, status=status)


@require_safe
@never_cache
@staff_of_city(*READ)
def street_lists(request: HttpRequest, city: City, kind: str) -> HttpResponse:
    """The streets and houses of every district, to hand on: CSV or XLSX."""
    lines = printed_lines(city, timezone.now())
    if kind == "xlsx":
        response = HttpResponse(as_xlsx(lines), content_type=XLSX)
    else:
        # Excel takes CSV for UTF-8 only where it begins with the mark
        response = HttpResponse(f"\ufeff{as_csv(lines)}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{city.slug}-streets.{kind}"'
    return response
