"""Districts with their letters and rates: a table that is sorted by links, and the same on the map."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from analysis.sizes import Ground
from geo.names import in_current_language
from mapui.heat.asked import Asked
from mapui.heat.charts import Span
from mapui.heat.rates import Per, Size, rate_of, rates_of, rates_words
from mapui.heat.words import span_cell, span_words

RATES = (Per.AREA, Per.ADDRESS, Per.RESIDENT)
NOTHING = (0, 0)
SHOWN = 25
"""Districts that are listed unless all are asked for."""


class DistrictRow(NamedTuple):
    """A district with its letters, and those of the period that is compared."""

    code: str
    name: str
    size: Size
    letters: Span
    before: Span | None

    @classmethod
    def all_of(
        cls, grounds: Iterable[Ground], letters: Mapping[str, Span], before: Mapping[str, Span] | None = None
    ) -> list["DistrictRow"]:
        """Return a row for each district; one that no letters are told of has none."""
        return [
            cls(
                code=ground.code,
                name=in_current_language(ground.name_uk, ground.name_en),
                size=Size(ground.km2, ground.addresses, ground.residents),
                letters=letters.get(ground.code, NOTHING),
                before=None if before is None else before.get(ground.code, NOTHING),
            )
            for ground in grounds
        ]

    def rates(self, per: Per) -> tuple[float, float] | None:
        """Its letters beside what is measured, at the least and at the most; None where that is not known."""
        return rates_of(self.letters, self.size, per)


def districts_table(rows: list[DistrictRow], asked: Asked) -> dict[str, Any]:
    """Return heads, each with the link that sorts by it, and rows in the order asked for: most of what is measured."""
    columns = _columns(rows)
    by = asked.query.get("sort", "")
    usual = asked.per if asked.per in columns else "letters"
    column = by.removeprefix("-") if by.removeprefix("-") in columns else usual
    descending = by.startswith("-") if by else True
    ordered = sorted(rows, key=lambda row: _natural(row.code))
    ordered.sort(key=lambda row: _key(row, column), reverse=descending)
    heads = [
        {
            "label": label,
            "numeric": name != "district",
            "sorted": ("descending" if descending else "ascending") if name == column else "",
            "href": asked.link(sort=_next(name, column, descending=descending)),
        }
        for name, label in columns.items()
    ]
    shown = ordered if asked.query.get("all") else ordered[:SHOWN]
    told = [{"name": row.name, "cells": [_cell(row, name) for name in list(columns)[1:]]} for row in shown]
    return {
        "heads": heads,
        "rows": told,
        "in_all": len(ordered),
        "all": asked.link(all="1") if len(shown) < len(ordered) else "",
        "has_gaps": any("–" in row["cells"] for row in told),
    }


def districts_on_map(rows: Iterable[DistrictRow], per: Per) -> dict[str, dict[str, Any]]:
    """Return for each district by its code the value that its colour stands for, and words."""
    return {row.code: {"value": rate_of(row.letters[0], row.size, per), "words": _words(row, per)} for row in rows}


def has_residents(rows: Iterable[DistrictRow]) -> bool:
    """Whether the residents of any district are known."""
    return any(row.size.residents for row in rows)


def _columns(rows: list[DistrictRow]) -> dict[str, str]:
    columns = {"district": _("District"), "letters": _("Letters")}
    if any(row.before is not None for row in rows):
        columns["before"] = _("Before")
    labels = {
        Per.AREA: _("Per km²"),
        Per.ADDRESS: _("Per 1,000 addresses"),
        Per.RESIDENT: _("Per 1,000 residents"),
    }
    return columns | {per.value: labels[per] for per in RATES if any(row.rates(per) is not None for row in rows)}


def _next(name: str, column: str, *, descending: bool) -> str:
    """What a head's link sorts by: the other way where it is sorted by now, else names up, numbers down."""
    if name == column:
        return name if descending else f"-{name}"
    return name if name == "district" else f"-{name}"


def _key(row: DistrictRow, column: str) -> tuple[Any, ...]:
    if column == "district":
        return _natural(row.code)
    if column in {"letters", "before"}:
        return row.letters if column == "letters" else row.before or NOTHING
    return row.rates(Per(column)) or (-1.0, -1.0)


def _cell(row: DistrictRow, column: str) -> str:
    if column in {"letters", "before"}:
        return span_cell(*(row.letters if column == "letters" else row.before or NOTHING))
    return rates_words(row.rates(Per(column)))


def _words(row: DistrictRow, per: Per) -> str:
    words = _("%(name)s: letters %(letters)s") % {"name": row.name, "letters": span_words(*row.letters)}
    if per is Per.LETTERS:
        return words
    rates = row.rates(per)
    told = rates_words(rates) if rates else _("not known")
    return f"{words}; {per.words}: {told}"


def _natural(code: str) -> tuple[int, str]:
    """Order 2 before 10."""
    digits = "".join(letter for letter in code if letter.isdigit())
    return int(digits) if digits else 0, code
