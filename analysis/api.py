"""The API of analysis: live counts for officers and supervisors, releases for analysts, and files of both."""

import datetime
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from analysis.access import as_analyst
from analysis.cells import Bounds
from analysis.exports import (
    Made,
    cell_features,
    district_features,
    metadata_of_areas,
    metadata_of_cells,
    metadata_of_districts,
    write_collection,
)
from analysis.filters import HeatFilters
from analysis.models import HourCount, HourCountQuerySet
from analysis.released import ReleasedAreas, ReleaseFilters, reads_releases_of, released_hours
from appeals.models import reads_letters_in
from geo.api import GEOJSON, json_response, parse_bbox, visible_city
from geo.models import City
from geo.problems import BadRequest, register_problem
from people.sign_in import ConfirmFirst, require_confirmation

register_problem(ConfirmFirst, 403, "confirm-first")

CITY = OpenApiParameter("city", str, required=True, description="Slug of the city.")
FILTERS = [
    OpenApiParameter("category", str, many=True, description="Key of a category; may repeat; none means all."),
    OpenApiParameter(
        "from",
        OpenApiTypes.DATE,
        description="First local day of receipt. Of releases only whole periods between the days count.",
    ),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last local day of receipt, included."),
    OpenApiParameter(
        "topics", str, enum=["ordinary", "protected"], description="Releases only: the two are released apart."
    ),
]
ZOOM = OpenApiParameter(
    "zoom", int, description="Size of live cells: a web-map zoom of 8 to 18 (18 is about 99 m). Areas keep their size."
)
OF = OpenApiParameter(
    "of",
    str,
    enum=["live", "releases"],
    description="Live counts, for officers (own districts) and supervisors; or releases, for analysts too. "
    "Default: live for whoever may see them.",
)
SPAN = {"at_least": serializers.IntegerField(required=False), "at_most": serializers.IntegerField(required=False)}
HOURS = inline_serializer(
    "Hours",
    {
        "of": serializers.ChoiceField(["live", "releases"]),
        "periods": serializers.ListField(child=serializers.CharField()),
        "categories": serializers.ListField(child=serializers.CharField()),
        "hours": inline_serializer(
            "Hour",
            {
                "weekday": serializers.IntegerField(min_value=1, max_value=7),
                "hour": serializers.IntegerField(min_value=0, max_value=23),
                "letters": serializers.IntegerField(required=False),
                **SPAN,
            },
            many=True,
            required=False,
        ),
        "parts": inline_serializer(
            "PartOfTheDay", {"part": serializers.CharField(), **SPAN}, many=True, required=False
        ),
    },
)
PROBLEM = (403, "application/problem+json")


class GeoJSONRenderer(JSONRenderer):
    """Lets `?format=geojson` pass REST framework's own reading of `format`."""

    media_type = GEOJSON
    format = "geojson"


class AnalysisView(APIView):
    """A view of counts, for those who may see them."""

    renderer_classes: tuple[type[JSONRenderer], ...] = (GeoJSONRenderer, JSONRenderer)

    def asked(self, request: Request) -> tuple[City, bool]:
        """Return the city that is asked about, and whether live counts of it are.

        Raises PermissionDenied for whoever may not see what they ask for, BadRequest.
        """
        city = visible_city(request.GET.get("city"))
        reads_letters = reads_letters_in(request.user, city)
        of = request.GET.get("of") or ("live" if reads_letters else "releases")
        if of not in {"live", "releases"}:
            raise BadRequest(_("“of” must be live or releases."))
        if of == "live" and not reads_letters:
            raise PermissionDenied(_("Live counts are for the officers and supervisors of the city."))
        if of == "releases" and not reads_releases_of(request.user, city):
            raise PermissionDenied(_("Releases are for the analysts, officers and supervisors of the city."))
        return city, of == "live"


class HeatmapView(AnalysisView):
    """Counts for a map."""

    @extend_schema(
        summary="Live cells or release areas with counts of accepted letters, as GeoJSON",
        parameters=[
            CITY,
            *FILTERS,
            ZOOM,
            OF,
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees; whole cells and areas."),
        ],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT, PROBLEM: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Return a FeatureCollection; with `bbox`, whole cells and areas that touch the box, and some beyond it."""
        city, live = self.asked(request)
        box = parse_bbox(request.GET.get("bbox"))
        filters = HeatFilters.read(request.GET, box=Bounds(*box) if box else None)
        return _live_cells(request, city, filters) if live else _released_areas(request, city, filters)


class HoursView(AnalysisView):
    """Counts by hour."""

    renderer_classes = (JSONRenderer,)

    @extend_schema(
        summary="Accepted letters by weekday and hour; sensitive topics of releases by part of the day",
        parameters=[CITY, *FILTERS, OF, OpenApiParameter("district", str, description="Code of one district.")],
        responses={200: HOURS, PROBLEM: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return hours with letters; whole months of receipt, and whole years for parts of the day."""
        city, live = self.asked(request)
        filters, district = HeatFilters.read(request.GET), request.GET.get("district", "")
        if live:
            answer = _live_hours(request, city, filters, district)
        else:
            released = ReleaseFilters.read(request.GET, filters)
            with as_analyst():
                answer = released_hours(city, released, district=district)
        response = json_response({"city": city.slug} | answer)
        response["Cache-Control"] = "no-store, private"
        return response


class ExportView(AnalysisView):
    """Files to take away."""

    @extend_schema(
        summary="Live cells, release areas or districts as a GeoJSON file that says how it was made",
        parameters=[
            CITY,
            *FILTERS,
            ZOOM,
            OpenApiParameter("format", str, required=True, enum=["geojson"]),
            OpenApiParameter("what", str, required=True, enum=["areas", "cells", "districts"]),
        ],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT, PROBLEM: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Stream the file, to whoever has confirmed within 15 minutes that it is they."""
        what = request.GET.get("what")
        city = visible_city(request.GET.get("city"))
        letters, releases = reads_letters_in(request.user, city), reads_releases_of(request.user, city)
        if not (letters or (releases and what != "cells")):
            raise PermissionDenied(_("This file is not for you."))
        require_confirmation(request._request)
        if what == "cells":
            response = _live_cells(request, city, HeatFilters.read(request.GET))
        elif what == "areas":
            response = _released_areas(request, city, HeatFilters.read(request.GET))
        elif what == "districts":
            made = Made(city=city, at=timezone.now(), by=str(request.user))
            pieces = write_collection(district_features(city, at=made.at), metadata_of_districts(made))
            response = _stream(pieces, transaction.atomic())
        else:
            raise BadRequest(_("“what” must be areas, cells or districts."))
        response["Content-Disposition"] = f'attachment; filename="{city.slug}-{what}.geojson"'
        return response


def _live_cells(request: Request, city: City, filters: HeatFilters) -> StreamingHttpResponse:
    def pieces() -> Iterator[str]:
        cells = filters.cells(city, request.user)
        elsewhere = replace(filters, box=None).cells(city, request.user).filter(cell__isnull=True)
        metadata = metadata_of_cells(
            _made(request, city, filters),
            zoom=filters.zoom,
            letters=cells.placed().letters(),
            elsewhere=elsewhere.letters(),
        )
        yield from write_collection(cell_features(cells, zoom=filters.zoom), metadata)

    return _stream(pieces(), transaction.atomic())


def _released_areas(request: Request, city: City, filters: HeatFilters) -> StreamingHttpResponse:
    asked, made = ReleaseFilters.read(request.GET, filters), _made(request, city, filters)

    def pieces() -> Iterator[str]:
        areas = ReleasedAreas.ask(city, asked)
        yield from write_collection(areas.features(), metadata_of_areas(made, areas.metadata()))

    return _stream(pieces(), as_analyst())


def _live_hours(request: Request, city: City, filters: HeatFilters, district: str) -> dict[str, object]:
    hours = HourCount.objects.visible_to(request.user).filter(city=city).during(filters.first, filters.last)
    hours = hours.about(filters.categories)
    counts = (hours.filter(district__code=district) if district else hours).by_hour()
    return {
        "of": "live",
        "periods": [day.strftime("%Y-%m") for day in _months_of(hours)],
        "categories": list(filters.categories),
        "hours": [{"weekday": hour // 24 + 1, "hour": hour % 24, "letters": n} for hour, n in enumerate(counts) if n],
    }


def _months_of(hours: HourCountQuerySet) -> list[datetime.date]:
    return list(hours.order_by("month").values_list("month", flat=True).distinct())


def _made(request: Request, city: City, filters: HeatFilters) -> Made:
    return Made(
        city=city,
        at=timezone.now(),
        by=str(request.user),
        first=filters.first,
        last=filters.last,
        categories=filters.categories,
    )


def _stream(pieces: Iterator[str], context: AbstractContextManager[object]) -> StreamingHttpResponse:
    """Stream in a transaction of its own: the request's has ended by then."""

    def within() -> Iterator[str]:
        with context:
            yield from pieces

    response = StreamingHttpResponse(within(), content_type=GEOJSON)
    response["Cache-Control"] = "no-store, private"
    return response
