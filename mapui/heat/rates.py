"""What the heatmap's colours measure: letters, or letters beside the area, the addresses or the residents of a place.

Places of different size compare by a rate. Each colour stands for the same numbers whatever is shown.
"""

from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from mapui.heat.charts import Span
from mapui.numbers import number_words

THOUSAND = 1000
"""Addresses or residents that a rate is told for."""
FEWEST_ADDRESSES = 8
"""With fewer, one letter more would change everything: no rate is told."""
ROUND_FROM = 10
"""Rates from here on are told without decimals."""


class Place(StrEnum):
    """What the map colours."""

    SQUARE = "square"
    AREA = "area"
    DISTRICT = "district"


class Per(StrEnum):
    """What letters are set beside: the value of `per` in the address of the page; nothing where they are counted."""

    LETTERS = "letters"
    AREA = "area"
    ADDRESS = "address"
    RESIDENT = "resident"

    @classmethod
    def read(cls, text: str, *, usual: "Per") -> "Per":
        """Read `per`; what is not known is the usual."""
        return cls(text) if text in set(cls) else usual

    @property
    def words(self) -> StrOrPromise:
        """Its name in a form and a legend."""
        return WORDS[self]

    def levels(self, place: Place) -> tuple[float, ...]:
        """From which value each of the five colours is; the first of a rate is whatever is above nothing."""
        return LETTERS[place] if self is Per.LETTERS else RATES[self]


WORDS: dict[Per, StrOrPromise] = {
    Per.LETTERS: gettext_lazy("letters"),
    Per.AREA: gettext_lazy("letters per km²"),
    Per.ADDRESS: gettext_lazy("letters per 1,000 known addresses"),
    Per.RESIDENT: gettext_lazy("letters per 1,000 residents"),
}
LETTERS: dict[Place, tuple[float, ...]] = {
    Place.SQUARE: (1, 2, 4, 8, 16),
    Place.AREA: (1, 5, 10, 20, 40),
    Place.DISTRICT: (1, 10, 30, 100, 300),
}
"""The first of areas holds what is told as "1–4" alone."""
RATES: dict[Per, tuple[float, ...]] = {
    Per.AREA: (0, 10, 30, 100, 300),
    Per.ADDRESS: (0, 10, 30, 100, 300),
    Per.RESIDENT: (0, 0.3, 1, 3, 10),
}


class Size(NamedTuple):
    """What letters of a place are set beside; None where it is not known."""

    km2: float | None
    addresses: int | None
    residents: int | None = None


def rate_of(letters: int, size: Size, per: Per) -> float | None:
    """Return the letters beside what is measured; None where that is not known, or too little to tell."""
    match per:
        case Per.LETTERS:
            return letters
        case Per.AREA:
            return letters / size.km2 if size.km2 else None
        case Per.ADDRESS:
            known = size.addresses or 0
            return letters / known * THOUSAND if known >= FEWEST_ADDRESSES else None
        case Per.RESIDENT:
            return letters / size.residents * THOUSAND if size.residents else None


def rates_of(letters: Span, size: Size, per: Per) -> tuple[float, float] | None:
    """Return the rates of a span; None where they are not known."""
    least, most = (rate_of(each, size, per) for each in letters)
    return None if least is None or most is None else (least, most)


def rate_words(rate: float) -> str:
    """Write a rate: one decimal where it is small."""
    return number_words(rate, 0 if rate >= ROUND_FROM or rate == int(rate) else 1)


def rates_words(rates: tuple[float, float] | None) -> str:
    """Write the rate of a count; of a span its least, as the map's colours do; or a dash."""
    if rates is None:
        return "–"
    least, most = rates
    return rate_words(least) if least == most else f"≥\N{NO-BREAK SPACE}{rate_words(least)}"


def class_words(levels: tuple[float, ...], per: Per) -> list[str]:
    """Say for each colour which numbers it stands for."""
    ends: list[float | None] = [*levels[1:], None]
    return [_class(least, end, per) for least, end in zip(levels, ends, strict=True)]


def _class(least: float, end: float | None, per: Per) -> str:
    if end is None:
        return _("%(n)s and more") % {"n": rate_words(least)}
    if per is not Per.LETTERS:
        last = rate_words(end)
        return f"{rate_words(least)}–{last}" if least else _("below %(n)s") % {"n": last}
    return f"{least:g}" if least == end - 1 else f"{least:g}–{end - 1:g}"
