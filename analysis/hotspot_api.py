"""The API of hotspots, of live cells and of releases, and of changes in live cells."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from analysis.access import as_analyst
from analysis.api import CITY, FILTERS, OF, PER, PROBLEM, ZOOM, AnalysisView
from analysis.exports.asked import by_addresses_asked
from analysis.filters import HeatFilters
from analysis.live_hotspots import Answer, live_changes, live_hotspots
from analysis.released import ReleaseFilters
from analysis.released_hotspots import released_hotspots
from geo.api import GEOJSON, json_response

HOTSPOT_ZOOM = 17
"""About 200 m: a hotspot is a few streets, not a house."""
RESPONSES = {(200, GEOJSON): OpenApiTypes.OBJECT, PROBLEM: OpenApiTypes.OBJECT}


class HotspotsView(AnalysisView):
    """Where letters lie denser than chance puts them."""

    @extend_schema(
        summary="Hotspots of accepted letters, with what chance would give and how sure each is",
        parameters=[
            CITY,
            *FILTERS,
            ZOOM,
            OF,
            PER,
        ],
        responses=RESPONSES,
    )
    def get(self, request: Request) -> HttpResponse:
        """Return a FeatureCollection; its `metadata` says the verdict: found, none, or few letters to tell."""
        city, live = self.asked(request)
        filters, by_addresses = HeatFilters.read(request.GET, zoom=HOTSPOT_ZOOM), by_addresses_asked(request.GET)
        if live:
            answer = live_hotspots(city, request.user, filters, at=timezone.now(), by_addresses=by_addresses)
        else:
            released = ReleaseFilters.read(request.GET, filters)
            with as_analyst():
                answer = released_hotspots(city, released, by_addresses=by_addresses)
        self.noted(request, city, "hotspots", "geojson", rows=len(answer.features))
        return _answer(answer)


class ChangesView(AnalysisView):
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
        city, live = self.asked(request)
        if not live:
            raise PermissionDenied(_("Changes are told of live counts, to the officers and supervisors of the city."))
        filters = HeatFilters.read(request.GET, zoom=HOTSPOT_ZOOM)
        compare = request.GET.get("compare") or "before"
        answer = live_changes(city, request.user, filters, compare=compare, at=timezone.now())
        self.noted(request, city, "changes", "geojson", rows=len(answer.features))
        return _answer(answer)


def _answer(answer: Answer) -> HttpResponse:
    response = json_response(answer.as_geojson())
    response["Content-Type"] = GEOJSON
    response["Cache-Control"] = "no-store, private"
    return response
