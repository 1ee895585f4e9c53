"""Editions of a city's boundaries for its staff: the list, and the report of one on the map."""

import datetime
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count, IntegerField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geo.api import GEOJSON, parse_zoom
from geo.boundaries.activation import ActivationRefused, edition_before
from geo.boundaries.publishing import districts_geojson as geojson_of
from geo.boundaries.publishing import streets_geojson as streets_of
from geo.boundaries.simplification import band_of_zoom, simplify_edition
from geo.boundaries.standing import Stand, standing_of, standings
from geo.boundaries.telling import tell_findings
from geo.boundaries.words import finding_sentence
from geo.models import BoundaryEdition, City
from geo.moments import FIRST_DAY, LAST_DAY, local_day, start_of_local_day
from geo.problems import BadRequest, problem
from geo.territories.serving import list_in_force
from mapui.permissions import has_role, staff_of_city
from people.models import Membership, User

CHANGE = (Membership.Role.COORDINATOR,)
READ = (Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR)


class StartForm(forms.Form):
    """When an edition comes into force; empty: at once."""

    starts_on = forms.DateField(
        label=gettext_lazy("From the day"),
        help_text=gettext_lazy("From midnight of that day, Kyiv time. Leave it empty to put the edition in force now."),
        required=False,
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def moment(self, now: datetime.datetime) -> datetime.datetime | None:
        """Return the first moment of the day chosen, or None for now (today means now)."""
        day: datetime.date | None = self.cleaned_data["starts_on"]
        return None if day is None or day == local_day(now) else start_of_local_day(day)


def actor(request: HttpRequest) -> str:
    """Return who acts, as the record keeps it."""
    assert isinstance(request.user, User)  # noqa: S101 - staff_of_city let nobody else in
    return str(request.user.email)


def may_change(request: HttpRequest, city: City) -> bool:
    """Whether the reader may decide, not only look."""
    return isinstance(request.user, User) and has_role(request.user, city, *CHANGE)


def edition_page(*roles: Membership.Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open `view(request, city, edition)` of an edition by its number to staff in one of the roles."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @never_cache
        @staff_of_city(*roles)
        @wraps(view)
        def opened(request: HttpRequest, city: City, number: int) -> HttpResponse:
            return view(request, city, get_object_or_404(BoundaryEdition, city=city, number=number))

        return opened

    return decorate


@require_safe
@never_cache
@staff_of_city(*READ)
def boundaries(request: HttpRequest, city: City) -> HttpResponse:
    """Every edition with where it stands; withdraw what waits, roll back what is in force."""
    now = timezone.now()
    known = standings(city, now=now)
    editions = (
        city.editions.defer("report")
        .annotate(
            districts=Count("boundaries"),
            warning_count=Coalesce(Cast(KT("report__summary__warning"), IntegerField()), 0),
        )
        .order_by("-number")
    )
    rows = [(edition, standing_of(edition, known)) for edition in editions]
    try:
        earlier: BoundaryEdition | None = edition_before(city, now=now)
    except ActivationRefused:
        earlier = None
    return render(
        request,
        "mapui/staff/boundaries/list.html",
        {
            "city": city,
            "rows": rows,
            "in_force": next((row for row in rows if row[1].stand == Stand.IN_FORCE), None),
            "waits": next((row for row in rows if row[1].stand == Stand.WAITS), None),
            "earlier": earlier,
            "has_list": list_in_force(city, now) is not None,
            "may_change": may_change(request, city),
        },
    )


@require_safe
@edition_page(*READ)
def report(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """What the check found, on the map and as a list, and what may be decided."""
    return render_report(request, city, edition)


def render_report(
    request: HttpRequest,
    city: City,
    edition: BoundaryEdition,
    *,
    start: StartForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the report of an edition, with a form that was refused in place of the empty one."""
    known = standings(city, now=timezone.now())
    standing = standing_of(edition, known)
    data = edition.report
    in_force = next((pk for pk, one in known.items() if one.stand == Stand.IN_FORCE and pk != edition.pk), None)
    decidable = may_change(request, city) and standing.stand not in {Stand.REJECTED, Stand.IN_FORCE, Stand.WAITS}
    context = {
        "city": city,
        "edition": edition,
        "standing": standing,
        "facts": data,
        "districts": edition.boundaries.count(),
        "groups": tell_findings(data.get("findings", []), edition.accepted),
        "changed": data.get("comparison", []),
        "change_kinds": [("added", _("Added")), ("removed", _("Removed")), ("moved", _("Moved"))],
        "compared_with": BoundaryEdition.objects.filter(pk=in_force).only("number").first() if in_force else None,
        "may_change": may_change(request, city),
        "may_accept": decidable and standing.stand == Stand.DRAFT,
        "may_activate": decidable and not edition.errors,
        "may_reject": decidable and standing.stand == Stand.DRAFT,
        "start": start or StartForm(),
    }
    return render(request, "mapui/staff/boundaries/report.html", context, status=status)


@require_safe
@edition_page(*READ)
def districts_geojson(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """The districts of any edition, as the map draws them at a zoom."""
    try:
        zoom = parse_zoom(request.GET.get("zoom"))
    except BadRequest as wrong:
        return problem(HTTPStatus.BAD_REQUEST, "bad-request", str(wrong))
    simplify_edition(edition)
    return HttpResponse(geojson_of(edition, band=band_of_zoom(zoom)), content_type=GEOJSON)


@require_safe
@never_cache
@staff_of_city(*READ)
def streets_geojson(request: HttpRequest, city: City) -> HttpResponse:
    """The streets beneath the borders, in every stage: the public API has none of a draft, which is drawn first."""
    return HttpResponse(streets_of(city), content_type=GEOJSON)


@require_safe
@edition_page(*READ)
def findings_geojson(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """The places of the findings, each with its sentence."""
    return JsonResponse(findings_collection(edition.report.get("findings", []), edition.accepted))


def findings_collection(findings: list[dict[str, Any]], accepted: dict[str, Any]) -> dict[str, Any]:
    """Return the findings that have a place as a FeatureCollection."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": found["geometry"],
                "properties": {
                    "key": found["key"],
                    "severity": "accepted" if found["key"] in accepted else found["severity"],
                    "sentence": finding_sentence(found),
                },
            }
            for found in findings
            if found["geometry"] is not None
        ],
    }


@require_safe
@edition_page(*READ)
def report_json(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """The report as it is kept."""
    response = JsonResponse(edition.report | {"accepted": edition.accepted}, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{city.slug}-{edition.number}-report.json"'
    return response
