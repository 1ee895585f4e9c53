"""The heatmap of releases: whole areas over whole periods, read through the analyst's role and told as they were."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from analysis.access import as_analyst
from analysis.comparing import compared_months
from analysis.districts import Drawn, drawn
from analysis.models import PartFigure, Release, Sensitivity
from analysis.periods import Period
from analysis.released import ReleasedAreas, ReleaseFilters, released_hours
from analysis.released_hotspots import released_hotspots
from analysis.sizes import Ground, grounds_of, km2_by_area
from analysis.week import WeekHours, released_at, told_by_district
from appeals.filters import BadFilter
from geo.models import City, DistrictBoundary
from geo.moments import local_day
from mapui.heat.asked import Asked
from mapui.heat.charts import Bin, Span, bars_of, dots_of
from mapui.heat.rates import Per, Place, Size, rates_of, rates_words
from mapui.heat.spots import hotspots_shown, shapes_of
from mapui.heat.tables import DistrictRow
from mapui.heat.words import day_words, period_words, periods_words, reason_words, span_cell, span_words

ROWS = 30


def released_page(asked: Asked, *, at: datetime.datetime) -> dict[str, Any]:
    """Return everything that the page of releases shows. Raises BadFilter where topics are mixed."""
    query = asked.query.copy()
    if any(query.getlist("category")):
        query.pop("topics", None)
    filters = ReleaseFilters.read(query, asked.filters)
    in_force = drawn(DistrictBoundary.objects.in_force_at(at).filter(edition__city=asked.city))
    with as_analyst():
        areas, ever = ReleasedAreas.ask(asked.city, filters), ReleasedAreas.ask(asked.city, _of_any_day(filters))
        before, refused = _compared(asked, filters, areas)
        grounds = _grounds(asked.city, areas, in_force)
        told = areas.metadata()
        page = (
            _by_hours(asked, asked.hours, grounds, areas, ever, before)
            if asked.hours
            else _by_areas(asked, filters, grounds, areas, ever, before, in_force)
        )
        hours = released_hours(asked.city, filters)
    if refused:
        page["changes"] = {"error": refused}
    return page | {
        "protected": filters.sensitivity == Sensitivity.PROTECTED,
        "reasons": reason_words(),
        "periods": periods_words(areas.releases),
        "left_out": periods_words(areas.left_out),
        "released_ever": periods_words(ever.releases),
        "chose_days": bool(asked.filters.first or asked.filters.last),
        "next_release": _next_release(filters, local_day(at)),
        "plan": told["areas"],
        "small": (told["small_counts"] or "").replace("-", "–"),
        "week": _week(hours, asked.hours),
        "place": Place.DISTRICT if asked.by_district else Place.AREA,
    }


def _of_any_day(filters: ReleaseFilters) -> ReleaseFilters:
    return replace(filters, heat=replace(filters.heat, first=None, last=None))


def _compared(asked: Asked, filters: ReleaseFilters, areas: ReleasedAreas) -> tuple[ReleasedAreas | None, str]:
    """What was released of the period that is compared, or why nothing is; neither where nothing is asked for."""
    if not (asked.compare and asked.days and areas.releases):
        return None, ""
    try:
        first, last = compared_months(areas.releases[0].first, areas.releases[-1].last, asked.compare)
    except BadFilter as wrong:
        return None, str(wrong)
    earlier = ReleasedAreas.ask(asked.city, replace(filters, heat=replace(filters.heat, first=first, last=last)))
    if earlier.releases:
        return earlier, ""
    return None, _("Nothing is released of the days from %(days)s.") % {"days": day_words(first, last)}


def _grounds(city: City, areas: ReleasedAreas, in_force: Sequence[Drawn]) -> list[Ground]:
    """The districts that the areas were drawn in, with the addresses that were known then."""
    if areas.plan is None:
        return grounds_of(city, in_force)
    known = {row["code"]: row["addresses"] for row in areas.by_district()}
    return grounds_of(city, drawn(DistrictBoundary.objects.filter(edition=areas.plan.edition_id)), known)


def _by_areas(
    asked: Asked,
    filters: ReleaseFilters,
    grounds: list[Ground],
    areas: ReleasedAreas,
    ever: ReleasedAreas,
    before: ReleasedAreas | None,
    in_force: Sequence[Drawn],
) -> dict[str, Any]:
    answer = released_hotspots(asked.city, filters, by_addresses=asked.by_addresses)
    # Residents are known of districts alone: areas are told by their letters then.
    squares = _areas(areas, Per.LETTERS if asked.by_district else asked.per)
    letters = _by_district(areas)
    earlier = _by_district(before) if before else None
    return {
        **_total(letters),
        "coarse": _coarse(squares),
        "hotspots": hotspots_shown(answer, in_force, by_addresses=asked.by_addresses),
        "changes": _changes(letters, earlier, before.releases) if before and earlier is not None else {},
        "shapes": shapes_of(answer.features, []),
        "trend": _trend(ever.by_period(), areas.releases, before.releases if before else ()),
        "districts": DistrictRow.all_of(grounds, letters, earlier),
        "squares": [row for row in squares if row["at_most"]][:ROWS],
        "squares_in_all": sum(1 for row in squares if row["at_most"]),
        "areas_in_all": len(squares),
        "values": {row["area"]: row["value"] for row in squares},
    }


def _by_hours(
    asked: Asked,
    hours: WeekHours,
    grounds: list[Ground],
    areas: ReleasedAreas,
    ever: ReleasedAreas,
    before: ReleasedAreas | None,
) -> dict[str, Any]:
    topics = asked.filters.categories
    letters = told_by_district(released_at(areas.releases, topics, hours))
    earlier = told_by_district(released_at(before.releases, topics, hours)) if before else None
    rows = released_at(ever.releases, topics, hours).told("release")
    by_release = {row["release"]: (row["least"], row["most"]) for row in rows}
    return {
        **_total(letters),
        "changes": _changes(letters, earlier, before.releases) if before and earlier is not None else {},
        "shapes": shapes_of([], []),
        "trend": _trend(
            [(release, *by_release.get(release.pk, (0, 0))) for release in ever.releases],
            areas.releases,
            before.releases if before else (),
        ),
        "districts": DistrictRow.all_of(grounds, letters, earlier),
    }


def _by_district(areas: ReleasedAreas) -> dict[str, Span]:
    return {row["code"]: (row["at_least"], row["at_most"]) for row in areas.by_district()}


def _sum(letters: dict[str, Span]) -> Span:
    return sum(least for least, _most in letters.values()), sum(most for _least, most in letters.values())


def _total(letters: dict[str, Span]) -> dict[str, Any]:
    """The sum in words, and the number in them that the noun beside it goes with: of "1–4" the last."""
    least, most = _sum(letters)
    return {"span": span_words(least, most), "span_number": most if least == 1 else least}


def _changes(letters: dict[str, Span], earlier: dict[str, Span], releases: Iterable[Release]) -> dict[str, Any]:
    return {
        "after": span_words(*_sum(letters)),
        "before": span_words(*_sum(earlier)),
        "periods": periods_words(releases),
        "words": _("It is not tested whether a difference is more than chance: small counts are spans."),
    }


def _trend(
    told: list[tuple[Release, int, int]], counted: Iterable[Release], compared: Iterable[Release]
) -> dict[str, Any]:
    """Letters by released period, with what is counted and what it is compared with."""
    if not told:
        return {}
    bins = [Bin(release.first, release.last) for release, _least, _most in told]
    bars = bars_of(bins, [(least, most) for _release, least, most in told], first=None, last=None)
    chosen, before = ({release.first for release in releases} for releases in (counted, compared))
    return {
        "unit": "release",
        "bars": [
            bar._replace(chosen=bar.bin.first in chosen, compared=bar.bin.first in before - chosen) for bar in bars
        ],
    }


def refused_page(wrong: BadFilter) -> dict[str, Any]:
    """Return what is left to show where the filters cannot be answered together."""
    return {
        "error": str(wrong),
        "refused": True,
        "reasons": reason_words(),
        "place": Place.AREA,
        "shapes": shapes_of([], []),
    }


def _areas(areas: ReleasedAreas, per: Per) -> list[dict[str, Any]]:
    """Every area, most first of what is asked: of two with the same least the one with more at the most."""
    rows = [feature["properties"] for feature in areas.features()] if areas.plan else []
    km2 = km2_by_area(areas.plan) if per is Per.AREA else {}
    words = reason_words()
    for row in rows:
        letters = (row["at_least"], row["at_most"])
        rates = rates_of(letters, Size(km2.get(row["area"]), row["addresses"]), per)
        row["letters"] = span_cell(*letters)
        row["reason"] = words.get(row["coarse_because"], "")
        row["value"], row["rate"] = rates and rates[0], rates_words(rates) if per is not Per.LETTERS else ""
        row["order"] = rates or (-1.0, -1.0)
    return sorted(rows, key=lambda row: (-row["order"][0], -row["order"][1], row["area"]))


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


def _week(told: dict[str, Any], hours: WeekHours | None) -> dict[str, Any]:
    if "parts" in told:
        letters = {row["part"]: (row["at_least"], row["at_most"]) for row in told["parts"]}
        rows = [
            {"words": part.label, "letters": span_cell(*letters.get(part.name.lower(), (0, 0)))}
            for part in PartFigure.Part
        ]
        return {"parts": rows if letters else [], "years": ", ".join(told["periods"])}
    dots = ((row["weekday"], row["hour"], (row["at_least"], row["at_most"])) for row in told["hours"])
    return {"dots": dots_of(dots, chosen=hours.hours if hours else None)}
