"""The heatmap of live cells, and the same numbers as a table."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.cells import bounds_of
from analysis.filters import HeatFilters
from appeals.filters import BadFilter
from geo.models import City
from mapui.letter_forms import HeatForm
from mapui.letter_readers import reader_of_letters
from people.sign_in import is_confirmed

CLASSES = ((1, 1), (2, 3), (4, 7), (8, 15), (16, None))
"""Letters in one square, from and to: colours keep their meaning whatever is shown."""
ROWS = 30


@require_safe
@never_cache
@reader_of_letters
def heatmap(request: HttpRequest, city: City) -> HttpResponse:
    """Cells by number of letters: map, legend, and the same as tables."""
    form = HeatForm(request.GET or {"zoom": "17"})
    error = ""
    try:
        filters = HeatFilters.read(request.GET, zoom=17)
    except BadFilter as wrong:
        filters, error = HeatFilters(zoom=17), str(wrong)
    cells = filters.cells(city, request.user)
    areas = []
    for row in cells.summed(filters.zoom)[:ROWS]:
        lon, lat = bounds_of(row["area"], filters.zoom).centre
        areas.append({"letters": row["letters"], "lat": f"{lat:.5f}", "lon": f"{lon:.5f}"})
    query = request.GET.copy()
    query["city"], query["zoom"] = city.slug, str(filters.zoom)
    context = {
        "city": city,
        "form": form,
        "error": error,
        "areas": areas,
        "areas_in_all": cells.summed(filters.zoom).count(),
        "districts": cells.by_district(),
        "letters": (letters := cells.letters()),
        "in_no_square": letters - cells.placed().letters(),
        "query": query.urlencode(),
        "legend": [
            {"level": level, "words": _class_words(least, most)} for level, (least, most) in enumerate(CLASSES, start=1)
        ],
    }
    return render(request, "mapui/staff/heatmap.html", context)


@require_safe
@never_cache
@reader_of_letters
def export(request: HttpRequest, city: City, what: str) -> HttpResponse:
    """Lead to the file of the API; whoever has not confirmed lately does so first, and comes back to the heatmap."""
    query = request.GET.copy()
    if not is_confirmed(request):
        messages.info(request, _("Confirm that it is you, then download the file."))
        back = f"{reverse('staff_heatmap', args=[city.slug])}?{query.urlencode()}"
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
    query["city"], query["format"], query["what"] = city.slug, "geojson", what
    return redirect(f"{reverse('api-export')}?{query.urlencode()}")


def _class_words(least: int, most: int | None) -> str:
    if most is None:
        return _("%(n)s and more") % {"n": least}
    return str(least) if least == most else f"{least}–{most}"
