"""What the page of prevention says in words: before and after, and how well the past told the future."""

import math
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from analysis.hotspots.comparison import Comparison
from analysis.hotspots.evaluation import KDE, OURS, PLAIN
from analysis.hotspots.significance import FEWEST
from analysis.models import PastEvaluation
from analysis.prevention.measuring import BeforeAfter, Days
from mapui.heat.words import day_words


def comparisons(measured: BeforeAfter, *, whole_city: bool) -> list[dict[str, Any]]:
    """Return both comparisons of a place as tables with a sentence below each."""
    spans = measured.spans
    rest = _("all other squares of the city") if whole_city else _("all other squares of your districts")
    hotspots = _("other hotspots where nothing was done")
    return [
        _compared(measured.rest, spans.before, spans.since, others=rest),
        _compared(measured.hotspots, spans.chosen, spans.since, others=hotspots),
    ]


def _compared(told: Comparison, before: Days, since: Days, *, others: str) -> dict[str, Any]:
    place, rest = told.asked.place, told.asked.others
    return {
        "verdict": told.verdict,
        "direction": told.direction,
        "others": others,
        "rows": [
            {"name": span_words(before), "here": place.before, "there": rest.before},
            {"name": span_words(since), "here": place.after, "there": rest.after},
            {
                "name": _("how many times as many a day"),
                "here": times_words(told.times),
                "there": times_words(told.others_times),
            },
        ],
        "words": _verdict(told, before, since),
    }


def _verdict(told: Comparison, before: Days, since: Days) -> str:
    """Say what the comparison tells, or why it tells nothing."""
    asked = told.asked
    if not len(since):
        return _("Nothing to count yet: the first day after it is %(day)s.") % {
            "day": date_format(since.first, "SHORT_DATE_FORMAT")
        }
    if not len(before):
        return _("There is nothing to compare with: letters are counted only since then.")
    if told.verdict == "few":
        return _(
            "Too few letters to tell: %(place)s here and %(others)s there, at least %(fewest)s of each are needed."
        ) % {
            "place": asked.place.both,
            "others": asked.others.both,
            "fewest": FEWEST,
        }
    found = {
        1: _("More than there, beyond chance."),
        -1: _("Fewer than there, beyond chance."),
        0: _("No difference that chance would not bring."),
    }[told.direction]
    low, high = told.interval
    return (
        found
        + " "
        + _(
            "Letters since: %(after)s. Had it changed as there, there would be about %(expected)s; that is %(times)s of"
            " the expected (from %(low)s to %(high)s)."
        )
        % {
            "after": asked.place.after,
            "expected": round(told.expected),
            "times": times_words(told.against),
            "low": times_words(low),
            "high": times_words(high),
        }
    )


def span_words(days: Days) -> str:
    """Return two days with a dash, or one dash where there are none."""
    return day_words(days.first, days.last) if len(days) else "—"


def times_words(times: float) -> str:
    """Return a ratio as people write it, or a dash."""
    if math.isnan(times):
        return "—"
    return "∞" if math.isinf(times) else number_format(round(times, 2), 2)


def past_words(past: PastEvaluation) -> dict[str, Any]:
    """Return the evaluation of a city's past as rows and sentences."""
    names = {
        PLAIN: _("letters of the year before, counted by square"),
        KDE: _("the same year, smoothed over the squares around"),
        OURS: _("all earlier weeks, each worth less the older it is, a little smoothed"),
    }
    rows = [
        {
            "name": names[each["method"]],
            "is_plain": each["method"] == PLAIN,
            "of_100": round(each["of_100"]),
            "low": math.floor(each["low"]),
            "high": math.ceil(each["high"]),
            "beats": _beats(each),
        }
        for each in past.figures
    ]
    return {
        "past": past,
        "rows": rows,
        "plain": next((row for row in rows if row["is_plain"]), None),
        "km2": number_format(round(past.marked * past.side_m**2 / 1e6, 1), 1),
        "side_m": round(past.side_m / 10) * 10,
    }


def _beats(figure: dict[str, Any]) -> str:
    """Say whether a method tells more than the plain count."""
    if figure["method"] == PLAIN:
        return ""
    _more, low, high = figure["more"]
    if low > 0:
        return _("more than the plain count tells")
    return (
        _("less than the plain count tells") if high < 0 else _("no more than the plain count, as far as can be told")
    )
