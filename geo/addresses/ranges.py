"""Which houses of a street are meant: «всі», «2–40А», «непарні», «1, 3, 5–9, крім 7». Pure: no database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from geo.addresses.houses import HouseNumber, Order

EVEN, ODD = "even", "odd"
_ALL = re.compile(r"^(?:всі|усі|вся|весь|все|повністю|all)(?:\s+(?:будинки|будинків|вулиця|houses))?$", re.IGNORECASE)
_EXCEPT = re.compile(r"\s?[,;(]?\s?(?:крім|окрім|за винятком|except)\s?:?\s?", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_PARITY = re.compile(r"(?P<odd>непарн\w*|odd)|(?P<even>парн\w*|even)", re.IGNORECASE)
_WORDS = re.compile(r"(?<![^\W\d_])(?:сторона|сторони|номери|будинки|буд\.?|№+|houses|numbers)(?![^\W\d_])[)\s]*", re.I)
_RANGE = re.compile(
    r"^(?:з|від|from)?\s*(?P<first>\d{1,4}\s?[^\W\d_]?(?:/\w+)?)\s*(?:-|–|—|по|до|to)\s*(?P<last>\d{1,4}\s?[^\W\d_]?(?:/\w+)?|кінця)$",
    re.IGNORECASE,
)
_BEYOND = 10_000
SHORT = 120
"""Characters of a list of houses that is read once and remembered."""


@dataclass(frozen=True, slots=True)
class HouseRange:
    """Houses from `first` to `last`, both included, perhaps of one parity only; a single house has both the same.

    A last house without a letter takes its letters, fractions and corps with it: 24–28 has 28А, 24–28А has no 28Б.
    """

    first: HouseNumber
    last: HouseNumber
    parity: str = ""
    is_single: bool = field(init=False, compare=False, repr=False)
    """Whether one house is meant."""
    beyond: Order = field(init=False, compare=False, repr=False)
    """No house of the range comes after it in `HouseNumber.order`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_single", self.first == self.last)
        plain = self.last.key == str(self.last.number) and self.last.number != self.first.number
        object.__setattr__(self, "beyond", (self.last.number + 1, ()) if plain else self.last.order)

    def __contains__(self, house: HouseNumber) -> bool:
        if self.is_single:
            return house.key == self.first.key
        if self.parity and (house.number % 2 == 0) != (self.parity == EVEN):
            return False
        return self.first.order <= house.order <= self.beyond

    def __str__(self) -> str:
        if self == EVERYTHING:
            return "всі"
        text = str(self.first) if self.is_single else f"{self.first}–{self.last}"
        if self.last.number == _BEYOND:
            text = f"від {self.first} до кінця" if self.first.number > 1 else ""
        sides = {EVEN: "парні", ODD: "непарні", "": ""}[self.parity]
        return f"{text} ({sides})" if text and sides else text or sides


EVERYTHING = HouseRange(HouseNumber(0), HouseNumber(_BEYOND))


@dataclass(frozen=True, slots=True)
class HouseSet:
    """The houses a text means: any of `ranges`, none of `without`. `unread` are the pieces not understood."""

    ranges: tuple[HouseRange, ...]
    without: tuple[HouseRange, ...] = ()
    unread: tuple[str, ...] = ()

    def __contains__(self, house: HouseNumber) -> bool:
        return any(house in some for some in self.ranges) and not any(house in some for some in self.without)

    @classmethod
    def parse(cls, text: str) -> "HouseSet":
        """Read a list of houses; an empty text means every house. Never raises: see `unread`."""
        return _parsed_once(text) if len(text) <= SHORT else _parsed(text)

    def __str__(self) -> str:
        text = ", ".join(str(some) for some in self.ranges)
        return f"{text}, крім {', '.join(str(some) for some in self.without)}" if self.without else text


def _parsed(text: str) -> HouseSet:
    # tables pasted from a document are full of blanks, which patterns with «\s*» try again at each of them
    included, *excepted = _EXCEPT.split(_BLANKS.sub(" ", text).strip().strip("."), maxsplit=1)
    ranges, unread = _read(included)
    without, unread_too = _read(excepted[0].rstrip(")")) if excepted else ((), ())
    if not ranges and not unread:
        ranges = (EVERYTHING,)
    return HouseSet(ranges, without, (*unread, *unread_too))


_parsed_once = lru_cache(maxsize=16_384)(_parsed)
"""The rules of a list are read at every look at it, and most say the same few things."""


def _read(text: str) -> tuple[tuple[HouseRange, ...], tuple[str, ...]]:
    ranges: list[HouseRange] = []
    unread: list[str] = []
    for piece in re.split(r"[,;\n]", text):
        if piece.strip():
            found = list(_piece(piece.strip()))
            ranges += found
            unread += [] if found else [piece.strip()]
    return tuple(ranges), tuple(unread)


def _piece(text: str) -> Iterator[HouseRange]:
    """Read «всі», «5–32», «парні», «2–40 (парні)», «12А»."""
    text = _WORDS.sub(" ", text).strip()
    if _ALL.match(text):
        yield EVERYTHING
        return
    parity = ""
    if side := _PARITY.search(text):
        parity = ODD if side["odd"] else EVEN
        text = (text[: side.start()] + text[side.end() :]).strip(" ():")
        text = _ALL.sub("", text)
        if not text:
            yield HouseRange(EVERYTHING.first, EVERYTHING.last, parity)
            return
    if between := _RANGE.match(text):
        first = HouseNumber.parse(between["first"])
        last = HouseNumber(_BEYOND) if between["last"].lower() == "кінця" else HouseNumber.parse(between["last"])
        if first and last and first.order < last.order:
            yield HouseRange(first, last, parity)
    elif house := HouseNumber.parse(text):
        yield HouseRange(house, house)
