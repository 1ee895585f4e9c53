"""The public API of the lookup: who serves this place."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from geo.addresses.matches import AddressMatch
from geo.addresses.resolving import resolve_address
from geo.api import ON, QuickView, address_as_json, json_response, parse_day, visible_city
from geo.lookup import AnswersByAddressOnly, NoEditionInForce, OutsideServedArea, parse_point
from geo.models import City
from geo.moments import end_of_local_day
from geo.problems import PROBLEMS, BadRequest, register_problem
from people.lookup import Answer, DistrictCard, OfficerCard, StationCard, UnknownDistrict, lookup_house, lookup_point


class UnknownAddress(Exception):
    """No street of that name is known."""


class SeveralAddresses(Exception):
    """A text may mean several places, or a house that is not known: `candidates` are to be chosen from."""

    def __init__(self, candidates: tuple[AddressMatch, ...]) -> None:
        super().__init__(_("This may mean several places: choose one."))
        self.candidates = candidates


register_problem(UnknownDistrict, 404, "unknown-district")
register_problem(UnknownAddress, 404, "unknown-address")
PROBLEMS[SeveralAddresses] = lambda several: json_response(
    {"candidates": [address_as_json(candidate) for candidate in several.candidates]}, status=300
)


class LookupView(QuickView):
    """Who serves a place. For integrators: the site's own pages look up by POST, so that no address enters a URL."""

    @extend_schema(
        summary="The district of a place, its officers, and how near the border is",
        parameters=[
            OpenApiParameter("lat", float, description="Latitude in degrees WGS 84."),
            OpenApiParameter("lon", float, description="Longitude in degrees WGS 84."),
            OpenApiParameter("address", str, description="Instead of lat and lon: street and house, with `city`."),
            OpenApiParameter("city", str, description="Slug of the city; needed with `address`."),
            ON,
        ],
        responses={
            200: OpenApiTypes.OBJECT,
            300: OpenApiTypes.OBJECT,
            (404, "application/problem+json"): OpenApiTypes.OBJECT,
        },
    )
    def get(self, request: HttpRequest | Request) -> HttpResponse:
        """Answer for a point or an address; several candidates: 300; outside: 404 with the nearest district.

        `edition` is null where a city has no polygons in force and its list of streets alone decides. A house that is
        not known itself, but that this list gives to one district, has `address.match` "listed" and no coordinates.
        """
        query = request.GET
        city = visible_city(query["city"]) if query.get("city") else None
        day = parse_day(query.get("on"))
        at = end_of_local_day(day) if day else timezone.now()
        extra: dict[str, Any] = {}
        try:
            if address := query.get("address"):
                city, house = _address(city, address, at)
                extra["address"] = address_as_json(house)
                answer = lookup_house(city=city, house=house, at=at)
            elif "lat" in query and "lon" in query:
                lon, lat = parse_point(query["lat"], query["lon"])
                answer = lookup_point(
                    lon=lon,
                    lat=lat,
                    at=at,
                    city=city.slug if city else None,
                    stages=[city.stage] if city else City.SERVED_STAGES,
                )
            else:
                raise BadRequest(_("Give lat and lon in degrees, or address and city."))
        except AnswersByAddressOnly:
            raise
        except OutsideServedArea as outside:
            if outside.nearest is None and day:
                raise NoEditionInForce(_("No boundaries were in force on that day.")) from None
            raise
        return json_response(answer_as_json(answer) | extra)


def _address(city: City | None, text: str, at: datetime.datetime) -> tuple[City, AddressMatch]:
    if city is None:
        raise BadRequest(_("“city” is needed with “address”: GET /api/v1/cities/ lists the cities we know."))
    meant = resolve_address(city, text, at=at)
    if meant.match:
        return city, meant.match
    if meant.candidates:
        raise SeveralAddresses(meant.candidates)
    raise UnknownAddress(_("No such street is known here: check the spelling, or give lat and lon."))


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as the public contract (v1) spells it."""
    return {
        "city": {"slug": answer.city_slug, "name": answer.city_name},
        "district": {"code": answer.district.code, "name": answer.district.name},
        "officers": [_officer(card) for card in answer.district.officers],
        "away": [_officer(card) for card in answer.district.away],
        "duty": _station(answer.district.duty),
        "border": {
            "distance_m": answer.border.distance_m,
            "neighbours": [
                {"distance_m": neighbour.distance_m, **_neighbour(neighbour.district)}
                for neighbour in answer.border.neighbours
            ],
        },
        "edition": answer.edition
        and {
            "number": answer.edition.number,
            "in_force_from": answer.edition.in_force_from.isoformat(timespec="seconds"),
        },
        "rule": answer.rule,
    }


def _neighbour(district: DistrictCard) -> dict[str, Any]:
    return {
        "code": district.code,
        "name": district.name,
        "officers": [_officer(card) for card in district.officers],
    }


def _officer(card: OfficerCard) -> dict[str, Any]:
    return {
        "name": card.name,
        "rank": card.rank,
        "kind": card.kind,
        "role": card.role,
        "phone": card.phone,
        "email": card.email,
        "photo": card.photo,
        "reception": card.reception,
        "station": _station(card.station),
        "languages": list(card.languages),
        "checked_on": card.checked_on.isoformat(),
    }


def _station(card: StationCard | None) -> dict[str, Any] | None:
    if card is None:
        return None
    return {
        "name": card.name,
        "address": card.address,
        "phone": card.phone,
        "hours": card.hours,
        "lat": card.lat,
        "lon": card.lon,
    }
