"""Mistakes that readers report on cards, for those who keep the cards: the queue, one report beside the card, spam."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appeals.card_reports import AnswerMissing, ReportRefused, answer_report, dismiss, take_up
from appeals.models import CardReport
from appeals.models.card_reports import ANSWER_MAX, OPEN
from geo.models import City
from mapui.letter_readers import reader
from mapui.lists import Queue, list_address
from mapui.permissions import staff_of_city, under_own_eyes
from people.models import KEEPERS, Posting


class AnswerForm(forms.Form):
    """What the reporter reads."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        help_text=gettext_lazy("Whoever reported it reads this. May be empty where the card is mended."),
        max_length=ANSWER_MAX,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


@require_safe
@never_cache
@staff_of_city(*KEEPERS)
@under_own_eyes
def mistakes(request: HttpRequest, city: City) -> HttpResponse:
    """Reports that wait, the oldest first; or those that are settled, the newest first."""
    reports = CardReport.objects.filter(city=city).select_related("by")
    queue = Queue(request, waiting=reports.open(), done=reports.exclude(state__in=OPEN).order_by("-settled_at", "-pk"))
    return render(request, "mapui/staff/mistakes/list.html", {"city": city, "queue": queue})


@require_POST
@never_cache
@staff_of_city(*KEEPERS)
@under_own_eyes
def dismiss_chosen(request: HttpRequest, city: City) -> HttpResponse:
    """Set the chosen reports aside as spam."""
    keys = [int(key) for key in request.POST.getlist("report") if key.isascii() and key.isdigit() and len(key) < 19]
    count = dismiss(by=reader(request), city=city, keys=keys, at=timezone.now())
    messages.success(
        request, ngettext("%(n)d report set aside as spam.", "%(n)d reports set aside as spam.", count) % {"n": count}
    )
    return redirect(list_address(request, "staff_mistakes", city.slug))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(*KEEPERS)
@under_own_eyes
def mistake(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """One report beside what the card says now; the button says what is done with it."""
    user = reader(request)
    report = get_object_or_404(CardReport.objects.select_related("by", "proposal", "city"), pk=pk, city=city)
    deed = request.POST.get("to", "")
    form = AnswerForm(request.POST if deed in {"mended", "declined"} else None)
    problem = ""
    try:
        if deed == "take":
            take_up(by=user, report=report)
            messages.success(request, _("The report is in your hands."))
            return redirect(list_address(request, "staff_mistake", city.slug, pk))
        if form.is_bound and form.is_valid():
            answer_report(
                by=user, report=report, is_mended=deed == "mended", answer=form.cleaned_data["answer"],
                at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("The report is settled, and its reporter can read the answer."))
            return redirect(list_address(request, "staff_mistakes", city.slug))
    except AnswerMissing as refusal:
        form.add_error("answer", str(refusal))
    except ReportRefused as refusal:
        problem = str(refusal)
    context = {"city": city, "report": report, "form": form, "problem": problem} | _card(city, report)
    return render(request, "mapui/staff/mistakes/mistake.html", context, status=422 if problem or form.errors else 200)


def _card(city: City, report: CardReport) -> dict[str, Any]:
    """What the card of the district says now, with the way to change each part of it."""
    district = city.districts.filter(code=report.district_code).first()
    postings = Posting.objects.on(timezone.localdate()).filter(district=district, district__isnull=False)
    officers = [each.officer for each in postings.select_related("officer__station").order_by("-role", "pk")]
    stations = {each.station.pk: each.station for each in officers if each.station}
    return {"district": district, "officers": officers, "stations": stations.values()}
