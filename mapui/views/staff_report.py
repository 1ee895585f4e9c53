"""The half-year report to the local council: begun, written, looked at, printed, signed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.models import Report, ReportVersion
from analysis.models.reports import BLOCKS
from analysis.reports import deeds
from analysis.reports.deeds import NotTheirReport, ReportRefused
from analysis.reports.numbers import numbers_of
from analysis.reports.reading import report_read_by, versions_of
from appeals.models import districts_open_to
from geo.models import City, District
from geo.moments import local_day
from mapui.letter_readers import reader, reader_of_letters
from mapui.permissions import has_role
from mapui.report import BLOCK_NAMES, BeginForm, WordsForm, content_of, pdf_of, shown
from people.models import Membership, User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reader_of_letters
def reports(request: HttpRequest, city: City) -> HttpResponse:
    """Show the reports that the reader may see; open the one of a half-year, begun now where there was none."""
    user, now = reader(request), timezone.now()
    supervises = has_role(user, city, Membership.Role.SUPERVISOR)
    districts = District.objects.filter(districts_open_to(user, district="pk"), city=city).in_force_at(now)
    form = BeginForm(
        request.POST or None, districts=list(districts.order_by("code")), whole_city=supervises, today=local_day(now)
    )
    if request.method == "POST" and form.is_valid():
        first, last = form.days
        try:
            report = deeds.begin(city=city, district=form.chosen, first=first, last=last, by=user, at=now)
        except ReportRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("staff_report", city.slug, report.pk)
    visible = Report.objects.visible_to(user, on=local_day(now)).filter(city=city).select_related("district")
    context = {"city": city, "form": form, "reports": visible.defer("pdf", "content"), "supervises": supervises}
    return render(request, "mapui/staff/report/list.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@reader_of_letters
def report(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Show a report as it stands, and the forms of its words."""
    return _page(request, *_report(request, city, pk))


@require_safe
@never_cache
@reader_of_letters
def printed(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Show the report alone, to be printed."""
    found, versions = _report(request, city, pk)
    return render(request, "mapui/staff/report/print.html", _shown(request, found, _newest_words(versions)))


@require_safe
@never_cache
@reader_of_letters
def pdf(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Return the PDF: what was signed as it was signed, a draft as it stands."""
    found, versions = _report(request, city, pk)
    content = bytes(found.pdf) if found.pdf is not None else pdf_of(_shown(request, found, _newest_words(versions)))
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{city.slug}-{found.district.code.replace('/', '-') if found.district else 'city'}-{found.first:%Y-%m}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@never_cache
@reader_of_letters
def deed(request: HttpRequest, city: City, pk: int, name: str) -> HttpResponse:
    """Save the words, or sign."""
    (found, _read), user, now = _report(request, city, pk), reader(request), timezone.now()
    try:
        match name:
            case "write":
                form = WordsForm(request.POST)
                if not form.is_valid():
                    return _page(request, found, versions_of(found), form=form)
                deeds.write(report=found, words=form.words, after=form.cleaned_data["after"], by=user, at=now)
                messages.success(request, _("Saved."))
            case "sign":
                content = _content(request, found, deeds.words_of(found), by=user)
                deeds.sign(
                    report=found,
                    content=content,
                    by=user,
                    at=now,
                    printed=lambda signed: pdf_of(shown(signed, content, on=local_day(now))),
                )
                messages.success(request, _("The report is signed."))
            case _:
                raise Http404
    except NotTheirReport as refusal:
        raise PermissionDenied from refusal
    except ReportRefused as refusal:
        form_again = WordsForm(request.POST) if name == "write" else None
        return _page(request, found, versions_of(found), form=form_again, refused=str(refusal))
    return redirect("staff_report", city.slug, pk)


def _page(
    request: HttpRequest,
    found: Report,
    versions: Sequence[ReportVersion],
    *,
    form: WordsForm | None = None,
    refused: str = "",
) -> HttpResponse:
    newest = versions[0].number if versions else 0
    words = _newest_words(versions)
    failed = bool(refused or (form and form.errors))
    context = _shown(request, found, words) | {
        "form": form or WordsForm(initial={"after": newest} | words),
        "versions": [{"version": each, "blocks": _blocks(each)} for each in versions],
        "refused": refused,
    }
    return render(request, "mapui/staff/report/page.html", context, status=422 if failed else 200)


def _newest_words(versions: Sequence[ReportVersion]) -> dict[str, str]:
    return deeds.words_in(versions[0] if versions else None)


def _blocks(version: ReportVersion) -> list[dict[str, Any]]:
    return [{"name": BLOCK_NAMES[block], "text": version.words[block]} for block in BLOCKS if version.words[block]]


def _shown(request: HttpRequest, found: Report, words: Mapping[str, str]) -> dict[str, Any]:
    content = found.content or _content(request, found, words, by=found.begun_by)
    return shown(found, content, on=local_day(timezone.now()))


def _content(request: HttpRequest, found: Report, words: Mapping[str, str], *, by: User) -> dict[str, Any]:
    numbers = numbers_of(found, user=reader(request), on=local_day(timezone.now()))
    return content_of(found, numbers, words, by=by)


def _report(request: HttpRequest, city: City, pk: int) -> tuple[Report, list[ReportVersion]]:
    """Return a report with the versions of its words, the newest first. Raises Http404."""
    found = report_read_by(reader(request), city=city, pk=pk, on=local_day(timezone.now()))
    if found is None:
        raise Http404
    return found
