"""Statistics of answers as a page shows them: what was asked for, and tables that are sorted by links."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from appeals.answer_times import FEWEST, Figures, Quantile
from appeals.filters import BadFilter, read_day
from appeals.models import Rating
from geo.labels import in_counting_order

USUAL_DAYS = 90
"""Days up to today that are shown unless others are asked for."""
DAYS_MAX = 366
OFFICER = "officer"
"""The value of `by` that asks for rows of officers; rows of districts are usual."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days, whose rows, and by what they are sorted: all of it stands in the address."""

    first: datetime.date
    last: datetime.date
    sort: str = ""
    by_officer: bool = False

    @classmethod
    def read(cls, query: QueryDict, *, today: datetime.date) -> "Asked":
        """Read `from`, `to`, `sort` and `by`; a side that is left out is as usual. Raises BadFilter."""
        last = read_day(query, "to") or today
        first = read_day(query, "from") or last - datetime.timedelta(days=USUAL_DAYS - 1)
        if first > last:
            raise BadFilter(_("The first day is after the last."))
        if last > today:
            raise BadFilter(_("The last day is still to come."))
        if (last - first).days >= DAYS_MAX:
            raise BadFilter(_("At most %(days)s days at once.") % {"days": DAYS_MAX})
        return cls(first, last, query.get("sort", ""), query.get("by") == OFFICER)

    @classmethod
    def usual(cls, *, today: datetime.date) -> "Asked":
        """Return what is shown where nothing is asked for."""
        return cls(today - datetime.timedelta(days=USUAL_DAYS - 1), today)

    def link(self, *, sort: str) -> str:
        """Return the query of the same days and rows, sorted by something else."""
        by = {"by": OFFICER} if self.by_officer else {}
        return "?" + urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()} | by | {"sort": sort})


def half_years(today: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Return the half-year that runs and the one before it, as first and last days; the one that runs ends today."""
    start = datetime.date(today.year, 1 if today.month <= 6 else 7, 1)
    before = start - datetime.timedelta(days=1)
    return [(start, today), (datetime.date(before.year, 1 if before.month <= 6 else 7, 1), before)]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what stands in it, and by what it is sorted (None: too few to be ranked)."""

    label: str | Promise
    words: Callable[[Figures], str]
    rank: Callable[[Figures], Any]


def days_words(quantile: Quantile | None) -> str:
    """Write working days within which a share was answered."""
    if quantile is None:
        return "–"
    if quantile.or_more:
        return _("%(n)s or more") % {"n": quantile.days}
    return str(quantile.days)


def in_time_words(figures: Figures) -> str:
    """Write how many were answered in time, always with of how many; the percentage only of enough."""
    if not figures.decided:
        return "–"
    told = _("%(k)s of %(n)s") % {"k": figures.in_time, "n": figures.decided}
    return f"{told} ({_percent(figures.share_in_time)})" if figures.share_in_time is not None else told


def satisfaction_words(figures: Figures) -> str:
    """Write what writers said of the answer: how many it helped, of how many who said so, of how many asked."""
    if not figures.asked:
        return "–"
    if not figures.rated:
        return _("nobody said, %(asked)s asked") % {"asked": figures.asked}
    helped = figures.ratings.get(Rating.YES, 0)
    told = _("helped %(k)s of %(n)s who said, %(asked)s asked") % {
        "k": helped,
        "n": figures.rated,
        "asked": figures.asked,
    }
    if figures.rated < FEWEST:
        return told
    return f"{_percent(Fraction(helped, figures.rated))}: {told}"


def _percent(share: Fraction | None) -> str:
    return "" if share is None else f"{round(share * 100)}\N{NO-BREAK SPACE}%"


def _days_rank(quantile: Quantile | None) -> Any:
    return None if quantile is None else (quantile.days, quantile.or_more)


COLUMNS: Mapping[str, Column] = {
    "letters": Column(gettext_lazy("Letters"), lambda each: str(each.n), lambda each: each.n),
    "unanswered": Column(
        gettext_lazy("Without an answer yet"), lambda each: str(each.unanswered), lambda each: each.unanswered
    ),
    "median": Column(
        gettext_lazy("Half answered within, working days"),
        lambda each: days_words(each.median),
        lambda each: _days_rank(each.median),
    ),
    "nine": Column(
        gettext_lazy("Nine in ten within, working days"),
        lambda each: days_words(each.nine_in_ten),
        lambda each: _days_rank(each.nine_in_ten),
    ),
    "in-time": Column(gettext_lazy("Answered in time"), in_time_words, lambda each: each.share_in_time),
    "helped": Column(
        gettext_lazy("Did the answer help?"),
        satisfaction_words,
        lambda each: Fraction(each.ratings.get(Rating.YES, 0), each.rated) if each.rated >= FEWEST else None,
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `order` is by what it stands where nothing else decides."""

    name: str
    order: Any
    figures: Figures


def table_of(rows: Iterable[Row], asked: Asked, *, name: str | Promise) -> dict[str, Any]:
    """Return heads with the links that sort by them, and rows in the order asked for, to be told by `page_told`.

    Rows of too few letters stand in no order but that of their names, after all others.
    """
    ordered = sorted(rows, key=lambda row: row.order)
    column, descending = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    if column in COLUMNS:
        rank = COLUMNS[column].rank
        ranked = [row for row in ordered if row.figures.is_enough and rank(row.figures) is not None]
        ranked.sort(key=lambda row: rank(row.figures), reverse=descending)
        ordered = ranked + [row for row in ordered if row not in ranked]
    else:
        column, descending = "name", asked.sort == "-name"
        ordered = ordered[::-1] if descending else ordered
    heads = [{"label": name, "key": "name", "numeric": False}]
    heads += [{"label": each.label, "key": key, "numeric": True} for key, each in COLUMNS.items()]
    for head in heads:
        is_sorted = head["key"] == column
        head["sorted"] = ("descending" if descending else "ascending") if is_sorted else ""
        turned = is_sorted and not descending
        head["href"] = asked.link(sort=f"-{head['key']}" if turned else str(head["key"]))
    return {"heads": heads, "rows": ordered}


def page_told(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return what stands in some rows; `few` says that there are too few letters to compare."""
    labels, few = [str(each.label) for each in COLUMNS.values()], _("too few letters to compare")
    return [
        {
            "name": row.name,
            "cells": [(label, each.words(row.figures)) for label, each in zip(labels, COLUMNS.values(), strict=True)],
            "few": "" if row.figures.is_enough else few,
        }
        for row in rows
    ]


def withdrawn_words(n: int) -> str:
    """Say how many letters were withdrawn before an answer; nothing where none was."""
    if not n:
        return ""
    return ngettext(
        "%(n)s letter was withdrawn by its writer before an answer, and is not counted.",
        "%(n)s letters were withdrawn by their writers before an answer, and are not counted.",
        n,
    ) % {"n": n}


def rows_by_district(pairs: Iterable[tuple[Any, Figures]]) -> list[Row]:
    """Return rows of districts, in the order of their codes."""
    return [Row(district.name, in_counting_order(district.code), figures) for district, figures in pairs]


def rows_by_officer(pairs: Iterable[tuple[Any, Figures]]) -> list[Row]:
    """Return rows of officers, by name."""
    return [Row(officer.name, (officer.name, officer.pk), figures) for officer, figures in pairs]
