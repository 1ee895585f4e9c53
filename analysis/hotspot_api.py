"""The API of hotspots and changes in live cells."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from analysis.api import CITY, FILTERS, PROBLEM, ZOOM, AnalysisView
from analysis.filters import HeatFilters
from analysis.live_hotspots import Answer, live_changes, live_hotspots
from appeals.models import reads_letters_in
from geo.api import GEOJSON, json_response, visible_city
from geo.models import City
from geo.problems import BadRequest

HOTSPOT_ZOOM = 17
"""About 200 m: a hotspot is a few streets, not a house."""
RESPONSES = {(200, GEOJSON): OpenApiTypes.OBJECT, PROBLEM: OpenApiTypes.OBJECT}


class LiveView(AnalysisView):
    """A view of live cells alone: releases have hotspots of their own."""

    def live_city(self, request: Request) -> City:
        """Return the city asked about. Raises PermissionDenied for whoever reads no letters there."""
        city = visible_city(request.GET.get("city"))
        if not reads_letters_in(request.user, city):
            raise PermissionDenied(_("Live counts are for the officers and supervisors of the city."))
        return city


class HotspotsView(LiveView):
    """Where letters lie denser than chance puts them."""

    @extend_schema(
        summary="Hotspots of accepted letters, with what chance would give and how sure each is",
        parameters=[
            CITY,
            *FILTERS[:3],
            ZOOM,
            OpenApiParameter("per", str, enum=["area", "address"], description="What chance is even over."),
        ],
        responses=RESPONSES,
    )
    def get(self, request: Request) -> HttpResponse:
        """Return a FeatureCollection; its `metadata` says the verdict: found, none, or few letters to tell."""
        city = self.live_city(request)
        per = request.GET.get("per") or "area"
        if per not in {"area", "address"}:
            raise BadRequest(_("“per” must be area or address."))
        filters = HeatFilters.read(request.GET, zoom=HOTSPOT_ZOOM)
        return _answer(live_hotspots(city, request.user, filters, at=timezone.now(), by_addresses=per == "address"))


class ChangesView(LiveView):
    """Where letters became more or fewer."""

    @extend_schema(
        summary="Where accepted letters became more or fewer than in an earlier period",
        parameters=[
            CITY,
            *FILTERS[:3],
            ZOOM,
            OpenApiParameter("compare", str, enum=["before", "year"], description="The period before, or last year's."),
        ],
        responses=RESPONSES,
    )
    def get(self, request: Request) -> HttpResponse:
        """Return a FeatureCollection with `direction`, more or fewer; `from` and `to` are needed."""
        city = self.live_city(request)
        filters = HeatFilters.read(request.GET, zoom=HOTSPOT_ZOOM)
        compare = request.GET.get("compare") or "before"
        return _answer(live_changes(city, request.user, filters, compare=compare, at=timezone.now()))


def _answer(answer: Answer) -> HttpResponse:
    response = json_response(answer.as_geojson())
    response["Content-Type"] = GEOJSON
    response["Cache-Control"] = "no-store, private"
    return response
