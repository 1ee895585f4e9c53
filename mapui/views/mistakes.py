"""Reporting a mistake on a card, and coming back for the answer. A code travels by POST only."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from appeals.card_reports import TooManyReports, TooManyTries, UnknownCode, report_by_code, take_report
from geo.api import caller
from mapui.forms import MistakeCodeForm, MistakeForm
from mapui.views.public import city_or_404, district_or_404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_mistake(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Tell the moderators of the city that a card is wrong; whoever does gets a code for the answer."""
    here = city_or_404(slug)
    answer = district_or_404(here, code)
    form = MistakeForm(request.POST if request.method == "POST" else None)
    context = {"city": here, "answer": answer, "form": form, "card_url": reverse("district", args=[slug, code])}
    if request.method == "POST" and form.is_valid():
        if form.is_by_program:
            return render(request, "mapui/report_mistake.html", context | {"sent": True})
        given = {name: form.cleaned_data[name] for name in ("text", "email", "key")}
        try:
            told = take_report(
                city=here, district_code=code, caller=caller(request), at=timezone.now(), **given
            )  # fmt: skip
        except TooManyReports as reason:
            form.add_error("text", str(reason))
        else:
            return render(request, "mapui/report_mistake.html", context | {"sent": True, "code": told})
    return render(request, "mapui/report_mistake.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mistake_answer(request: HttpRequest) -> HttpResponse:
    """Show what became of a report to whoever has its code. The address names no city: it stands in a mail."""
    form = MistakeCodeForm(request.POST if request.method == "POST" else None)
    report, status = None, HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            report = report_by_code(form.cleaned_data["code"], caller=caller(request), at=timezone.now())
        except UnknownCode as reason:
            form.add_error("code", str(reason))
        except TooManyTries as reason:
            form.add_error("code", str(reason))
            status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "mapui/mistake_answer.html", {"form": form, "report": report}, status=status)
