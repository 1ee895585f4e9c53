"""Bring boundaries in from a file: it is read, checked, and recorded as an edition that is not in force."""

from typing import Any

import numpy as np
import shapely
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from geo.boundaries.faces import TooTangled
from geo.boundaries.fields import FieldUnknown
from geo.boundaries.importing import (
    UNRECORDABLE,
    BoundariesRefused,
    CheckedBoundaries,
    ImportOptions,
    check_file,
    commit_boundaries,
)
from geo.boundaries.refusals import refusal_text
from geo.boundaries.repair import RepairMovesTooMuch
from geo.boundaries.telling import tell_findings
from geo.boundaries.unreadable import UnreadableBoundaries
from geo.models import City
from mapui.permissions import staff_of_city
from mapui.shape_files import ShapeFileForm
from mapui.uploads import KeptUpload, UploadExpired
from mapui.views.staff_boundaries import CHANGE, actor, findings_collection

PREVIEW_DEGREES = 0.00005
"""Outlines beneath the findings of a file that cannot be recorded are simplified to about 5 m."""


class BoundariesFileForm(ShapeFileForm):
    """A file of boundaries, or one kept from the step before, and how to read and check it."""

    file_label = gettext_lazy("File of boundaries")
    file_help = gettext_lazy("GeoJSON, TopoJSON, GeoPackage, KML, or a Shapefile in a zip; any coordinate system.")
    licence = forms.CharField(label=gettext_lazy("Licence"), max_length=200, required=False)
    code_field = forms.CharField(
        label=gettext_lazy("Field with the district's code"),
        help_text=gettext_lazy("Empty: found by its name."),
        max_length=100,
        required=False,
    )
    name_field = forms.CharField(
        label=gettext_lazy("Field with the district's name"),
        help_text=gettext_lazy("Empty: found by its name."),
        max_length=100,
        required=False,
    )
    population_field = forms.CharField(
        label=gettext_lazy("Field with the number of residents"),
        help_text=gettext_lazy("Empty: found by its name."),
        max_length=100,
        required=False,
    )
    tolerance_m = forms.FloatField(
        label=gettext_lazy("A sliver is at most so wide, metres"),
        min_value=0.01,
        max_value=100,
        initial=1,
        required=False,
    )
    repair_m = forms.FloatField(
        label=gettext_lazy("Close slivers up to so many metres"),
        help_text=gettext_lazy("Empty: nothing is moved. No border moves further than this."),
        min_value=0.01,
        max_value=100,
        required=False,
    )
    merge_same_code = forms.BooleanField(label=gettext_lazy("Join parts with the same code"), required=False)

    FIELDS = ("code_field", "name_field", "population_field")
    OPTIONS = (*FIELDS, "layer", "crs_epsg", "tolerance_m", "repair_m", "merge_same_code")

    def __init__(self, *args: Any, samples: dict[str, list[str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if samples:
            choices = [(name, f"{name} ({', '.join(values)})" if values else name) for name, values in samples.items()]
            for field in self.FIELDS:
                self.fields[field].widget = forms.Select(choices=[("", "—"), *choices])

    def options(self) -> ImportOptions:
        """Return how to read and check."""
        given = self.cleaned_data
        return ImportOptions(
            code_field=given["code_field"] or None,
            name_field=given["name_field"] or None,
            population_field=given["population_field"] or None,
            layer=given["layer"] or None,
            crs_epsg=given["crs_epsg"],
            merge_same_code=given["merge_same_code"],
            tolerance_m=given["tolerance_m"] or 1.0,
            repair_m=given["repair_m"],
            source=given["source"],
            licence=given["licence"],
        )

    @property
    def has_option_errors(self) -> bool:
        """Whether the folded options must be shown open."""
        return any(name in self.errors for name in self.OPTIONS)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(*CHANGE)
def upload(request: HttpRequest, city: City) -> HttpResponse:
    """Take a file; record it as an edition, or say why not and keep the file for another try."""
    if request.method != "POST":
        return _page(request, city, BoundariesFileForm())
    form = BoundariesFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, city, form)
    try:
        kept = form.upload(owner=f"{actor(request)} {city.slug}")
    except UploadExpired:
        form.add_error("file", _("The file is no longer kept. Choose it again."))
        return _page(request, city, form)
    return _take(request, city, kept, form.options())


def _take(request: HttpRequest, city: City, kept: KeptUpload, options: ImportOptions) -> HttpResponse:
    """Check and record a file, or show the form again with what stands against it."""
    now = timezone.now()
    try:
        checked = check_file(city, kept.path, options, now=now)
        edition = commit_boundaries(checked, by=actor(request), now=now)
    except UnreadableBoundaries as refusal:
        samples = refusal.__cause__.samples if isinstance(refusal.__cause__, FieldUnknown) else None
        return _again(request, city, kept, refusal=refusal, samples=samples)
    except (RepairMovesTooMuch, TooTangled) as refusal:
        return _again(request, city, kept, refusal=refusal)
    except BoundariesRefused:
        return _again(request, city, kept, checked=checked)
    kept.drop()
    return redirect("staff_boundary_report", city.slug, edition.number)


def _again(
    request: HttpRequest,
    city: City,
    kept: KeptUpload,
    *,
    refusal: Exception | None = None,
    samples: dict[str, list[str]] | None = None,
    checked: CheckedBoundaries | None = None,
) -> HttpResponse:
    """The form once more, with the file kept, the fields to choose from, or what makes it unfit."""
    data = request.POST.copy()
    data["kept"] = kept.token
    form = BoundariesFileForm(data, samples=samples)
    form.is_valid()
    context: dict[str, Any] = {"kept": kept, "samples": samples}
    if refusal and not samples:
        context |= {"problem": refusal_text(refusal), "detail": str(refusal)}
    if checked:
        findings = checked.report.to_data()["findings"]
        worst = [found for found in findings if found["kind"] in UNRECORDABLE]
        context |= {
            "groups": tell_findings(findings, {}),
            "findings": findings_collection(worst, {}),
            "outlines": _outlines(checked),
        }
    return _page(request, city, form, context)


def _outlines(checked: CheckedBoundaries) -> dict[str, Any]:
    """The districts as read, roughly, for the map beneath the findings."""
    shapes = np.array([district.geometry for district in checked.districts], dtype=object)
    rough = shapely.transform(shapely.simplify(shapes, PREVIEW_DEGREES), lambda xy: np.round(xy, 6))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": district.code, "name": district.name_uk},
                "geometry": shapely.geometry.mapping(shape),
            }
            for district, shape in zip(checked.districts, rough, strict=True)
            if not shape.is_empty
        ],
    }


def _page(
    request: HttpRequest, city: City, form: BoundariesFileForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    refused = bool(context) or form.is_bound
    page = {"city": city, "form": form, "max_mb": settings.IMPORT_MAX_BYTES // 1_000_000} | (context or {})
    return render(request, "mapui/staff/boundaries/upload.html", page, status=422 if refused else 200)
