"""The heatmap of live counts, for those who may read the letters anyway: by square, or by district where hours or
residents are asked for.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from analysis.comparing import compared_days, compared_months
from analysis.districts import Drawn, districts_read
from analysis.grids import addresses_by_cell
from analysis.live_hotspots import live_changes, live_hotspots
from analysis.models import HourCount
from analysis.sizes import Ground, grounds_of
from analysis.week import WeekHours, live_hours
from appeals.filters import BadFilter
from geo.cells import bounds_of, side_m
from geo.models import District
from geo.moments import local_day
from mapui.heat.asked import Asked
from mapui.heat.charts import Days, Span, bars_of, bins_of, dots_of, months_of, summed
from mapui.heat.rates import Per, Place, Size, rate_of, rates_words
from mapui.heat.spots import changes_shown, difference_words, hotspots_shown, shapes_of
from mapui.heat.tables import DistrictRow
from people.models import User

ROWS = 30


def live_page(asked: Asked, user: User, *, at: datetime.datetime) -> dict[str, Any]:
    """Return everything that the page of live counts shows."""
    districts = districts_read(asked.city, user, at=at)
    before, refused = _compared(asked)
    page = (
        _by_hours(asked, user, asked.hours, districts, before)
        if asked.hours
        else _by_squares(asked, user, districts, before, at=at)
    )
    if refused:
        page["changes"] = {"error": refused}
    return page | {
        "week": _week(asked, user),
        "place": Place.DISTRICT if asked.by_district else Place.SQUARE,
    }


def _compared(asked: Asked) -> tuple[Days | None, str]:
    """The days that are compared, or why they cannot be; neither where no comparison was asked for or a day is missing.

    Hours are counted by whole months, so whole months are compared.
    """
    if not (asked.compare and asked.days):
        return None, ""
    try:
        return (compared_months if asked.hours else compared_days)(*asked.days, asked.compare), ""
    except BadFilter as wrong:
        return None, str(wrong)


def _by_squares(
    asked: Asked, user: User, districts: Sequence[Drawn], before: Days | None, *, at: datetime.datetime
) -> dict[str, Any]:
    city, filters = asked.city, asked.filters
    filters.ask_ever(city, user)
    told = filters.by_district(city, user)
    letters, placed = (sum(counts) for counts in zip(*told.values(), strict=True)) if told else (0, 0)
    answer = live_hotspots(city, user, filters, at=at, by_addresses=asked.by_addresses)
    earlier = replace(filters, first=before[0], last=before[1]).by_district(city, user) if before else None
    changes = _changes(asked, user, districts, at=at) if before else {}
    return {
        "letters": letters,
        "in_no_square": letters - placed,
        "hotspots": hotspots_shown(answer, districts, by_addresses=asked.by_addresses),
        "changes": changes,
        "shapes": shapes_of(answer.features, changes.get("features", [])),
        "trend": _trend(asked, user, before, today=local_day(at)),
        "districts": _districts(asked, districts, _letters(told), None if earlier is None else _letters(earlier)),
        **_squares(asked, user),
    }


def _by_hours(
    asked: Asked, user: User, hours: WeekHours, districts: Sequence[Drawn], before: Days | None
) -> dict[str, Any]:
    city, filters = asked.city, asked.filters
    counts = live_hours(city, user, filters, hours)
    earlier = live_hours(city, user, replace(filters, first=before[0], last=before[1]), hours) if before else None
    letters = counts.letters()
    return {
        "letters": letters,
        "in_no_square": 0,
        "changes": {
            "before": earlier.letters(),
            "after": letters,
            "first": before[0],
            "last": before[1],
            "words": _("By hours it is not tested whether that is more than chance."),
        }
        if before and earlier is not None
        else {},
        "shapes": shapes_of([], []),
        "trend": _trend_by_month(asked, user, hours, before),
        "districts": _districts(
            asked, districts, counts.by_district(), None if earlier is None else earlier.by_district()
        ),
    }


def _letters(told: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    return {district: letters for district, (letters, _placed) in told.items()}


def _districts(
    asked: Asked, districts: Sequence[Drawn], letters: Mapping[int, int], earlier: Mapping[int, int] | None
) -> list[DistrictRow]:
    """The districts in force, and those of earlier editions that letters lie in; letters are told by their keys."""
    grounds, codes = grounds_of(asked.city, districts), {each.district: each.code for each in districts}
    gone = District.objects.filter(pk__in=letters.keys() - codes.keys()) if letters.keys() - codes.keys() else []
    grounds += [Ground(each.code, each.name_uk, each.name_en, 0, 0, None) for each in gone]
    codes |= {each.pk: each.code for each in gone}
    return DistrictRow.all_of(grounds, _spans(letters, codes), None if earlier is None else _spans(earlier, codes))


def _spans(letters: Mapping[int, int], codes: Mapping[int, str]) -> dict[str, Span]:
    return {codes[district]: (n, n) for district, n in letters.items() if district in codes}


def _squares(asked: Asked, user: User) -> dict[str, Any]:
    """The squares that the table tells, most first of what is asked, and the values of all that the map colours."""
    zoom, per = asked.filters.zoom, asked.per
    squares = asked.filters.counted(asked.city, user)
    if per in {Per.LETTERS, Per.RESIDENT}:
        return {"squares": [_square(*each, zoom) for each in squares[:ROWS]], "squares_in_all": len(squares)}
    addresses = addresses_by_cell(asked.city, zoom) if per is Per.ADDRESS else {}
    rows = [_square(*each, zoom) for each in squares]
    for row in rows:
        size = Size(side_m(float(row["lat"]), zoom) ** 2 / 1e6, addresses.get(row["area"], 0))
        row["value"] = rate_of(row["letters"], size, per)
        row["rate"] = rates_words(row["value"] if row["value"] is None else (row["value"], row["value"]))
    rows.sort(key=lambda row: -1.0 if row["value"] is None else row["value"], reverse=True)
    values = {row["area"]: row["value"] for row in rows}
    return {"squares": rows[:ROWS], "squares_in_all": len(rows), "values": values}


def _square(area: int, letters: int, zoom: int) -> dict[str, Any]:
    lon, lat = bounds_of(area, zoom).centre
    return {"area": area, "letters": letters, "lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}


def _changes(asked: Asked, user: User, districts: Sequence[Drawn], *, at: datetime.datetime) -> dict[str, Any]:
    answer = live_changes(asked.city, user, asked.filters, compare=asked.compare, at=at)
    shown = changes_shown(answer, districts)
    for row in shown["rows"]:
        row["difference"] = difference_words(row)
    return shown


def _trend(asked: Asked, user: User, before: Days | None, *, today: datetime.date) -> dict[str, Any]:
    """Letters by day or longer: the chosen days with as many around them, and the days that are compared."""
    first, last = asked.filters.first, asked.filters.last or today
    since, until = None, max(last, today)
    if first:
        length = last - first + datetime.timedelta(days=1)
        since = min(first - length, before[0] if before else first)
        until = max(last, min(today, last + length))
    shown = replace(asked.filters, first=since, last=until if since else None)
    by_day = shown.by_day(asked.city, user)
    if not by_day:
        return {}
    unit, bins = bins_of(since or min(by_day), until)
    bars = bars_of(bins, summed(bins, by_day), first=first, last=asked.filters.last, before=before)
    return {"unit": unit, "bars": bars}


def _trend_by_month(asked: Asked, user: User, hours: WeekHours, before: Days | None) -> dict[str, Any]:
    """Letters of some hours of the week, by month: hours are known of whole months alone."""
    ever = live_hours(asked.city, user, replace(asked.filters, first=None, last=None), hours).by_month()
    if not ever:
        return {}
    bins = list(months_of(min(ever), max(ever)))
    spans = [(ever.get(each.first, 0), ever.get(each.first, 0)) for each in bins]
    bars = bars_of(bins, spans, first=asked.filters.first, last=asked.filters.last, before=before)
    return {"unit": "month", "bars": bars}


def _week(asked: Asked, user: User) -> dict[str, Any]:
    filters = asked.filters
    if asked.hours:
        hours = HourCount.objects.visible_in(asked.city, user).about(filters.categories)
        counts = hours.filter(category__protected=False).during(filters.first, filters.last).by_hour()
    else:
        counts = filters.by_hour(asked.city, user)
    dots = dots_of(
        ((hour // 24 + 1, hour % 24, (n, n)) for hour, n in enumerate(counts) if n),
        chosen=asked.hours.hours if asked.hours else None,
    )
    return {"dots": dots, "whole_months": bool(filters.first or filters.last)}
