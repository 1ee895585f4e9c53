"""Bring a list of streets in: a table or an official text is read, shown with all that is open, then put in force."""

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from geo.addresses.index import forget_gazetteer
from geo.models import City
from geo.tables import MAX_BYTES, FileRefused, decoded
from geo.territories.adding import NewPlaces, add_places, new_places
from geo.territories.files import is_text, read_territories
from geo.territories.reading import Reading
from geo.territories.recording import (
    CompiledList,
    ListRefused,
    compile_reading,
    compiled_from,
    decisions_before,
    keeping_others,
    record_territories,
    refuse_unfit,
)
from geo.territories.report import report_on
from mapui.permissions import staff_of_city
from mapui.territory_preview import by_district, marked, open_pieces
from mapui.territory_words import SECTIONS, section_of
from mapui.uploads import KeptUpload, UploadExpired, keep_upload, kept_upload
from mapui.views.staff_boundaries import CHANGE, actor
from mapui.views.staff_territories import newest_list

CONFLICTS = ("twice", "polygon", "unassigned", "uncovered")
"""Sections counted before a list is recorded; the others are shown piece by piece."""


class TerritoryForm(forms.Form):
    """A list: a file, or a text that was pasted."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX with the columns district, street, houses; or a text file."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx,.txt"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the official text"),
        help_text=gettext_lazy("A line «Дільниця № 3» says whose the streets after it are."),
        max_length=1_000_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    district = forms.CharField(
        label=gettext_lazy("Code of the district"),
        help_text=gettext_lazy("Only for a text of one district without such a line."),
        max_length=40,
        required=False,
    )
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        help_text=gettext_lazy("The order, its date, the page. Empty: the name of the file."),
        max_length=300,
        required=False,
    )

    add_streets = forms.BooleanField(
        label=gettext_lazy("Record the streets that are not known here yet"),
        help_text=gettext_lazy(
            "As a rule only for a city whose streets were never brought in. You see them before anything is done."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a file that is too large, both a file and a text, and neither."""
        file, text = self.cleaned_data.get("file"), (self.cleaned_data.get("text") or "").strip()
        if file and file.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1_000_000})
        elif file and text:
            self.add_error("text", _("Choose a file or paste a text, not both."))
        elif not file and not text and not self.errors:
            self.add_error("file", _("Choose a file, or paste a text."))
        return self.cleaned_data


class CommitForm(forms.Form):
    """What the preview sends back."""

    kept = forms.CharField()
    district = forms.CharField(max_length=40, required=False)
    source = forms.CharField(max_length=300, required=False)
    add_streets = forms.BooleanField(required=False)
    after = forms.IntegerField(min_value=0)
    others = forms.ChoiceField(choices=[("keep", ""), ("drop", "")], required=False)


@require_safe
@never_cache
@staff_of_city(*CHANGE)
def bring(request: HttpRequest, city: City) -> HttpResponse:
    """The form."""
    return _form(request, city, TerritoryForm(initial={"add_streets": not city.streets.exists()}))


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def preview(request: HttpRequest, city: City) -> HttpResponse:
    """Show what was read and what is open; the file or text is kept for an hour."""
    form = TerritoryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, city, form)
    file = form.cleaned_data["file"] or SimpleUploadedFile(_("pasted text"), form.cleaned_data["text"].encode())
    kept = keep_upload(file, owner=_owner(request, city))
    try:
        with transaction.atomic():
            response = _read_and_show(request, city, form, kept)
            transaction.set_rollback(True)
    finally:
        forget_gazetteer(city)  # it may know streets that were given up
    return response


def _read_and_show(request: HttpRequest, city: City, form: TerritoryForm, kept: KeptUpload) -> HttpResponse:
    """Show what would be, in a transaction that the caller gives up: new streets are recorded in it."""
    district, add_streets = form.cleaned_data["district"].strip(), form.cleaned_data["add_streets"]
    try:
        reading, content = _read(kept, district)
        places = new_places(city, reading)
        if add_streets:
            add_places(city, places)
        compiled = compile_reading(city, reading)
        refuse_unfit(city, compiled)
    except FileRefused as refusal:
        kept.drop()
        form.add_error(None, str(refusal))
        return _form(request, city, form)
    except ListRefused as refusal:
        kept.drop()
        refused = {"kept": kept, "refusal": str(refusal), "may_add": bool(places.streets) and not add_streets}
        return _preview(request, city, compiled, content, refused, status=422)
    current = newest_list(city)
    before = compiled_from(current, guesses=False) if current else CompiledList((), ())
    others = [code for code in before.districts if code not in compiled.districts]
    report = report_on(city, keeping_others(compiled, before) if others else compiled, at=timezone.now())
    found = [section_of(finding).name for finding in report.findings]
    context = {
        "kept": kept,
        "unused": reading.unused,
        "places": places if add_streets else NewPlaces((), (), ()),
        "may_add": bool(places.streets) and not add_streets,
        "district": district,
        "source": form.cleaned_data["source"],
        "add_streets": add_streets,
        "after": current.number if current else 0,
        "others": others,
        "decisions": decisions_before(compiled, before) if others else [],
        "conflicts": [(SECTIONS[name], found.count(name)) for name in CONFLICTS if name in found],
    }
    return _preview(request, city, compiled, content, context)


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def commit(request: HttpRequest, city: City) -> HttpResponse:
    """Record what was previewed and put it in force."""
    form = CommitForm(request.POST)
    try:
        kept = kept_upload(form.cleaned_data["kept"] if form.is_valid() else "", owner=_owner(request, city))
    except UploadExpired:
        messages.error(
            request, _("The list is no longer kept: it is recorded already, or more than an hour has passed.")
        )
        return redirect("staff_territories", city.slug)
    given = form.cleaned_data
    basis = newest_list(city) if given["others"] == "keep" else None
    try:
        with transaction.atomic():
            reading, content = _read(kept, given["district"])
            if given["add_streets"]:
                add_places(city, new_places(city, reading))
            compiled = compile_reading(city, reading)
            recorded = record_territories(
                city=city,
                compiled=keeping_others(compiled, compiled_from(basis, guesses=False)) if basis else compiled,
                source=given["source"] or kept.name,
                sha256=hashlib.sha256(content).hexdigest(),
                recorded_at=timezone.now(),
                recorded_by=actor(request),
                basis=basis,
                after=given["after"],
            )
    except (FileRefused, ListRefused) as refusal:
        forget_gazetteer(city)
        messages.error(request, str(refusal))
        return redirect("staff_territories", city.slug)
    finally:
        kept.drop()
    messages.success(request, _("List № %(number)d is in force.") % {"number": recorded.number})
    return redirect("staff_territory_report", city.slug)


def _owner(request: HttpRequest, city: City) -> str:
    return f"{actor(request)} {city.slug} territories"


def _read(kept: KeptUpload, district: str) -> tuple[Reading, bytes]:
    """Read a kept list. Raises FileRefused."""
    content = kept.path.read_bytes()
    return read_territories(content, name=kept.name, district=district), content


def _preview(
    request: HttpRequest, city: City, compiled: CompiledList, content: bytes, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    name = context["kept"].name
    text = decoded(content, name) if is_text(content, name) else ""
    pieces = open_pieces(compiled, text)
    page = {
        "city": city,
        "entries": len(compiled.entries),
        "rules": len(compiled.rules),
        "by_district": by_district(compiled),
        "pieces": pieces,
        "stretches": list(marked(text, pieces)) if text else [],
    }
    return render(request, "mapui/staff/territories/preview.html", page | context, status=status)


def _form(request: HttpRequest, city: City, form: TerritoryForm) -> HttpResponse:
    page = {"city": city, "form": form, "max_mb": MAX_BYTES // 1_000_000}
    return render(request, "mapui/staff/territories/bring.html", page, status=422 if form.is_bound else 200)
