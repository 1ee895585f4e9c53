"""Streets and houses of a city for its staff: how many are known, and bringing them or renames in from a file."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from geo.addresses.importing import AddressReport, UnreadableAddresses, import_addresses
from geo.addresses.importing.renames import RenameReport, import_renames, read_renames
from geo.models import City, House, Street, StreetName
from geo.tables import MAX_BYTES, FileRefused
from mapui.permissions import staff_of_city
from mapui.uploads import KeptUpload, UploadExpired, keep_upload, kept_upload
from mapui.views.staff_boundaries import CHANGE, READ, actor, may_change

ROWS_SHOWN = 200
"""So many refused rows stand on the page; all are counted."""

ADDRESSES, RENAMES = "addresses", "renames"


class FileForm(forms.Form):
    """A file to bring in; `kind` says what it holds."""

    kind = forms.ChoiceField(choices=[(ADDRESSES, ""), (RENAMES, "")], widget=forms.HiddenInput)
    file = forms.FileField(label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file.")})

    def clean_file(self) -> Any:
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        limit = settings.IMPORT_MAX_BYTES
        if file.size > limit:
            raise forms.ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": limit // 1_000_000})
        return file


@require_safe
@never_cache
@staff_of_city(*READ)
def addresses(request: HttpRequest, city: City) -> HttpResponse:
    """What the city knows, and the uploads."""
    return _list(request, city)


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def preview(request: HttpRequest, city: City) -> HttpResponse:
    """Show what a file would do; it is kept for an hour."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, city, [str(error) for errors in form.errors.values() for error in errors])
    kind = form.cleaned_data["kind"]
    kept = keep_upload(form.cleaned_data["file"], owner=_owner(request, city, kind))
    try:
        report = _bring_in(city, kind, kept, commit=False)
    except (UnreadableAddresses, FileRefused) as refusal:
        kept.drop()
        return _list(request, city, [str(refusal)])
    context: dict[str, Any] = {"city": city, "kind": kind, "kept": kept, "report": report}
    if isinstance(report, AddressReport):
        nothing = report.counts.is_nothing
        context |= {"refusals": report.refusals[:ROWS_SHOWN], "more": max(0, report.refused - ROWS_SHOWN)}
    else:
        nothing = not report.changes
    if nothing:
        kept.drop()
    return render(request, "mapui/staff/addresses/preview.html", context | {"nothing": nothing})


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def commit(request: HttpRequest, city: City) -> HttpResponse:
    """Carry out what was previewed."""
    kind = RENAMES if request.POST.get("kind") == RENAMES else ADDRESSES
    try:
        kept = kept_upload(request.POST.get("kept", ""), owner=_owner(request, city, kind))
    except UploadExpired:
        messages.error(request, _("The file is no longer kept. Choose it again."))
        return redirect("staff_addresses", city.slug)
    try:
        report = _bring_in(city, kind, kept, commit=True)
    except (UnreadableAddresses, FileRefused) as refusal:
        return _list(request, city, [str(refusal)])
    finally:
        kept.drop()
    if isinstance(report, AddressReport):
        done = ", ".join(f"{label}: {count}" for label, count in report.lines())
    else:
        done = _("renames carried out: %(count)d") % {"count": len(report.changes)}
    messages.success(request, _("Done: %(what)s.") % {"what": done})
    return redirect("staff_addresses", city.slug)


def _owner(request: HttpRequest, city: City, kind: str) -> str:
    return f"{actor(request)} {city.slug} {kind}"


def _bring_in(city: City, kind: str, kept: KeptUpload, *, commit: bool) -> AddressReport | RenameReport:
    if kind == ADDRESSES:
        return import_addresses(city, kept.path, commit=commit)
    with kept.path.open("rb") as file:
        table = read_renames(file.read(MAX_BYTES + 1), name=kept.name)
    return import_renames(city, table, commit=commit)


def _list(request: HttpRequest, city: City, problems: list[str] | None = None) -> HttpResponse:
    streets = Street.objects.filter(city=city)
    context = {
        "city": city,
        "problems": problems,
        "may_change": may_change(request, city),
        "streets": streets.count(),
        "houses": House.objects.filter(street__city=city).count(),
        "names": StreetName.objects.filter(street__city=city).count(),
        "without_houses": streets.filter(houses=None).count(),
        "max_mb": settings.IMPORT_MAX_BYTES // 1_000_000,
        "forms": [(kind, FileForm(initial={"kind": kind}, auto_id=f"{kind}_%s")) for kind in (ADDRESSES, RENAMES)],
    }
    return render(request, "mapui/staff/addresses/list.html", context, status=422 if problems else 200)
