"""Days off and moved working days of a city: all of Ukraine's to look at, its own to keep."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appeals.days_off import LISTS, DayRefused, deeds_to_undo, remove_day, save_day, undo_deed
from appeals.models import clock_of
from geo.models import City
from geo.moments import local_day
from mapui.city_days import FORMS, days_of, own_by_year, read_year
from mapui.deed_words import sentence_of
from mapui.letter_readers import reader
from mapui.permissions import staff_of_city
from people.models import Membership, StaffDeed

COORDINATOR = Membership.Role.COORDINATOR
DEEDS_SHOWN = 20


@require_safe
@never_cache
@staff_of_city(COORDINATOR)
def days(request: HttpRequest, city: City) -> HttpResponse:
    """Show the days of a year, those to come first, and what was done to the city's own."""
    today, calendar = local_day(timezone.now()), clock_of(city).calendar
    year = read_year(request.GET.get("year", ""), today=today)
    shown = days_of(city, calendar, year=year)
    own = own_by_year(city)
    done = list(StaffDeed.objects.filter(city=city, deed=StaffDeed.Deed.DAY).select_related("by")[:DEEDS_SHOWN])
    undone = deeds_to_undo(done, today=today)
    context = {
        "city": city,
        "year": year,
        "before": year - 1,
        "after": year + 1,
        "is_martial_law": calendar.is_under_martial_law(today),
        "coming": [each for each in shown if each.day >= today],
        "past": [each for each in shown if each.day < today],
        "elsewhere": {other: count for other, count in own.items() if other != year},
        "deeds": [{"deed": each, "words": sentence_of(each), "may_undo": each in undone} for each in done],
    }
    return render(request, "mapui/staff/days/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(COORDINATOR)
def day(request: HttpRequest, city: City, listed: str, pk: int | None = None) -> HttpResponse:
    """Put a day down, change it, or take it away; the button says which."""
    found: Any = get_object_or_404(LISTS[listed], city=city, pk=pk) if pk else None
    form = FORMS[listed](request.POST if request.method == "POST" else None, instance=found)
    about: dict[str, Any] = {"by": reader(request), "city": city, "listed": listed, "at": timezone.now()}
    if found and request.POST.get("to") == "remove":
        return _done(request, city, found.day.year, lambda: remove_day(pk=found.pk, **about))
    if request.method == "POST" and form.is_valid():
        try:
            save_day(pk=pk, values=form.values(), **about)
        except DayRefused as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, _("The day is saved."))
            return _back(city, form.cleaned_data["day"].year)
    context = {"city": city, "listed": listed, "day": found, "form": form}
    return render(request, "mapui/staff/days/day.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
@staff_of_city(COORDINATOR)
def undo(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Put a day back as it stood before a deed."""
    deed = get_object_or_404(StaffDeed, pk=pk, city=city, deed=StaffDeed.Deed.DAY)
    year = int((deed.facts["before"] or deed.facts["after"])["day"][:4])
    return _done(
        request, city, year, lambda: undo_deed(by=reader(request), city=city, deed=deed, at=timezone.now())
    )  # fmt: skip


def _done(request: HttpRequest, city: City, year: int, do: Callable[[], None]) -> HttpResponse:
    try:
        do()
    except DayRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. It stands below among what was done."))
    return _back(city, year)


def _back(city: City, year: int) -> HttpResponse:
    return redirect(f"{reverse('staff_days', args=[city.slug])}?year={year}")
