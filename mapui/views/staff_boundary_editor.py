"""Draw the polygons of an edition anew: what is drawn becomes an edition of its own, checked like any other."""

import json
from http import HTTPStatus
from typing import Any

import shapely
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from geo.api import GEOJSON
from geo.boundaries.drafting import DraftRefused, read_drawing, record_draft
from geo.boundaries.faces import TooTangled
from geo.boundaries.importing import BoundariesRefused
from geo.boundaries.refusals import refusal_text
from geo.boundaries.words import finding_sentence
from geo.models import BoundaryEdition, City
from mapui.views.staff_boundaries import CHANGE, READ, actor, edition_page


class DrawingForm(forms.Form):
    """What was drawn: GeoJSON geometries by code, and why."""

    changes = forms.CharField(widget=forms.HiddenInput)
    source = forms.CharField(
        label=gettext_lazy("What was changed, and why"),
        help_text=gettext_lazy("It is kept with the edition: the decision, the letter, the mistake."),
        max_length=250,
    )

    def clean_changes(self) -> dict[str, Any]:
        """Return geometries by code."""
        try:
            changes = json.loads(self.cleaned_data["changes"])
        except ValueError:
            changes = None
        if not isinstance(changes, dict):
            raise forms.ValidationError(_("What was drawn did not arrive whole. Save once more."))
        return changes


@require_safe
@edition_page(*READ)
def exact_geojson(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """The polygons of an edition with every digit: for the editor, and for QGIS."""
    rows = edition.boundaries.select_related("district").order_by("district__code")
    features = ",".join(
        json.dumps({"type": "Feature", "properties": _properties(row)}, ensure_ascii=False)[:-1]
        + f', "geometry": {shapely.to_geojson(shapely.from_wkb(bytes(row.boundary.wkb)))}}}'
        for row in rows
    )
    response = HttpResponse(f'{{"type": "FeatureCollection", "features": [{features}]}}', content_type=GEOJSON)
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{city.slug}-{edition.number}.geojson"'
    return response


def _properties(row: Any) -> dict[str, Any]:
    district = row.district
    return {
        "code": district.code,
        "name": district.name,
        "name_uk": district.name_uk,
        "name_en": district.name_en,
        "population": row.population,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@edition_page(*CHANGE)
def edit(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """The editor; what it posts is recorded as a new edition, or refused with the places that stand against it."""
    if request.method != "POST":
        return render(
            request,
            "mapui/staff/boundaries/edit.html",
            {"city": city, "edition": edition, "form": DrawingForm(), "districts": edition.boundaries.count()},
        )
    form = DrawingForm(request.POST)
    if not form.is_valid():
        return _refusal(" ".join(str(error) for errors in form.errors.values() for error in errors))
    try:
        drawn = read_drawing(form.cleaned_data["changes"])
        draft = record_draft(edition, drawn, source=form.cleaned_data["source"], by=actor(request), now=timezone.now())
    except (DraftRefused, TooTangled) as refusal:
        return _refusal(refusal_text(refusal))
    except BoundariesRefused as refusal:
        found = [each for each in refusal.report.to_data()["findings"] if each["severity"] == "error"]
        return _refusal(str(refusal), [finding_sentence(each) for each in found[:5]])
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"report": reverse("staff_boundary_report", args=[city.slug, draft.number])})
    return redirect("staff_boundary_report", city.slug, draft.number)


def _refusal(message: str, findings: list[str] | None = None) -> HttpResponse:
    return JsonResponse({"message": message, "findings": findings or []}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
