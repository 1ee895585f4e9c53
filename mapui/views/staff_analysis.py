"""The heatmap, of live counts or of releases: map, hotspots, changes, charts, and the same numbers as tables."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.hotspots.significance import FEWEST, RESAMPLES
from analysis.released import reads_releases_of
from appeals.filters import BadFilter
from appeals.models import Category
from geo.models import City
from geo.moments import local_day
from mapui.heat.asked import Asked, quick_periods
from mapui.heat.forms import HeatForm
from mapui.heat.live import live_page
from mapui.heat.released import refused_page, released_page
from mapui.heat.tables import districts_table
from mapui.heat.words import weekday_names
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
    context = {
        "city": city,
        "asked": asked,
        "now": now,
        "topic": _topic(asked),
        "live": of_live,
        "reads_letters": live,
        "switch": live and releases,
        "as_live": asked.link(of="live", sort="", topics=""),
        "as_releases": asked.link(of="releases", sort="", compare="", zoom=""),
        "form": HeatForm(_shown(asked), live=of_live),
        "error": asked.error,
        "quick": quick_periods(asked, local_day(now)),
        "everything": asked.link(from_="", to="", compare=""),
        "compare_before": asked.link(compare="before"),
        "compare_year": asked.link(compare="year"),
        "compare_not": asked.link(compare=""),
        "source": asked.source(),
        "weekdays": weekday_names(),
        "hours": range(24),
        "fewest": FEWEST,
        "resamples": RESAMPLES,
        **page,
        "legend": _legend(page["levels"]),
        "table": districts_table(page.get("districts", []), asked),
        "on_map": page["shapes"] | {"levels": page["levels"], "words": _map_words(page.get("reasons", {}))},
    }
    return render(request, "mapui/staff/heatmap.html", context)


def _page(request: HttpRequest, asked: Asked, now: Any) -> dict[str, Any]:
    if asked.live:
        return live_page(asked, reader(request), at=now)
    try:
        return released_page(asked, at=now)
    except BadFilter as wrong:
        return refused_page(wrong)


def _topic(asked: Asked) -> str:
    """The chosen topics by name, for paper."""
    topics = Category.objects.filter(slug__in=asked.filters.categories)
    return ", ".join(topic.name for topic in topics)


def _shown(asked: Asked) -> dict[str, Any]:
    """What the form shows: the last value of each filter, and the size of squares that is drawn."""
    return {name: asked.query.get(name) for name in asked.query} | {
        "zoom": str(asked.filters.zoom),
        "of": asked.of,
    }


def _legend(levels: tuple[int, ...]) -> list[dict[str, Any]]:
    """Each colour with the letters that it stands for."""
    ends = [*(following - 1 for following in levels[1:]), None]
    return [
        {"level": level, "words": _class_words(least, most)}
        for level, (least, most) in enumerate(zip(levels, ends, strict=True), start=1)
    ]


def _class_words(least: int, most: int | None) -> str:
    if most is None:
        return _("%(n)s and more") % {"n": least}
    return str(least) if least == most else f"{least}–{most}"


def _map_words(reasons: dict[str, str]) -> dict[str, str]:
    """What the map says beside an area; the script fills in the braces."""
    return reasons | {
        "letters": _("letters: {letters}"),
        "area": _("area {area}: letters {letters}, addresses {addresses}"),
    }
