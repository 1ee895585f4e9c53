"""A receipt said aloud, and as a picture that another device reads."""

from typing import Final

import segno
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.receipts import GROUP, normalise

WORDS: Final[dict[str, Promise]] = {
    "0": _("zero"), "1": _("one"), "2": _("two"), "3": _("three"), "4": _("four"),
    "5": _("five"), "6": _("six"), "7": _("seven"), "8": _("eight"), "9": _("nine"),
    "A": _("Alfa"), "B": _("Bravo"), "C": _("Charlie"), "D": _("Delta"), "E": _("Echo"), "F": _("Foxtrot"),
    "G": _("Golf"), "H": _("Hotel"), "J": _("Juliett"), "K": _("Kilo"), "M": _("Mike"),
    "N": pgettext_lazy("spelling", "November"),
    "P": _("Papa"), "Q": _("Quebec"), "R": _("Romeo"), "S": _("Sierra"), "T": _("Tango"), "V": _("Victor"),
    "W": _("Whiskey"), "X": _("X-ray"), "Y": _("Yankee"), "Z": _("Zulu"),
}  # fmt: skip
"""The spelling alphabet of radio (ICAO), for every character that a receipt may have. One of its words is a month too,
and Django's own name of that stays what it is.
"""


def spelled(receipt: str) -> list[list[tuple[str, Promise]]]:
    """Return the characters of a receipt with the words to say them by, in its groups. Raises NotAReceipt."""
    characters = normalise(receipt)
    groups = [characters[start : start + GROUP] for start in range(0, len(characters), GROUP)]
    return [[(each, WORDS[each]) for each in group] for group in groups]


def qr(receipt: str) -> SafeString:
    """Return the bare receipt as a QR code, an SVG without styles of its own: never an address with it.

    Its pattern of masking is fixed: a receipt is as random as any mask makes it, and trying all eight takes five times
    as long as the rest.
    """
    picture = segno.make(receipt, micro=False, mask=0)
    drawn: str = picture.svg_inline(scale=5, light="#fff", svgclass="receipt__qr", lineclass=None, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno: numbers alone
