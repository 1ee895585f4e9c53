"""Files of the API: what somebody signed in, or a script with a token, takes away."""

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from analysis.api import CITY, FILTERS, PER, PROBLEM, ZOOM, AnalysisView
from analysis.exports.about import Made
from analysis.exports.asked import WHAT, layer_asked
from analysis.exports.files import FORMATS, sent
from analysis.exports.log import record_export
from analysis.filters import HeatFilters
from analysis.models import Export
from geo.api import GEOJSON, visible_city
from geo.problems import BadRequest, register_problem
from people.sign_in import ConfirmFirst, require_confirmation

register_problem(ConfirmFirst, 403, "confirm-first")


class ExportView(AnalysisView):
    """Files to take away."""

    @extend_schema(
        summary="Release areas, hotspots, districts or live cells as a file that says how it was made",
        description="By a sign-in confirmed within 15 minutes, or by a token. Every file is logged. CSV comes as a zip "
        "with a codebook.",
        parameters=[
            CITY,
            *FILTERS,
            ZOOM,
            PER,
            OpenApiParameter("format", str, required=True, enum=[each.value for each in FORMATS]),
            OpenApiParameter("what", str, required=True, enum=list(WHAT)),
        ],
        responses={
            **{(200, each.media_type): OpenApiTypes.BINARY for each in FORMATS.values()},
            (200, GEOJSON): OpenApiTypes.OBJECT,
            PROBLEM: OpenApiTypes.OBJECT,
        },
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Stream the file, once it is written down who takes it."""
        city, asker = visible_city(request.GET.get("city")), self.asker(request)
        what, form = request.GET.get("what", ""), request.GET.get("format", "")
        if what not in WHAT:
            raise BadRequest(_("“what” must be one of: %(names)s.") % {"names": ", ".join(WHAT)})
        if form not in FORMATS:
            raise BadRequest(_("“format” must be one of: %(names)s.") % {"names": ", ".join(FORMATS)})
        if not (asker.exports_live(city) if what == "cells" else asker.reads_releases(city)):
            raise PermissionDenied(_("This file is not for you."))
        if asker.token is None:
            require_confirmation(request._request)
        written, made = FORMATS[Export.Format(form)], Made(city=city, at=timezone.now(), by=asker.name)
        filters = HeatFilters.read(request.GET)
        ask, within = layer_asked(city, request.user, request.GET, what=what, filters=filters)
        export = record_export(asker=asker, city=city, what=what, form=form, query=request.GET, at=made.at)
        response = sent(ask, made, written, within=within, export=export)
        response["Content-Disposition"] = f'attachment; filename="{city.slug}-{what}.{written.suffix}"'
        return response
