"""The heatmap of live counts, for those who may read the letters anyway."""

import datetime
from dataclasses import replace
from typing import Any

from analysis.cells import bounds_of
from analysis.live_hotspots import live_changes, live_hotspots
from analysis.models import HourCount
from appeals.filters import BadFilter
from appeals.models import districts_open_to
from geo.models import DistrictBoundary
from geo.models.editions import BoundaryQuerySet
from geo.moments import local_day
from mapui.heat.asked import Asked
from mapui.heat.charts import bars_of, bins_of, dots_of, summed
from mapui.heat.spots import changes_shown, difference_words, hotspots_shown, shapes_of
from people.models import User

LEVELS = (1, 2, 4, 8, 16)
"""From how many letters in a square each colour is: colours keep their meaning whatever is shown."""
ROWS = 30


def live_page(asked: Asked, user: User, *, at: datetime.datetime) -> dict[str, Any]:
    """Return everything that the page of live counts shows."""
    city, filters = asked.city, asked.filters
    cells = filters.cells(city, user)
    squares = cells.summed(filters.zoom)
    letters = cells.letters()
    answer = live_hotspots(city, user, filters, at=at, by_addresses=asked.by_addresses)
    districts = DistrictBoundary.objects.in_force_at(at).filter(
        districts_open_to(user, city="district__city", district="district"), district__city=city
    )
    changes = _changes(asked, user, districts, at=at)
    return {
        "letters": letters,
        "in_no_square": letters - cells.placed().letters(),
        "levels": LEVELS,
        "hotspots": hotspots_shown(answer, districts, by_addresses=asked.by_addresses),
        "changes": changes,
        "shapes": shapes_of(answer.features, changes.get("features", [])),
        "trend": _trend(asked, user, today=local_day(at)),
        "week": _week(asked, user),
        "districts": [
            {
                "code": row["district__code"],
                "name_uk": row["district__name_uk"],
                "name_en": row["district__name_en"],
                "at_least": row["letters"],
                "at_most": row["letters"],
            }
            for row in cells.by_district()
        ],
        "squares": [_square(row, filters.zoom) for row in squares[:ROWS]],
        "squares_in_all": squares.count(),
    }


def _square(row: dict[str, Any], zoom: int) -> dict[str, Any]:
    lon, lat = bounds_of(row["area"], zoom).centre
    return {"letters": row["letters"], "lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}


def _changes(asked: Asked, user: User, districts: BoundaryQuerySet, *, at: datetime.datetime) -> dict[str, Any]:
    """What changed; `{}` where no comparison was asked for or a day is missing, `error` where it cannot be made."""
    if not (asked.compare and asked.filters.first and asked.filters.last):
        return {}
    try:
        answer = live_changes(asked.city, user, asked.filters, compare=asked.compare, at=at)
    except BadFilter as wrong:
        return {"error": str(wrong)}
    shown = changes_shown(answer, districts)
    for row in shown["rows"]:
        row["difference"] = difference_words(row)
    return shown


def _trend(asked: Asked, user: User, *, today: datetime.date) -> dict[str, Any]:
    """Letters by day or longer: the chosen days and as many before them, a year back where last year is compared."""
    first, last = asked.filters.first, asked.filters.last or today
    since = first and first - (
        datetime.timedelta(days=364) if asked.compare == "year" else last - first + datetime.timedelta(days=1)
    )
    shown = replace(asked.filters, first=since, last=last)
    by_day = {row["day"]: row["letters"] for row in shown.cells(asked.city, user).by_day()}
    if not by_day:
        return {}
    unit, bins = bins_of(since or min(by_day), max(last, since or last))
    return {"unit": unit, "bars": bars_of(bins, summed(bins, by_day), first=first, last=asked.filters.last)}


def _week(asked: Asked, user: User) -> dict[str, Any]:
    hours = HourCount.objects.visible_to(user).filter(city=asked.city).about(asked.filters.categories)
    counts = hours.during(asked.filters.first, asked.filters.last).by_hour()
    dots = dots_of((hour // 24 + 1, hour % 24, (n, n)) for hour, n in enumerate(counts) if n)
    return {"dots": dots, "whole_months": bool(asked.filters.first or asked.filters.last)}
