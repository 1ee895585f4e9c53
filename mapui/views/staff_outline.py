"""The outline of a city for its staff: from a file or from its districts, looked at first, with every earlier one."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.gis.db.models.functions import Area
from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from geo.boundaries.outlining import (
    UnusableOutline,
    change_outline,
    look_at_outline,
    outline_of_districts,
    read_outline,
)
from geo.boundaries.words import finding_sentence
from geo.models import BoundaryEdition, City, CityOutline
from mapui.permissions import staff_of_city
from mapui.shape_files import ShapeFileForm
from mapui.uploads import KeptUpload, UploadExpired
from mapui.views.staff_boundaries import CHANGE, READ, actor, findings_collection, may_change

DISTRICTS, NOTHING = "districts", "nothing"
PREVIEW_DEGREES = 0.00002
"""On the map an outline is simplified to about 2 m."""
FINDINGS_LISTED = 40
SHOWN = 20


class OutlineForm(ShapeFileForm):
    """Where an outline comes from: a file, one kept from the step before, the districts in force, an earlier one."""

    file_label = gettext_lazy("File with the outline of the city")
    file_help = gettext_lazy(
        "GeoJSON, TopoJSON, GeoPackage, KML, or a Shapefile in a zip; any coordinate system. All its polygons "
        "together are the outline."
    )
    instead_of_file = ("kept", "taken")
    taken = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    """`DISTRICTS`, `NOTHING`, the number of an earlier outline; empty: the file."""
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """Of `DISTRICTS`: the number of the edition that was looked at."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(*READ)
def outline(request: HttpRequest, city: City) -> HttpResponse:
    """Show the outline that stands and the earlier ones; a POST is looked at and changes nothing."""
    if request.method != "POST":
        return _page(request, city, OutlineForm())
    if not may_change(request, city):
        raise PermissionDenied
    return _taken(request, city, sets=False)


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def use(request: HttpRequest, city: City) -> HttpResponse:
    """Set the outline that was looked at."""
    return _taken(request, city, sets=True)


def _taken(request: HttpRequest, city: City, *, sets: bool) -> HttpResponse:
    """Read what was given; set it, or show what it would mean, or say why it cannot be taken."""
    form, kept = OutlineForm(request.POST, request.FILES), None
    if not form.is_valid():
        return _page(request, city, form, status=422)
    try:
        if not form.cleaned_data["taken"]:
            kept = form.upload(owner=f"{actor(request)} {city.slug} outline")
        shape, source = _read(city, form, kept, sets=sets)
    except UploadExpired:
        form.add_error("file", _("The file is no longer kept. Choose it again."))
        return _page(request, city, form, status=422)
    except UnusableOutline as refusal:
        form.add_error(None, str(refusal))
        return _page(request, city, form, {"kept": kept}, status=422)
    if not sets:
        return _look(request, city, form, kept, shape, source)
    change_outline(city=city, outline=shape, source=source, by=actor(request), at=timezone.now())
    if kept:
        kept.drop()
    messages.success(request, _("The outline is set.") if shape else _("The outline is taken away."))
    return redirect("staff_outline", city.slug)


def _read(city: City, form: OutlineForm, kept: KeptUpload | None, *, sets: bool) -> tuple[MultiPolygon | None, str]:
    """The outline that the form means, and where it comes from, as it is recorded. Raises UnusableOutline."""
    given = form.cleaned_data
    if kept:
        shape = read_outline(kept.path, layer=given["layer"] or None, crs_epsg=given["crs_epsg"])
        return shape, given["source"] or kept.name
    if given["taken"] == NOTHING:
        return None, ""
    if given["taken"] == DISTRICTS:
        edition = BoundaryEdition.objects.in_force_at(timezone.now()).filter(city=city).first()
        if edition is None:
            raise UnusableOutline(_("No edition is in force: there are no districts to take the outline from."))
        if sets and given["edition"] != edition.number:
            raise UnusableOutline(
                _("Another edition is in force by now, № %(n)d. Look at the outline of its districts first.")
                % {"n": edition.number}
            )
        given["edition"] = edition.number
        return outline_of_districts(edition), _("Districts of edition № %(n)d") % {"n": edition.number}
    number = given["taken"]
    earlier = CityOutline.objects.filter(city=city, number=number).first() if number.isdecimal() else None
    if earlier is None:
        raise UnusableOutline(_("The city never had this outline."))
    return earlier.outline, earlier.source or _("Outline № %(n)d") % {"n": earlier.number}


def _look(
    request: HttpRequest,
    city: City,
    form: OutlineForm,
    kept: KeptUpload | None,
    shape: MultiPolygon | None,
    source: str,
) -> HttpResponse:
    """What the outline would mean: on the map, in km², and what falls outside."""
    look = look_at_outline(city, shape, at=timezone.now()) if shape else None
    found = (look.findings or []) if look else []
    context: dict[str, Any] = {
        "preview": True,
        "shape": shape,
        "kept": kept,
        "source": source,
        "look": look,
        "rows": [{"key": each["key"], "sentence": finding_sentence(each)} for each in found[:FINDINGS_LISTED]],
        "unlisted": max(len(found) - FINDINGS_LISTED, 0),
        "findings": findings_collection(found, {}),
    }
    return _page(request, city, form, context)


def _page(
    request: HttpRequest, city: City, form: OutlineForm, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    square_metres = Area(Cast("outline", MultiPolygonField(geography=True)))
    past = CityOutline.objects.filter(city=city).defer("outline").annotate(area=square_metres)[:SHOWN]
    shown = context.get("shape") if context and context.get("preview") else city.outline
    page: dict[str, Any] = {
        "city": city,
        "form": form,
        "edition": BoundaryEdition.objects.in_force_at(timezone.now()).filter(city=city).defer("report").first(),
        "past": [{"row": row, "km2": row.area.sq_m / 1e6 if row.area else None} for row in past],
        "outline": _drawn(shown) if shown else None,
        "has_outline": bool(city.outline),
        "may_change": may_change(request, city),
        "findings": findings_collection([], {}),
        "districts": {"type": "FeatureCollection", "features": []},
        "max_mb": settings.IMPORT_MAX_BYTES // 1_000_000,
    }
    return render(request, "mapui/staff/boundaries/outline.html", page | (context or {}), status=status)


def _drawn(shape: MultiPolygon) -> dict[str, Any]:
    """The outline as the map draws it."""
    rough = shape.simplify(PREVIEW_DEGREES, preserve_topology=True)
    geometry: dict[str, Any] = json.loads(rough.json)
    return geometry
