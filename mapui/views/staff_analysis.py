"""The heatmap, of live counts or of releases: map, hotspots, changes, charts, and the same numbers as tables."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.hotspots.significance import FEWEST, RESAMPLES
from analysis.released import reads_releases_of
from appeals.filters import BadFilter
from geo.models import City
from geo.moments import local_day
from mapui.heat.asked import Asked, quick_periods
from mapui.heat.forms import HeatForm
from mapui.heat.live import live_page
from mapui.heat.rates import FEWEST_ADDRESSES, Per, class_words
from mapui.heat.released import refused_page, released_page
from mapui.heat.tables import districts_on_map, districts_table, has_residents
from mapui.heat.words import week_words, weekday_names
from mapui.letter_readers import reader, reader_of_counts


@require_safe
@never_cache
@reader_of_counts
def heatmap(request: HttpRequest, city: City, *, live: bool) -> HttpResponse:
    """Show live counts to whoever may see them, unless they ask for releases; releases to everybody else."""
    releases, now = reads_releases_of(request.user, city), timezone.now()
    of_live = request.GET.get("of", "live" if live else "releases") != "releases"
    if not (live if of_live else releases):
        raise PermissionDenied
    asked = Asked.read(city, request.GET, live=of_live)
    page = _page(request, asked, now)
    place, rows = page["place"], page.get("districts", [])
    protected = not of_live and asked.protected_alone()
    levels = asked.per.levels(place)
    context = {
        "city": city,
        "asked": asked,
        "now": now,
        "live": of_live,
        "reads_letters": live,
        "switch": live and releases,
        "as_live": asked.link(of="live", sort="", topics=""),
        "as_releases": asked.link(of="releases", sort="", zoom=""),
        "as_ordinary": asked.link(topics="", category=""),
        "as_protected": asked.link(topics="protected", category="", weekday="", hour_from="", hour_to=""),
        "form": HeatForm(
            _shown(asked), live=of_live, protected=protected, residents=has_residents(rows), usual=asked.usual_per
        ),
        "error": asked.error,
        "quick": quick_periods(asked, local_day(now)),
        "everything": asked.link(from_="", to="", compare=""),
        "every_hour": asked.link(weekday="", hour_from="", hour_to=""),
        "compare_before": asked.link(compare="before"),
        "compare_year": asked.link(compare="year"),
        "compare_not": asked.link(compare=""),
        "source": asked.source(),
        "week_words": week_words(asked.hours) if asked.hours else "",
        "weekdays": weekday_names(),
        "hours": range(24),
        "fewest": FEWEST,
        "resamples": RESAMPLES,
        "fewest_addresses": FEWEST_ADDRESSES,
        **page,
        "legend": list(enumerate(class_words(levels, asked.per), start=1)),
        "table": districts_table(rows, asked),
        "on_map": page["shapes"]
        | {
            "levels": levels,
            "values": page.get("values", {}),
            "districts": districts_on_map(rows, asked.per) if asked.by_district else {},
            "words": _map_words(asked.per, page),
        },
    }
    return render(request, "mapui/staff/heatmap.html", context)


def _page(request: HttpRequest, asked: Asked, now: Any) -> dict[str, Any]:
    if asked.live:
        return live_page(asked, reader(request), at=now)
    try:
        return released_page(asked, at=now)
    except BadFilter as wrong:
        return refused_page(wrong)


def _shown(asked: Asked) -> QueryDict:
    """What the form shows: the filters, and the size of squares that is drawn."""
    data = asked.query.copy()
    data["zoom"], data["of"] = str(asked.filters.zoom), asked.of
    data["per"] = "" if asked.per is asked.usual_per else asked.per
    return data


def _map_words(per: Per, page: dict[str, Any]) -> dict[str, str]:
    """What the map says, and what beside a place; the script fills in the braces."""
    nothing = _("No letter is counted here with this choice, which does not mean it is safe.")
    reasons: dict[str, str] = page.get("reasons", {})
    return reasons | {
        "nothing": _("What was chosen cannot be shown together.") if page.get("refused") else nothing,
        "at_least": _("at least %(n)s") % {"n": "{n}"},
        "letters": _("letters: {letters}"),
        "area": _("area {area}: letters {letters}, addresses {addresses}"),
        "rate": "" if per is Per.LETTERS else f"{per.words}: {{rate}}",
        "no_rate": _("no rate: too few addresses are known here"),
    }
