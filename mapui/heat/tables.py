"""Districts as a table that is sorted by links."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mapui.heat.asked import Asked
from mapui.heat.words import span_words

PER = 1000
"""Addresses that a rate is told for."""


def districts_table(rows: list[dict[str, Any]], asked: Asked) -> dict[str, Any]:
    """Return heads, each with the link that sorts by it, and the rows in the order asked for: most letters first."""
    has_rates = any("addresses" in row for row in rows)
    labels = {"district": _("District"), "letters": _("Letters")}
    if has_rates:
        labels["rate"] = _("Per 1,000 addresses")
    by = asked.query.get("sort", "")
    column = by.removeprefix("-") if by.removeprefix("-") in labels else "letters"
    descending = by.startswith("-") if by else True
    shown = [_row(row, has_rates=has_rates) for row in rows]
    shown.sort(key=lambda row: (row["district_key"],))
    shown.sort(key=lambda row: (row[f"{column}_key"],), reverse=descending)
    heads = [
        {
            "label": label,
            "numeric": name != "district",
            "sorted": ("descending" if descending else "ascending") if name == column else "",
            "href": asked.link(sort=_next(name, column, descending=descending)),
        }
        for name, label in labels.items()
    ]
    return {"heads": heads, "rows": shown, "has_rates": has_rates}


def _next(name: str, column: str, *, descending: bool) -> str:
    """What a head's link sorts by: the other way where it is sorted by now, else names up, numbers down."""
    if name == column:
        return name if descending else f"-{name}"
    return name if name == "district" else f"-{name}"


def _row(row: dict[str, Any], *, has_rates: bool) -> dict[str, Any]:
    english = get_language() == "en"
    shown = {
        "name": (row["name_en"] if english else "") or row["name_uk"],
        "letters": span_words(row["at_least"], row["at_most"]),
        "district_key": _natural(row["code"]),
        "letters_key": (row["at_least"], row["at_most"]),
        "rate": "–",
        "rate_key": (0.0, 0.0),
    }
    if has_rates and row["addresses"]:
        rates = tuple(row[name] / row["addresses"] * PER for name in ("at_least", "at_most"))
        shown |= {"rate": span_words(*(round(rate) for rate in rates)), "rate_key": rates}
    return shown


def _natural(code: str) -> tuple[int, str]:
    """Order 2 before 10."""
    digits = "".join(letter for letter in code if letter.isdigit())
    return int(digits) if digits else 0, code
