"""Pages for everybody: who is my district officer. A place travels by POST only, never in an address."""

import math
import re
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appeals.services import letters_open_in
from geo.lookup import OutsideServedArea
from geo.models import City, District
from mapui.forms import MistakeForm, PlaceForm
from people.corrections import TooManyReports, report_card
from people.lookup import Answer, UnknownDistrict, district_answer, district_cards, lookup_house, lookup_point
from people.models import HelpLine

BORDER_COOKIE = "border"
BORDER_COOKIE_SECONDS = 600
BORDER_STEP_M = 5
"""Distances to borders are told in steps, in metres: two exact ones, where three districts meet, would be a place."""
DIGITS = re.compile(r"(\d+)")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Choose a city, or ask about a place in any of them."""
    form = PlaceForm(request.POST if request.method == "POST" else None)
    outside = None
    if request.method == "POST" and form.is_valid():
        try:
            answer = _asked(form, None)
        except OutsideServedArea as away:
            outside = away
        else:
            if answer:
                return _to_card(request, answer)
    return render(
        request,
        "mapui/home.html",
        {"form": form, "outside": outside, "cities": City.objects.visible_on_site(), "help_lines": _emergency_lines()},
    )


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """The city's map, field and list of districts."""
    return render(request, "mapui/city.html", _city_context(_city(slug)))


@never_cache
def lookup(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a place (POST) by going on to its district's card; a wrong or outside place is told on the spot."""
    if request.method != "POST":
        return redirect("city", slug)
    here = _city(slug)
    form = PlaceForm(request.POST)
    outside = None
    if form.is_valid():
        try:
            answer = _asked(form, here)
        except OutsideServedArea as away:
            outside = away
        else:
            if answer:
                return _to_card(request, answer)
    return render(request, "mapui/city.html", _city_context(here) | {"form": form, "outside": outside})


@require_safe
def district(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The card of a district: who answers for it today."""
    here = _city(slug)
    answer = _district_or_404(here, code)
    return render(
        request,
        "mapui/district.html",
        _city_context(here)
        | {
            "answer": answer,
            "border": _border_from_cookie(request, here, code),
            "is_open": letters_open_in(here),
            "share_url": request.build_absolute_uri(reverse("district", args=[slug, code])),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report_mistake(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Tell the moderators of the city that a card is wrong."""
    here = _city(slug)
    answer = _district_or_404(here, code)
    form = MistakeForm(request.POST if request.method == "POST" else None)
    sent = False
    if request.method == "POST" and form.is_valid():
        try:
            if not form.is_by_program:
                report_card(city=here, district_code=code, text=form.cleaned_data["text"], reported_at=timezone.now())
            sent = True
        except TooManyReports as reason:
            form.add_error("text", str(reason))
    context = {
        "city": here,
        "answer": answer,
        "form": form,
        "sent": sent,
        "card_url": reverse("district", args=[slug, code]),
    }
    return render(request, "mapui/report_mistake.html", context)


def _city(slug: str) -> City:
    return get_object_or_404(City.objects.visible_on_site(), slug=slug)


def _district_or_404(here: City, code: str) -> Answer:
    try:
        return district_answer(city=here, code=code, at=timezone.now())
    except UnknownDistrict as unknown:
        raise Http404(str(unknown)) from unknown


def _asked(form: PlaceForm, here: City | None) -> Answer | None:
    """Return who serves the place in the form, or None with the reason among the form's errors.

    Raises OutsideServedArea.
    """
    place = form.place([here] if here else list(City.objects.served()))
    if place is None:
        return None
    now = timezone.now()
    if place.city and place.house:
        return lookup_house(city=place.city, house=place.house, at=now)
    if here is None:
        return lookup_point(lon=place.lon, lat=place.lat, at=now)
    return lookup_point(lon=place.lon, lat=place.lat, at=now, city=here.slug, stages=[here.stage])


def _to_card(request: HttpRequest, answer: Answer) -> HttpResponseRedirect:
    """Go on to the card; what the border said goes along in a signed cookie that knows no place."""
    response = HttpResponseRedirect(reverse("district", args=[answer.city_slug, answer.district.code]), status=303)
    path = reverse("city", args=[answer.city_slug])
    if answer.border.neighbours:
        near = [[each.district.code, _at_most_m(each.distance_m)] for each in answer.border.neighbours]
        response.set_cookie(
            BORDER_COOKIE,
            signing.dumps([answer.district.code, near], salt=path),
            BORDER_COOKIE_SECONDS,
            path=path,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(BORDER_COOKIE, path=path, samesite="Lax")
    return response


def _at_most_m(distance_m: float) -> int:
    """Return a distance rounded up to whole steps, in metres."""
    return max(1, math.ceil(distance_m / BORDER_STEP_M)) * BORDER_STEP_M


def _border_from_cookie(request: HttpRequest, here: City, code: str) -> list[dict[str, Any]]:
    """Return the neighbouring districts near the place that was asked about, if it was asked a moment ago."""
    try:
        own, near = signing.loads(
            request.COOKIES.get(BORDER_COOKIE, ""),
            salt=reverse("city", args=[here.slug]),
            max_age=BORDER_COOKIE_SECONDS,
        )
    except signing.BadSignature:
        return []
    if own != code:
        return []
    cards = district_cards(city=here, codes=[neighbour for neighbour, _distance in near], at=timezone.now())
    return [
        {"district": cards[neighbour], "distance_m": distance_m} for neighbour, distance_m in near if neighbour in cards
    ]


def _city_context(here: City) -> dict[str, Any]:
    return {
        "city": here,
        "form": PlaceForm(),
        "districts": _districts(here),
        "help_lines": _emergency_lines(),
    }


def _districts(here: City) -> list[District]:
    """Return the districts in force now in the order people count: 2 before 10."""
    in_force = District.objects.filter(
        city=here, boundaries__edition__periods__period__contains=timezone.now()
    ).distinct()
    return sorted(in_force, key=lambda each: [(len(part), part) for part in DIGITS.split(each.code)])


def _emergency_lines() -> list[HelpLine]:
    return list(HelpLine.objects.filter(purpose=HelpLine.Purpose.EMERGENCY))
