"""The heatmap of releases: whole areas over whole periods, read through the analyst's role and told as they were."""

import datetime
from dataclasses import replace
from typing import Any

from django.conf import settings

from analysis.access import as_analyst
from analysis.models import PartFigure, Release, Sensitivity
from analysis.periods import Period
from analysis.released import ReleasedAreas, ReleaseFilters, released_hours
from analysis.released_hotspots import released_hotspots
from appeals.filters import BadFilter
from geo.models import DistrictBoundary
from geo.moments import local_day
from mapui.heat.asked import Asked
from mapui.heat.charts import Bin, bars_of, dots_of
from mapui.heat.spots import hotspots_shown, shapes_of
from mapui.heat.words import period_words, periods_words, reason_words, span_words

LEVELS = (1, 5, 10, 20, 40)
"""From how many letters in an area, at the least, each colour is. The first holds what is told as "1–4" alone."""
ROWS = 30


def released_page(asked: Asked, *, at: datetime.datetime) -> dict[str, Any]:
    """Return everything that the page of releases shows. Raises BadFilter where topics are mixed."""
    query = asked.query.copy()
    if any(query.getlist("category")):
        query.pop("topics", None)
    filters = ReleaseFilters.read(query, asked.filters)
    everything = replace(filters, heat=replace(filters.heat, first=None, last=None))
    with as_analyst():
        areas, ever = ReleasedAreas.ask(asked.city, filters), ReleasedAreas.ask(asked.city, everything)
        answer = released_hotspots(asked.city, filters, by_addresses=asked.by_addresses)
        squares = _areas(areas)
        told = areas.metadata()
        by_period, by_district = ever.by_period(), areas.by_district()
        hours = released_hours(asked.city, filters)
    first, last = asked.filters.first, asked.filters.last
    bins = [Bin(release.first, release.last) for release, _least, _most in by_period]
    bars = bars_of(bins, [(least, most) for _release, least, most in by_period], first=None, last=None)
    counted = {(release.first, release.last) for release in areas.releases}
    bars = [replace(bar, chosen=(bar.bin.first, bar.bin.last) in counted) for bar in bars]
    at_least, at_most = (sum(row[name] for row in squares) for name in ("at_least", "at_most"))
    return {
        "protected": filters.sensitivity == Sensitivity.PROTECTED,
        "span": span_words(at_least, at_most),
        "levels": LEVELS,
        "reasons": reason_words(),
        "periods": periods_words(areas.releases),
        "left_out": periods_words(areas.left_out),
        "released_ever": periods_words(ever.releases),
        "chose_days": bool(first or last),
        "next_release": _next_release(filters, local_day(at)),
        "plan": told["areas"],
        "small": (told["small_counts"] or "").replace("-", "–"),
        "coarse": _coarse(squares),
        "hotspots": hotspots_shown(
            answer,
            DistrictBoundary.objects.in_force_at(at).filter(district__city=asked.city),
            by_addresses=asked.by_addresses,
        ),
        "changes": {},
        "shapes": shapes_of(answer.features, []),
        "trend": {"unit": "release", "bars": bars} if bars else {},
        "week": _week(hours),
        "districts": by_district,
        "squares": [row for row in squares if row["at_most"]][:ROWS],
        "squares_in_all": sum(1 for row in squares if row["at_most"]),
        "areas_in_all": len(squares),
    }


def refused_page(wrong: BadFilter) -> dict[str, Any]:
    """Return what is left to show where the filters cannot be answered together."""
    return {
        "error": str(wrong),
        "refused": True,
        "levels": LEVELS,
        "reasons": reason_words(),
        "shapes": shapes_of([], []),
    }


def _areas(areas: ReleasedAreas) -> list[dict[str, Any]]:
    rows = [feature["properties"] for feature in areas.features()] if areas.plan else []
    words = reason_words()
    for row in rows:
        row["letters"] = span_words(row["at_least"], row["at_most"])
        row["reason"] = words.get(row["coarse_because"], "")
    return sorted(rows, key=lambda row: (-row["at_least"], -row["at_most"], row["area"]))


def _coarse(areas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Districts whose areas are coarse, by the reason; none named where they are all."""
    reasons: dict[str, set[str]] = {}
    for row in areas:
        if row["reason"]:
            reasons.setdefault(row["reason"], set()).add(row["district"])
    every = {row["district"] for row in areas}
    return [
        {"reason": reason, "districts": "" if codes == every else ", ".join(sorted(codes))}
        for reason, codes in sorted(reasons.items())
    ]


def _next_release(filters: ReleaseFilters, today: datetime.date) -> dict[str, Any]:
    """Which period is released next, and when, if letters came in it."""
    kind = Release.Kind.PROTECTED if filters.sensitivity == Sensitivity.PROTECTED else Release.Kind.ORDINARY
    period = Period.holding(today, kind.span)
    before = Period.holding(period.first - datetime.timedelta(days=1), kind.span)
    delay = settings.RELEASE_DELAY_MONTHS
    following = before if before.due_on(delay=delay) > today else period
    return {"period": period_words(following), "on": following.due_on(delay=delay)}


def _week(hours: dict[str, Any]) -> dict[str, Any]:
    if "parts" in hours:
        names = {part.name.lower(): part.label for part in PartFigure.Part}
        rows = [
            {"words": names[row["part"]], "letters": span_words(row["at_least"], row["at_most"])}
            for row in hours["parts"]
        ]
        return {"parts": rows, "years": ", ".join(hours["periods"])}
    return {"dots": dots_of((row["weekday"], row["hour"], (row["at_least"], row["at_most"])) for row in hours["hours"])}
