"""The API of analysis: live counts for officers and supervisors, releases for analysts."""

import datetime

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from analysis.access import as_analyst
from analysis.asking import CHALLENGE, Asker, asker_of
from analysis.exports.about import Made
from analysis.exports.asked import layer_asked
from analysis.exports.files import MAP, sent
from analysis.exports.log import record_export
from analysis.filters import HeatFilters
from analysis.models import Export, HourCount, HourCountQuerySet, Token
from analysis.released import ReleaseFilters, released_hours
from geo.api import GEOJSON, json_response, parse_bbox, visible_city
from geo.cells import Bounds
from geo.models import City
from geo.problems import BadRequest

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
PER = OpenApiParameter("per", str, enum=["area", "address"], description="Hotspots: what chance is even over.")
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


class TokenAuthentication(BaseAuthentication):
    """Lets a script in by its token."""

    def authenticate(self, request: Request) -> tuple[object, Token] | None:
        """Return owner and token; None for a sign-in. Raises DeadToken."""
        asker = asker_of(request._request)
        return (asker.user, asker.token) if asker.token else None

    def authenticate_header(self, request: Request) -> str:
        """How to come in, for whoever showed nothing."""
        return CHALLENGE


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API tells of tokens; drf-spectacular finds it by itself."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """A bearer token (RFC 6750)."""
        return {"type": "http", "scheme": "bearer"}


class AnalysisView(APIView):
    """A view of counts, for those who may see them."""

    authentication_classes = (TokenAuthentication, SessionAuthentication)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Each view has one way to answer: `format` and `Accept` change nothing here."""
        return JSONRenderer(), JSONRenderer.media_type

    def asked(self, request: Request) -> tuple[City, bool]:
        """Return the city that is asked about, and whether live counts of it are.

        Raises PermissionDenied for whoever may not see what they ask for, BadRequest.
        """
        city = visible_city(request.GET.get("city"))
        asker = self.asker(request)
        reads_live = asker.reads_live(city)
        of = request.GET.get("of") or ("live" if reads_live else "releases")
        if of not in {"live", "releases"}:
            raise BadRequest(_("“of” must be live or releases."))
        if of == "live" and not reads_live:
            raise PermissionDenied(_("Live counts are for the officers and supervisors of the city."))
        if of == "releases" and not asker.reads_releases(city):
            raise PermissionDenied(_("Releases are for the analysts, officers and supervisors of the city."))
        return city, of == "live"

    def asker(self, request: Request) -> Asker:
        """Return who asks."""
        return Asker(request.user, request.auth if isinstance(request.auth, Token) else None)

    def noted(self, request: Request, city: City, what: str, form: str, *, rows: int | None = None) -> Export | None:
        """Write down what a script was told; what a page shows to somebody signed in is no export."""
        asker = self.asker(request)
        if asker.token is None:
            return None
        return record_export(
            asker=asker, city=city, what=what, form=form, query=request.GET, at=timezone.now(), rows=rows
        )


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
        what = "cells" if live else "areas"
        ask, within = layer_asked(city, request.user, request.GET, what=what, filters=filters)
        made = Made(city=city, at=timezone.now(), by=self.asker(request).name)
        return sent(ask, made, MAP, within=within, export=self.noted(request, city, what, "geojson"))


class HoursView(AnalysisView):
    """Counts by hour."""

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
        rows = answer.get("hours", answer.get("parts"))
        self.noted(request, city, "hours", "json", rows=len(rows) if isinstance(rows, list) else 0)
        response = json_response({"city": city.slug} | answer)
        response["Cache-Control"] = "no-store, private"
        return response


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
