"""Officers of a city for its staff: who answers today, and bringing officers in from a file."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geo.models import City, District
from geo.workbooks import XLSX
from mapui.letter_readers import reader
from mapui.lists import SearchForm, page_of
from mapui.permissions import staff_of_city
from people.exporting import officers_template, officers_workbook, stations_workbook
from people.findings import (
    STALE_AFTER_DAYS,
    called_like,
    served,
    staffing,
)
from people.importing import (
    MAX_BYTES,
    FileRefused,
    ImportRefused,
    Plan,
    PlanOutdated,
    Table,
    commit_import,
    plan_import,
    read_officers_file,
    read_stations_file,
)
from people.models import Membership, Station

DRAFT_SALT = "mapui.staff_officers.draft"
DRAFT_SECONDS = 3600
"""How long a preview may be carried out."""

ONLY_VACANT, ONLY_STALE = "vacant", "stale"
STAFF = (Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR)
WORKBOOKS: dict[str, Callable[[City, datetime.date], bytes]] = {
    "officers": officers_workbook,
    "stations": lambda city, _on: stations_workbook(city),
    "template": lambda city, _on: officers_template(city),
}


class OfficersFileForm(forms.Form):
    """The files to bring in; at least one."""

    officers = forms.FileField(label=gettext_lazy("File of officers"), required=False)
    stations = forms.FileField(label=gettext_lazy("File of stations"), required=False)

    officers.widget.attrs["accept"] = stations.widget.attrs["accept"] = ".csv,.xlsx,text/csv"

    def clean(self) -> dict[str, Any]:
        """Replace each file by the table in it."""
        tables: dict[str, Any] = {}
        for name, read in (("officers", read_officers_file), ("stations", read_stations_file)):
            file: Any = self.cleaned_data.get(name)
            if file:
                try:
                    tables[name] = read(file.read(MAX_BYTES + 1), name=(file.name or name)[-80:])
                except FileRefused as refusal:
                    self.add_error(name, str(refusal))
        if not tables and not self.errors:
            self.add_error("officers", _("Choose a file: CSV or XLSX."))
        return tables


@require_safe
@never_cache
@staff_of_city(*STAFF)
def officers(request: HttpRequest, city: City) -> HttpResponse:
    """Districts with who answers today, vacancies first, and the upload."""
    return render(
        request, "mapui/staff/officers/list.html", _list_context(request, city) | {"form": OfficersFileForm()}
    )


@require_http_methods(["POST"])
@never_cache
@staff_of_city(*STAFF)
def preview(request: HttpRequest, city: City) -> HttpResponse:
    """Show what the files would do. They come along to the next step, signed, in the page itself: nothing is kept."""
    form = OfficersFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(
            request, "mapui/staff/officers/list.html", _list_context(request, city) | {"form": form}, status=422
        )
    return _preview(request, city, form.cleaned_data)


@require_POST
@never_cache
@staff_of_city(*STAFF)
def commit(request: HttpRequest, city: City) -> HttpResponse:
    """Carry out what was previewed, if it is still the same."""
    try:
        draft = signing.loads(request.POST.get("draft", ""), salt=DRAFT_SALT, max_age=DRAFT_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old. Choose the file again."))
        return redirect("staff_officers", city.slug)
    if draft["city"] != city.slug or draft["user"] != request.user.pk:
        messages.error(request, _("The preview belongs to another city or person. Choose the file again."))
        return redirect("staff_officers", city.slug)
    tables = {name: Table.from_json(data) for name, data in draft["tables"].items()}
    try:
        done = commit_import(
            city=city, today=timezone.localdate(), at=timezone.now(), by=reader(request),
            expected=draft["fingerprint"], **tables,
        )  # fmt: skip
    except (ImportRefused, PlanOutdated):
        messages.warning(
            request, _("Officers have changed since the preview. Nothing was done; here is a new preview.")
        )
        return _preview(request, city, tables)
    messages.success(
        request,
        ngettext("Done: %(count)d step carried out.", "Done: %(count)d steps carried out.", len(done.steps))
        % {"count": len(done.steps)}
        + " "
        + _("To undo contacts, import the copy you downloaded before; postings are corrected on the officer's page."),
    )
    return redirect("staff_officers", city.slug)


@require_safe
@never_cache
@staff_of_city(*STAFF)
def workbook(request: HttpRequest, city: City, name: str) -> HttpResponse:
    """The template, or a copy of what there is, as a workbook."""
    if name not in WORKBOOKS:
        raise Http404
    today = timezone.localdate()
    response = HttpResponse(WORKBOOKS[name](city, today), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{city.slug}-{name}-{today.isoformat()}.xlsx"'
    return response


def _preview(request: HttpRequest, city: City, tables: dict[str, Table]) -> HttpResponse:
    plan: Plan = plan_import(city=city, today=timezone.localdate(), **tables)
    draft = ""
    if plan.steps and not plan.errors:
        draft = signing.dumps(
            {
                "city": city.slug,
                "user": request.user.pk,
                "fingerprint": plan.fingerprint,
                "tables": {name: table.as_json() for name, table in tables.items()},
            },
            salt=DRAFT_SALT,
            compress=True,
        )
    context = {"city": city, "plan": plan, "draft": draft, "tables": list(tables.values())}
    status = 422 if plan.errors else 200
    return render(request, "mapui/staff/officers/preview.html", context, status=status)


def _list_context(request: HttpRequest, city: City) -> dict[str, Any]:
    """What the list shows: a page of the districts, those without anybody first, as far as they are sought."""
    today = timezone.localdate()
    listed = everything = served(city, today)
    only, form = request.GET.get("only", ""), SearchForm(request.GET)
    sought = form.cleaned_data["q"] if form.is_valid() else ""
    if only == ONLY_VACANT:
        listed = [each for each in listed if not each.is_served]
    elif only == ONLY_STALE:
        listed = [each for each in listed if each.is_stale]
    if sought:
        found = called_like(District.objects.filter(city=city), sought, today)
        keys = set(found.values_list("pk", flat=True))
        listed = [each for each in listed if each.pk in keys]
    page = page_of(request, listed)
    return {
        "districts": len(everything),
        "vacancies": sum(not each.is_served for each in everything),
        "stale": sum(each.is_stale for each in everything),
        "city": city,
        "today": today,
        "search": form,
        "sought": sought,
        "only": only if only in {ONLY_VACANT, ONLY_STALE} else "",
        "page": page,
        "staffing": staffing(city, today, [each.code for each in page]),
        "stale_days": STALE_AFTER_DAYS,
        "duty": Station.objects.filter(city=city, is_duty=True).exclude(phone="").exists(),
    }
