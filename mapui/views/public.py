"""Pages for everybody: who is my district officer. A place travels by POST only, never in an address."""

import math
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appeals.services import letters_open_in
from geo.labels import in_counting_order
from geo.lookup import AnswersByAddressOnly, OutsideServedArea
from geo.models import BoundaryEdition, City, District
from mapui.forms import HouseOf, PlaceForm
from people.lookup import Answer, UnknownDistrict, district_answer, district_cards, lookup_house, lookup_point
from people.models import HelpLine

BORDER_COOKIE = "border"
BORDER_COOKIE_SECONDS = 600
BORDER_STEP_M = 5
"""Distances to borders are told in steps, in metres: two exact ones, where three districts meet, would be a place."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Choose a city, or ask about a place in any of them."""
    form = PlaceForm(request.POST if request.method == "POST" else None)
    outside = None
    if request.method == "POST" and form.is_valid():
        try:
            if card := _card_of_place(request, form, None):
                return card
        except OutsideServedArea as away:
            outside = away
    return render(
        request,
        "mapui/home.html",
        {
            "form": form,
            "outside": outside,
            "cities": City.objects.visible_on_site(),
            "help_lines": _emergency_lines(None),
        },
    )


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """The city's map, field and list of districts."""
    return render(request, "mapui/city.html", _city_context(city_or_404(slug)))


@never_cache
def lookup(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a place (POST) by going on to its district's card; a wrong or outside place is told on the spot."""
    if request.method != "POST":
        return redirect("city", slug)
    here = city_or_404(slug)
    form = PlaceForm(request.POST)
    outside = None
    if form.is_valid():
        try:
            if card := _card_of_place(request, form, here):
                return card
        except OutsideServedArea as away:
            outside = away
    return render(request, "mapui/city.html", _city_context(here) | {"form": form, "outside": outside})


@require_safe
def district(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The card of a district: who answers for it today."""
    here = city_or_404(slug)
    answer = district_or_404(here, code)
    return render(
        request,
        "mapui/district.html",
        _city_context(here)
        | {
            "answer": answer,
            "is_open": letters_open_in(here),
            "share_url": request.build_absolute_uri(reverse("district", args=[slug, code])),
        }
        | _said_of_place(request, here, code),
    )


def city_or_404(slug: str) -> City:
    """Return a city that has a page. Raises Http404."""
    return get_object_or_404(City.objects.visible_on_site(), slug=slug)


def district_or_404(here: City, code: str) -> Answer:
    """Return who answers for a district of a city today. Raises Http404."""
    try:
        return district_answer(city=here, code=code, at=timezone.now())
    except UnknownDistrict as unknown:
        raise Http404(str(unknown)) from unknown


def _card_of_place(request: HttpRequest, form: PlaceForm, here: City | None) -> HttpResponseRedirect | None:
    """Go on to the card of who serves the place in the form, or return None with the reason among the form's errors.

    Raises OutsideServedArea.
    """
    now = timezone.now()
    place = form.place([here] if here else list(City.objects.served()), now)
    if place is None:
        return None
    if isinstance(place, HouseOf):
        answer = lookup_house(city=place.city, house=place.house, at=now)
        return _to_card(request, answer, house_known=place.house.point is not None or not place.house.house)
    lon, lat = place
    if here is None:
        return _to_card(request, lookup_point(lon=lon, lat=lat, at=now))
    try:
        return _to_card(request, lookup_point(lon=lon, lat=lat, at=now, city=here.slug, stages=[here.stage]))
    except AnswersByAddressOnly as reason:
        form.add_error("q", str(reason))
        return None


def _to_card(request: HttpRequest, answer: Answer, *, house_known: bool = True) -> HttpResponseRedirect:
    """Go on to the card; what was learned of the place goes along in a signed cookie that knows no place."""
    response = HttpResponseRedirect(reverse("district", args=[answer.city_slug, answer.district.code]), status=303)
    path = reverse("city", args=[answer.city_slug])
    if answer.border.neighbours or not house_known:
        near = [[each.district.code, _at_most_m(each.distance_m)] for each in answer.border.neighbours]
        response.set_cookie(
            BORDER_COOKIE,
            signing.dumps([answer.district.code, near, house_known], salt=path),
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


def _said_of_place(request: HttpRequest, here: City, code: str) -> dict[str, Any]:
    """Return what the card says of the place that was asked about a moment ago, if one was.

    `border`: the neighbouring districts near it. `house_unknown`: the list of streets alone has answered.
    """
    try:
        own, near, house_known = signing.loads(
            request.COOKIES.get(BORDER_COOKIE, ""),
            salt=reverse("city", args=[here.slug]),
            max_age=BORDER_COOKIE_SECONDS,
        )
    except (signing.BadSignature, ValueError):  # a cookie of the release before has fewer parts
        return {}
    if own != code:
        return {}
    cards = district_cards(city=here, codes=[neighbour for neighbour, _distance in near], at=timezone.now())
    border = [
        {"district": cards[neighbour], "distance_m": distance_m} for neighbour, distance_m in near if neighbour in cards
    ]
    return {"border": border, "house_unknown": not house_known}


def _city_context(here: City) -> dict[str, Any]:
    return {
        "city": here,
        "form": PlaceForm(),
        "districts": _districts(here),
        "is_undrawn": not BoundaryEdition.objects.in_force_at(timezone.now()).filter(city=here).exists(),
        "help_lines": _emergency_lines(here),
    }


def _districts(here: City) -> list[District]:
    """Return the districts in force now in the order people count: 2 before 10."""
    in_force = District.objects.in_force_at(timezone.now(), city=here)
    return sorted(in_force, key=lambda each: in_counting_order(each.code))


def _emergency_lines(city: City | None) -> list[HelpLine]:
    return list(HelpLine.objects.shown_in(city).filter(purpose=HelpLine.Purpose.EMERGENCY))
