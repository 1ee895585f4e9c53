"""Take the rows of a file into columns in memory (25 bytes a house), and remember the streets they name."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.importing.matching import Asked
from geo.addresses.importing.rows import (
    HouseColumns,
    HouseRow,
    Item,
    Outside,
    Refusal,
    SettlementRow,
    StreetRow,
    UnreadableAddresses,
)
from geo.addresses.streets import BY_CODE, StreetName
from geo.lookup import UKRAINE
from geo.models import City, House, Settlement, Street

LISTED = 1_000
"""So many refusals are kept to be shown; all are counted."""
NEAR_DEGREES = 0.3
"""An address further than this (about 20 to 30 km) from the city's outline is a mistake in the file."""
MAX_HOUSES = 5_000_000
"""Five times the houses of the largest city: more is no list of a city's addresses."""
BATCH = 2_000
"""Rows that are taken together."""

HOUSE = np.dtype([("street", "i4"), ("number", "i4"), ("rank", "i1"), ("lon", "f8"), ("lat", "f8")])
"""A house of a file: the numbers of its street and of its house number, in the order in which they were first seen."""

Key = TypeVar("Key")

_NUMBER_LENGTH = House._meta.get_field("number").max_length or 0
_NAME_LENGTH = Street._meta.get_field("name_uk").max_length or 0

SETTLEMENT_WORDS = {
    "село": Settlement.Kind.VILLAGE, "с": Settlement.Kind.VILLAGE, "селище": Settlement.Kind.TOWN,
    "смт": Settlement.Kind.TOWN, "місто": Settlement.Kind.TOWN, "м": Settlement.Kind.TOWN,
    "хутір": Settlement.Kind.HAMLET, "х": Settlement.Kind.HAMLET, "мікрорайон": Settlement.Kind.QUARTER,
    "мкр": Settlement.Kind.QUARTER, "масив": Settlement.Kind.QUARTER,
}  # fmt: skip


class Numbers(dict[Key, int], Generic[Key]):
    """The number of everything that was seen; what is seen for the first time gets its own from `give`."""

    def __init__(self, give: Callable[[Key], int]) -> None:
        super().__init__()
        self._give = give

    def __missing__(self, key: Key) -> int:
        number = self[key] = self._give(key)
        return number


@dataclass(slots=True)
class Staged:
    """What a file said: its houses, and the streets and house numbers (with their keys) they name."""

    asked: list[Asked] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    numbers: list[HouseNumber] = field(default_factory=list)
    houses: NDArray[Any] = field(default_factory=lambda: np.empty(0, HOUSE))
    streets: dict[int, list[StreetRow]] = field(default_factory=dict)
    settlements: dict[str, SettlementRow] = field(default_factory=dict)
    outside: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        """Count what is no address, and keep the first of them to be listed."""
        self.refused += 1
        if len(self.refusals) < LISTED:
            self.refusals.append(refusal)


class Staging:
    """Takes the rows of one file for one city. A number below zero, -1 - n, is no street for the n-th reason."""

    def __init__(self, city: City) -> None:
        self.staged = Staged()
        self._here = {fold(name) for name in (city.name_uk, city.name_en) if name}
        self._asked: dict[Asked, int] = {}
        self._streets: Numbers[tuple[str, str]] = Numbers(lambda said: self._street(*said))
        self._in: dict[str, str] = {}
        self._keys: dict[str, int] = {}
        self._houses: Numbers[str] = Numbers(self._house)
        self._reasons: list[str] = []
        self._box = UKRAINE
        if city.outline:
            west, south, east, north = city.outline.extent
            self._box = (west - NEAR_DEGREES, south - NEAR_DEGREES, east + NEAR_DEGREES, north + NEAR_DEGREES)

    def take(self, items: Iterable[Item], *, say: Callable[[int], None]) -> Staged:
        """Take everything a file says; `say` hears from time to time how many houses there are."""
        taken: list[NDArray[Any]] = []
        count = 0
        for columns in self._columns(items):
            taken.append(self._take(columns))
            count += len(taken[-1])
            if count > MAX_HOUSES:
                raise UnreadableAddresses(
                    _("The file has more than %(limit)d addresses. Cut the city out of it first.")
                    % {"limit": MAX_HOUSES}
                )
            say(count)
        self.staged.houses = np.concatenate(taken) if taken else self.staged.houses
        return self.staged

    def _columns(self, items: Iterable[Item]) -> Iterator[HouseColumns]:
        """The houses among the items in the order of the file, many at once; what is no house is taken here."""
        waiting: list[HouseRow] = []
        for item in items:
            if isinstance(item, HouseRow):
                waiting.append(item)
                if len(waiting) < BATCH:
                    continue
            if waiting and not isinstance(item, StreetRow | SettlementRow | Outside):
                yield HouseColumns(*zip(*waiting, strict=True))
                waiting = []
            if isinstance(item, HouseColumns):
                yield item
            elif not isinstance(item, HouseRow):
                self._other(item)
        if waiting:
            yield HouseColumns(*zip(*waiting, strict=True))

    def _take(self, columns: HouseColumns) -> NDArray[Any]:
        """The good ones; a street or number that was seen before is looked up, not read again."""
        places, settlements, streets, numbers, lons, lats, ranks = columns
        houses = np.empty(len(places), HOUSE)
        houses["street"] = list(map(self._streets.__getitem__, zip(settlements, streets, strict=True)))
        houses["number"] = list(map(self._houses.__getitem__, numbers))
        houses["lon"], houses["lat"], houses["rank"] = lons, lats, ranks
        west, south, east, north = self._box
        near = (houses["lon"] >= west) & (houses["lon"] <= east) & (houses["lat"] >= south) & (houses["lat"] <= north)
        good = near & (houses["street"] >= 0) & (houses["number"] >= 0)
        if good.all():
            return houses
        for at in np.flatnonzero(~good).tolist():
            if houses["number"][at] < 0:
                reason = _("There is no house number.")
                if number := numbers[at].strip():
                    reason = _("“%(number)s” is no house number.") % {"number": number}
            elif houses["street"][at] < 0:
                reason = self._reasons[-1 - houses["street"][at]]
            else:
                reason = _("The place is far from the city.")
            self.staged.refuse(Refusal(places[at], f"{streets[at]} {numbers[at]}".strip(), reason))
        return houses[good]

    def _other(self, item: Item) -> None:
        if isinstance(item, Refusal):
            self.staged.refuse(item)
        elif isinstance(item, Outside):
            self.staged.outside += 1
        elif isinstance(item, SettlementRow):
            self._settlement(item.name, kind=item.kind, name_en=item.name_en)
        elif isinstance(item, StreetRow):
            number = self._streets[item.settlement, item.name]
            if number >= 0:
                self.staged.streets.setdefault(number, []).append(item)

    def _street(self, settlement: str, name: str) -> int:
        """The number of a street among those asked for."""
        if settlement not in self._in:
            self._in[settlement] = self._settlement(settlement)
        there = self._in[settlement]
        name = " ".join(name.split())
        if there and not name:
            name = self.staged.settlements[there].name  # a village without street names is a street of its own name
        read = StreetName.parse(name)
        asked = Asked(there, read.kind, fold(read.name))
        if not asked.bare:
            return self._no_street(_("The street is empty."))
        if len(name) > _NAME_LENGTH - 20:
            return self._no_street(_("The name of the street is too long."))
        if asked not in self._asked:
            self._asked[asked] = len(self.staged.asked)
            self.staged.asked.append(asked)
            self.staged.names.append(in_full(name, read))
        return self._asked[asked]

    def _no_street(self, reason: str) -> int:
        self._reasons.append(reason)
        return -len(self._reasons)

    def _house(self, number: str) -> int:
        """The number of a house number among those seen, below zero where it is none."""
        read = HouseNumber.parse(number.strip())
        if read is None or len(str(read)) > _NUMBER_LENGTH:
            return -1
        if read.key not in self._keys:
            self._keys[read.key] = len(self.staged.numbers)
            self.staged.numbers.append(read)
        return self._keys[read.key]

    def _settlement(self, name: str, kind: str = "", name_en: str = "") -> str:
        """The folded name of a settlement, which is remembered; empty for the city itself."""
        words = name.split()
        if len(words) > 1 and (said := SETTLEMENT_WORDS.get(fold(words[0]))):
            kind, words = kind or said, words[1:]
        elif words and "." in words[0] and (said := SETTLEMENT_WORDS.get(words[0].partition(".")[0].lower())):
            kind, words = kind or said, [words[0].partition(".")[2], *words[1:]]  # «с.Петриків»
        plain = " ".join(words)[:120]
        folded = fold(plain)
        if not folded or folded in self._here:
            return ""
        known = self.staged.settlements.get(folded)
        if known is None or (not known.kind and kind) or (not known.name_en and name_en):
            self.staged.settlements[folded] = SettlementRow(
                known.name if known else plain,
                kind or (known.kind if known else ""),
                name_en or (known.name_en if known else ""),
            )
        return folded


def in_full(name: str, read: StreetName | None = None) -> str:
    """Return a street's name with its kind written out: «вул. Руська» is «вулиця Руська»."""
    read = read or StreetName.parse(name)
    kind = BY_CODE.get(read.kind)
    if kind is None or kind.name_uk in name.split() or kind.name_uk in fold(name).split():
        return name
    return f"{kind.name_uk} {read.name}"
