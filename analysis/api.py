"""The API of live cells: the heatmap and the export, for officers and supervisors."""

from collections.abc import Iterator

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from analysis.cells import Bounds
from analysis.exports import (
    Made,
    cell_features,
    district_features,
    metadata_of_cells,
    metadata_of_districts,
    write_collection,
)
from analysis.filters import HeatFilters
from appeals.models import reads_letters_in
from geo.api import GEOJSON, parse_bbox, visible_city
from geo.models import City
from geo.problems import BadRequest, register_problem
from people.sign_in import ConfirmFirst, require_confirmation

register_problem(ConfirmFirst, 403, "confirm-first")

FILTERS = [
    OpenApiParameter("city", str, required=True, description="Slug of the city."),
    OpenApiParameter("category", str, many=True, description="Key of a category; may repeat; none means all."),
    OpenApiParameter("from", OpenApiTypes.DATE, description="First local day of receipt."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last local day of receipt, included."),
    OpenApiParameter("zoom", int, description="Size of the cells: a web-map zoom of 8 to 18 (18 is about 99 m)."),
]


class GeoJSONRenderer(JSONRenderer):
    """Lets `?format=geojson` pass REST framework's own reading of `format`."""

    media_type = GEOJSON
    format = "geojson"


class CellsView(APIView):
    """A view of live cells: for those who may read the letters anyway."""

    renderer_classes = (GeoJSONRenderer, JSONRenderer)

    def open_city(self, request: Request) -> City:
        """Return the city that is asked about. Raises PermissionDenied for whoever reads no letters there."""
        city = visible_city(request.GET.get("city"))
        if not reads_letters_in(request.user, city):
            raise PermissionDenied(_("Live cells are for the officers and supervisors of the city."))
        return city

    def stream(self, pieces: Iterator[str]) -> StreamingHttpResponse:
        """Stream in a transaction of its own: the request's has ended by then."""

        def in_transaction() -> Iterator[str]:
            with transaction.atomic():
                yield from pieces

        response = StreamingHttpResponse(in_transaction(), content_type=GEOJSON)
        response["Cache-Control"] = "no-store, private"
        return response


class HeatmapView(CellsView):
    """Live cells for a map."""

    @extend_schema(
        summary="Live cells with counts of accepted letters, as GeoJSON",
        parameters=[*FILTERS, OpenApiParameter("bbox", str, description="west,south,east,north in degrees.")],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT, (403, "application/problem+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Return a FeatureCollection; with `bbox`, whole cells that touch the box, and some beyond it."""
        city = self.open_city(request)
        box = parse_bbox(request.GET.get("bbox"))
        filters = HeatFilters.read(request.GET, box=Bounds(*box) if box else None)
        return self.stream(_cells(request, city, filters))


class ExportView(CellsView):
    """Files to take away."""

    @extend_schema(
        summary="Cells or districts as a GeoJSON file that says how it was made",
        parameters=[
            *FILTERS,
            OpenApiParameter("format", str, required=True, enum=["geojson"]),
            OpenApiParameter("what", str, required=True, enum=["cells", "districts"]),
        ],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT, (403, "application/problem+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Stream the file, to whoever has confirmed within 15 minutes that it is they."""
        city = self.open_city(request)
        require_confirmation(request._request)
        what = request.GET.get("what")
        if what == "cells":
            response = self.stream(_cells(request, city, HeatFilters.read(request.GET)))
        elif what == "districts":
            made = Made(city=city, at=timezone.now(), by=str(request.user))
            response = self.stream(write_collection(district_features(city, at=made.at), metadata_of_districts(made)))
        else:
            raise BadRequest(_("“what” must be cells or districts."))
        response["Content-Disposition"] = f'attachment; filename="{city.slug}-{what}.geojson"'
        return response


def _cells(request: Request, city: City, filters: HeatFilters) -> Iterator[str]:
    made = Made(
        city=city,
        at=timezone.now(),
        by=str(request.user),
        first=filters.first,
        last=filters.last,
        categories=filters.categories,
    )
    cells = filters.cells(city, request.user)
    letters = cells.placed().letters()
    metadata = metadata_of_cells(made, zoom=filters.zoom, letters=letters, elsewhere=cells.letters() - letters)
    return write_collection(cell_features(cells, zoom=filters.zoom), metadata)
