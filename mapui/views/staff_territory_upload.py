"""Bring a list of streets in: a table or an official text is read, shown with all that is open, then put in force."""

import hashlib
from collections import Counter
from dataclasses import replace
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geo.addresses.index import forget_gazetteer
from geo.models import City
from geo.tables import MAX_BYTES, FileRefused, decoded
from geo.territories.adding import add_places, new_places
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
from mapui.lists import page_of
from mapui.permissions import staff_of_city
from mapui.territory_preview import Decided, Preview, by_district, marked, open_pieces
from mapui.territory_words import SECTIONS, section_of
from mapui.uploads import KeptUpload, UploadExpired, keep_upload, kept_upload
from mapui.views.staff_boundaries import CHANGE, actor
from mapui.views.staff_territories import newest_list

PAGE_SIZE = 50
PREVIEW = "preview.json"
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


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was read and what is open; a POST reads, a GET shows another page of what was read."""
    return _first_look(request, slug) if request.method == "POST" else _further_page(request, slug)


@staff_of_city(*CHANGE)
def _first_look(request: HttpRequest, city: City) -> HttpResponse:
    """Read a file or text; it is kept for an hour, with what was read."""
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


@staff_of_city(*CHANGE)
def _further_page(request: HttpRequest, city: City) -> HttpResponse:
    try:
        kept = kept_upload(request.GET.get("kept", ""), owner=_owner(request, city))
        read = Preview.from_json(kept.beside(PREVIEW).read_text(encoding="utf-8"))
    except (UploadExpired, OSError):
        messages.error(request, _gone())
        return redirect("staff_territory_bring", city.slug)
    return _show(request, city, kept, read, _text_of(kept.path.read_bytes(), kept.name))


def _read_and_show(request: HttpRequest, city: City, form: TerritoryForm, kept: KeptUpload) -> HttpResponse:
    """Show what would be, in a transaction that the caller gives up: new streets are recorded in it."""
    district, add_streets = form.cleaned_data["district"].strip(), form.cleaned_data["add_streets"]
    try:
        reading, content = _read(kept, district)
    except FileRefused as refusal:
        kept.drop()
        form.add_error(None, str(refusal))
        return _form(request, city, form)
    text = _text_of(content, kept.name)
    compiled = compile_reading(city, reading)
    places = new_places(city, compiled)
    if add_streets:
        add_places(city, places)
        compiled = compile_reading(city, reading)
    read = Preview(
        district=district,
        source=form.cleaned_data["source"],
        add_streets=add_streets,
        entries=len(compiled.entries),
        rules=len(compiled.rules),
        by_district=by_district(compiled),
        pieces=open_pieces(compiled, text),
        may_add=bool(places.streets) and not add_streets,
    )
    try:
        refuse_unfit(city, compiled)
    except ListRefused as refusal:
        kept.drop()
        return _show(request, city, kept, read, text, refusal=str(refusal))
    current = newest_list(city)
    before = compiled_from(current, guesses=False) if current else CompiledList((), ())
    others = [code for code in before.districts if code not in compiled.districts]
    report = report_on(city, keeping_others(compiled, before) if others else compiled, at=timezone.now())
    found = Counter(section_of(finding).name for finding in report.findings)
    read = replace(
        read,
        unused=reading.unused,
        settlements=places.settlements if add_streets else (),
        streets=places.streets if add_streets else (),
        names_left=add_streets and bool(places.left),
        after=current.number if current else 0,
        others=tuple(others),
        decisions=tuple(
            Decided(one.street or one.settlement, str(one.houses), one.district)
            for one in (decisions_before(compiled, before) if others else ())
        ),
        conflicts=tuple((name, found[name]) for name in CONFLICTS if found[name]),
    )
    kept.beside(PREVIEW).write_text(read.to_json(), encoding="utf-8")
    return _show(request, city, kept, read, text)


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def commit(request: HttpRequest, city: City) -> HttpResponse:
    """Record what was previewed and put it in force."""
    form = CommitForm(request.POST)
    try:
        kept = kept_upload(form.cleaned_data["kept"] if form.is_valid() else "", owner=_owner(request, city))
    except UploadExpired:
        messages.error(request, _gone())
        return redirect("staff_territories", city.slug)
    given = form.cleaned_data
    basis = newest_list(city) if given["others"] == "keep" else None
    try:
        with transaction.atomic():
            reading, content = _read(kept, given["district"])
            if given["add_streets"]:
                add_places(city, new_places(city, compile_reading(city, reading)))
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


def _text_of(content: bytes, name: str) -> str:
    """The text that was read; empty for a table."""
    return decoded(content, name) if is_text(content, name) else ""


def _gone() -> str:
    return _("The list is no longer kept: it is recorded already, or more than an hour has passed.")


def _show(
    request: HttpRequest, city: City, kept: KeptUpload, read: Preview, text: str, *, refusal: str = ""
) -> HttpResponse:
    """One page of what decides nothing, and the rest. What was refused is no longer kept: it has one page."""
    page = page_of(request, read.pieces, size=PAGE_SIZE)
    pieces = list(page)
    context = {
        "city": city,
        "kept": kept,
        "read": read,
        "refusal": refusal,
        "conflicts": [(SECTIONS[name], count) for name, count in read.conflicts],
        "page": page,
        "pieces": pieces,
        "stretches": list(marked(text, pieces)) if text and pieces else [],
    }
    return render(request, "mapui/staff/territories/preview.html", context, status=422 if refusal else 200)


def _form(request: HttpRequest, city: City, form: TerritoryForm) -> HttpResponse:
    page = {"city": city, "form": form, "max_mb": MAX_BYTES // 1_000_000}
    return render(request, "mapui/staff/territories/bring.html", page, status=422 if form.is_bound else 200)
