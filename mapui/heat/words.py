"""What the heatmap says in words: spans, periods, verdicts, how sure a hotspot is."""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from analysis.areas import Reason
from analysis.models import Release
from analysis.periods import Period, Span
from analysis.week import HOURS_OF_A_DAY, WEEKDAYS, WeekHours
from mapui.numbers import number_words

STEADY, RATHER_STEADY = 0.9, 0.6
"""Shares of the resamples in which a hotspot was hot again."""
ROMAN = ("I", "II", "III", "IV")


def span_words(least: int, most: int) -> str:
    """Return a count; one small count as its span, "1–4"; a sum with small counts in it as its least, for a sentence.

    The sum of the spans would be wide and say less: most small counts are small (docs/adr/0023).
    """
    return _span(least, most) or _("at least %(n)s") % {"n": number_words(least)}


def span_cell(least: int, most: int) -> str:
    """Return the same for a cell of a table, whose caption says what the sign means."""
    return _span(least, most) or f"≥\N{NO-BREAK SPACE}{number_words(least)}"


def _span(least: int, most: int) -> str:
    """A count that is exact, or small: only of one small count alone is the least 1."""
    if least == most:
        return number_words(least)
    return f"{least}–{most}" if least == 1 else ""


def day_words(first: datetime.date, last: datetime.date) -> str:
    """Return a day, or two with a dash."""
    language = get_language()
    if first == last:
        return _short(first, language)
    return f"{_short(first, language)} – {_short(last, language)}"


@lru_cache(maxsize=4096)
def _short(day: datetime.date, _language: str) -> str:
    """A day in the language that is active: pages have hundreds of days, and the same again."""
    return date_format(day, "SHORT_DATE_FORMAT")


def period_words(period: Period) -> str:
    """Return "June 2026", "quarter II of 2026" or "2026"."""
    if period.span is Span.MONTH:
        words = date_format(period.first, "F Y")
        return words if get_language() == "en" else words.lower()  # Ukrainian begins months with small letters
    if period.span is Span.QUARTER:
        return _("quarter %(number)s of %(year)s") % {
            "number": ROMAN[(period.first.month - 1) // 3],
            "year": period.first.year,
        }
    return str(period.first.year)


def periods_words(releases: Iterable[Release]) -> str:
    """Return the periods of releases, the oldest first; of those that follow each other the first and the last."""
    runs: list[list[Release]] = []
    for release in releases:
        if runs and runs[-1][-1].period.following == release.period:
            runs[-1].append(release)
        else:
            runs.append([release])
    return ", ".join(" – ".join(dict.fromkeys(period_words(run[end].period) for end in (0, -1))) for run in runs)


def reason_words() -> dict[str, str]:
    """Why an area is as large as it is, by the key that releases tell."""
    return {
        Reason.FEW_ADDRESSES: _("one area for the whole district, which has too few addresses for smaller ones"),
        Reason.SMALL: _("one area for the whole district, which is smaller than an area should be"),
        Reason.NO_ADDRESSES: _("large, because no addresses are known in the district"),
    }


def verdict_words(verdict: str, metadata: dict[str, Any], *, found: int) -> str:
    """Say in a sentence what was found, or why nothing can be said."""
    told = metadata["letters"]
    n = span_words(told["at_least"], told["at_most"]) if isinstance(told, dict) else number_words(told)
    if verdict == "few":
        return _("Too few letters to tell: %(n)s with a place, at least %(fewest)s are needed.") % {
            "n": n,
            "fewest": metadata["fewest_letters"],
        }
    if verdict == "none":
        return _("Nothing stands out from chance among %(n)s letters with a place.") % {"n": n}
    return ngettext("%(found)s place stands out from chance.", "%(found)s places stand out from chance.", found) % {
        "found": found
    }


def chance_words(letters: float) -> str:
    """Say how many letters chance would bring to a place, with one decimal."""
    rounded = round(letters, 1)
    return number_words(rounded, 1) if rounded else _("below %(n)s") % {"n": number_words(0.1, 1)}


def steadiness_words(share: float) -> str:
    """Say how steady a hotspot is: in what share of resamples it was hot again."""
    percent = {"n": f"{round(share * 100)}\N{NO-BREAK SPACE}"}
    if share >= STEADY:
        return _("Steady: hot in %(n)s%% of resamples.") % percent
    if share >= RATHER_STEADY:
        return _("Rather steady: hot in %(n)s%% of resamples.") % percent
    return _("Shaky: hot in %(n)s%% of resamples. A few letters more or fewer, and it may be gone.") % percent


def week_words(hours: WeekHours) -> str:
    """Return the weekdays, and the hours where they are not the whole day: "Fri, Sat, 20:00–4:00"."""
    names = weekday_names()
    days = ", ".join(names[day - 1] for day in hours.weekdays) or _("every day")
    whole_day = hours.since == 0 and hours.until == HOURS_OF_A_DAY
    return days if whole_day else f"{days}, {hours.since}:00–{hours.until}:00"


def weekday_names() -> list[str]:
    """Monday first, short."""
    monday = datetime.date(2026, 6, 1)
    return [date_format(monday + datetime.timedelta(days=n), "D") for n in range(WEEKDAYS)]
