"""The public API of the territory: cities, district polygons, streets for a map without a basemap."""

import datetime
import re
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, IPv6Network
from pathlib import Path
from typing import Any, cast

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geo.addresses.matches import AddressMatch
from geo.addresses.search import search_addresses
from geo.boundaries.publishing import districts_geojson, districts_version, streets_geojson, streets_version
from geo.boundaries.simplification import band_of_zoom
from geo.limits import FixedWindow
from geo.lookup import NoEditionInForce
from geo.models import BoundaryEdition, City
from geo.moments import end_of_local_day, is_plausible
from geo.prepared import PreparedStatement
from geo.problems import BadRequest, as_problem, problem

GEOJSON = "application/geo+json"
ZOOM = re.compile(r"[01]?[0-9]|2[0-2]", re.ASCII)
VISIBLE_CITY = PreparedStatement(Path(__file__).parent / "sql" / "visible_city.sql")
"""Every call with a city asks it; the outline stays unread."""
_calls = FixedWindow()

ON = OpenApiParameter("on", OpenApiTypes.DATE, description="State at the end of this day in Kyiv; default: now.")
CITY = OpenApiParameter("city", str, required=True, description="Slug of the city.")


def caller(request: HttpRequest) -> str:
    """Return the address a request comes from: behind a proxy, the last one that the proxy added.

    Of IPv6 only the network, 64 bits: one home or machine has all of its 2^64 addresses (RFC 6177, RFC 7934).
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For")):
        address = forwarded.rsplit(",", 1)[-1].strip()
    if ":" not in address:
        return address
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=False))


class PublicView(APIView):
    """A view for everybody: no session, a rate limit stated in headers."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, or say 429 with the time to wait; the limit stands in the headers of every answer."""
        limit = settings.PUBLIC_API_RATE_PER_MINUTE
        if not limit:
            return self.answer(request, *args, **kwargs)
        allowance = _calls.take(caller(request), limit=limit, now_s=time.monotonic())
        if allowance.is_spent:
            response: HttpResponseBase = problem(
                429, "too-many-requests", _("Too many requests."), _("Wait until the time in Retry-After has passed.")
            )
            response["Retry-After"] = str(allowance.reset_s)
        else:
            response = self.answer(request, *args, **kwargs)
        response["RateLimit-Limit"] = str(limit)
        response["RateLimit-Remaining"] = str(max(allowance.remaining, 0))
        response["RateLimit-Reset"] = str(allowance.reset_s)
        return response

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer within the limit, as REST framework does."""
        return super().dispatch(request, *args, **kwargs)


class OpenView(PublicView):
    """A public view that scripts of any site may read."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so in every answer, refusals included."""
        response = super().dispatch(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response


class QuickView(OpenView):
    """An open view that is asked often: it answers GET without REST framework's request and negotiation.

    Those cost more than the database does.
    """

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer GET at once; everything else goes the usual way."""
        if request.method != "GET":
            return super().answer(request, *args, **kwargs)
        try:
            return cast(HttpResponseBase, self.get(request, *args, **kwargs))  # type: ignore[attr-defined]
        except Exception as error:
            if found := as_problem(error):
                return found
            raise


def json_response(body: Any, status: int = 200) -> HttpResponse:
    """Return JSON."""
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")


def parse_day(text: str | None) -> datetime.date | None:
    """Return the day of `?on=`, or None where it is not given. Raises BadRequest."""
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(text)
        if not is_plausible(day):
            raise ValueError
    except ValueError:
        raise BadRequest(_("“on” must be a day such as 2026-01-31.")) from None
    return day


def parse_moment(text: str | None) -> datetime.datetime:
    """Return the moment that `?on=` means: the end of that day in Kyiv, or now. Raises BadRequest."""
    day = parse_day(text)
    return end_of_local_day(day) if day else timezone.now()


def parse_bbox(text: str | None) -> tuple[float, float, float, float] | None:
    """Return (west, south, east, north) in degrees from `?bbox=`, or None. Raises BadRequest."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadRequest(_("“bbox” must be west,south,east,north in degrees.")) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadRequest(_("“bbox” must be west,south,east,north in degrees, west before east, south before north."))
    return west, south, east, north


def parse_zoom(text: str | None) -> int | None:
    """Return the zoom of `?zoom=` (0 to 22), or None. Raises BadRequest."""
    if not text:
        return None
    if not ZOOM.fullmatch(text):
        raise BadRequest(_("“zoom” must be a whole number from 0 to 22."))
    return int(text)


def visible_city(slug: str | None, *, to_staff: bool = False) -> City:
    """Return a city that has a page; `to_staff` a training copy or a closed city too, whose letters they read.

    Raises BadRequest without a slug, City.DoesNotExist for an unknown one.
    """
    if not slug:
        raise BadRequest(_("“city” is missing: GET /api/v1/cities/ lists the cities we know."))
    stages = "{" + ",".join(City.OFFICE_STAGES if to_staff else City.PAGE_STAGES) + "}"
    for row in VISIBLE_CITY.rows(slug=slug, stages=stages, copies=to_staff):
        return City.from_db("default", list(row), list(row.values()))
    raise City.DoesNotExist


def geojson_response(request: Request, version: str, build: Callable[[], bytes]) -> HttpResponse:
    """Return what `build` makes, GeoJSON, with its version as ETag; 304 and nothing built where that is known."""
    etag = f'"{version}"'
    known = get_conditional_response(request._request, etag=etag)
    response = known or HttpResponse(build(), content_type=GEOJSON)
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=60)
    return response


CITY_FIELDS: dict[str, Any] = {
    "slug": serializers.CharField(),
    "name": serializers.CharField(),
    "katottg": serializers.CharField(),
    "stage": serializers.CharField(),
    "centre": serializers.ListField(child=serializers.FloatField(), allow_null=True, help_text="[lon, lat]"),
    "bounds": serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="[west, south, east, north]"
    ),
}
CITIES = inline_serializer(
    "Cities",
    {
        "count": serializers.IntegerField(),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "results": inline_serializer("City", CITY_FIELDS, many=True),
    },
)


class CitiesView(OpenView):
    """Cities that are served."""

    @extend_schema(
        summary="Cities in stages pilot and open",
        responses=CITIES,
    )
    def get(self, request: Request) -> Response:
        """List the cities; `centre` is [lon, lat], `bounds` [west, south, east, north], in degrees."""
        now = timezone.now()
        results = [
            {
                "slug": city.slug,
                "name": city.name,
                "katottg": city.katottg,
                "stage": city.stage,
                "centre": [round((b[0] + b[2]) / 2, 6), round((b[1] + b[3]) / 2, 6)]
                if (b := city.bounds(now))
                else None,
                "bounds": b,
            }
            for city in City.objects.served().defer(None)  # the bounds are those of the outline
        ]
        return Response({"count": len(results), "next": None, "previous": None, "results": results})


class DistrictsView(OpenView):
    """District polygons for a map."""

    @extend_schema(
        summary="Districts of a city as GeoJSON, simplified without gaps",
        parameters=[
            CITY,
            ON,
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees."),
            OpenApiParameter("zoom", int, description="Zoom of the map: chooses how far borders are simplified."),
        ],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return a FeatureCollection with `code` and `name` of each district."""
        city = visible_city(request.GET.get("city"))
        moment = parse_moment(request.GET.get("on"))
        band = band_of_zoom(parse_zoom(request.GET.get("zoom")))
        edition = BoundaryEdition.objects.in_force_at(moment).filter(city=city).first()
        if edition is None:
            raise NoEditionInForce(_("No boundaries of this city were in force on that day."))
        bbox = parse_bbox(request.GET.get("bbox"))
        return geojson_response(
            request,
            districts_version(edition, band=band, bbox=bbox),
            lambda: districts_geojson(edition, band=band, bbox=bbox),
        )


class StreetsView(OpenView):
    """Streets and waters for a map without a basemap."""

    @extend_schema(
        summary="Streets that the city knows, as GeoJSON lines",
        parameters=[CITY],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return a FeatureCollection; `kind` says what a feature is, `name` may be empty."""
        city = visible_city(request.GET.get("city"))
        return geojson_response(request, streets_version(city), lambda: streets_geojson(city))


ADDRESS = inline_serializer(
    "Address",
    {
        "label": serializers.CharField(),
        "street": serializers.CharField(),
        "house": serializers.CharField(help_text="Empty for a street alone."),
        "lat": serializers.FloatField(allow_null=True, help_text="Null: no point is known."),
        "lon": serializers.FloatField(allow_null=True),
        "was": serializers.CharField(help_text="The former or other name that matched, else empty."),
        "match": serializers.ChoiceField(["exact", "former", "corrected", "listed", "nearest", "street"]),
        "sure": serializers.BooleanField(help_text="Whether the text means this place and no other."),
    },
    many=True,
)


def address_as_json(match: AddressMatch) -> dict[str, Any]:
    """Return an address as the public contract (v1) spells it."""
    return {
        "label": match.label,
        "street": match.street,
        "house": match.house,
        "lat": match.lat,
        "lon": match.lon,
        "was": match.was,
        "match": match.how,
        "sure": match.sure,
    }


class AddressesView(QuickView):
    """Addresses while they are typed."""

    parser_classes = (FormParser, MultiPartParser)

    @extend_schema(
        summary="Addresses that begin as typed, in spite of mistakes",
        parameters=[
            OpenApiParameter("q", str, required=True, description="What was typed so far."),
            CITY,
            OpenApiParameter("limit", int, description="At most so many, 1 to 20; default 10."),
        ],
        responses=ADDRESS,
    )
    def get(self, request: HttpRequest | Request) -> HttpResponse:
        """List them, best first."""
        return self._suggest(request.GET, [visible_city(request.GET.get("city"))])

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        """The same with `q`, `city` and `limit` in the body: what people type on our pages enters no log.

        Without a city the served ones are all searched.
        """
        slug = request.POST.get("city")
        return self._suggest(request.POST, [visible_city(slug)] if slug else City.objects.served())

    def _suggest(self, asked: QueryDict, cities: Iterable[City]) -> HttpResponse:
        limit, now = parse_limit(asked.get("limit")), timezone.now()
        found = [
            each
            for city in cities
            for each in search_addresses(city, asked.get("q", ""), limit=limit, unfinished=True, at=now)
        ]
        found.sort(key=lambda each: -each.score)
        return json_response([address_as_json(each) for each in found[:limit]])


def parse_limit(text: str | None) -> int:
    """Return how many addresses `?limit=` asks for, 1 to 20. Raises BadRequest."""
    if not text:
        return 10
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 20:
        raise BadRequest(_("“limit” must be a whole number from 1 to 20."))
    return int(text)
