"""Bring the rows of a file into a temporary table by COPY, and remember the streets they name."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.importing.matching import Asked
from geo.addresses.importing.rows import HouseRow, Item, Outside, Refusal, SettlementRow, StreetRow
from geo.addresses.streets import BY_CODE, StreetName
from geo.lookup import UKRAINE
from geo.models import City, House, Settlement, Street

LISTED = 1_000
"""So many refusals are kept to be shown; all are counted."""
NEAR_DEGREES = 0.3
"""An address further than this (about 20 to 30 km) from the city's outline is a mistake in the file."""
LINES = 5_000
"""Rows that go to the database together."""

_NUMBER_LENGTH = House._meta.get_field("number").max_length or 0
_NAME_LENGTH = Street._meta.get_field("name_uk").max_length or 0
_COPY = str.maketrans({"\\": "\\\\", "\t": " ", "\n": " ", "\r": " "})

SETTLEMENT_WORDS = {
    "село": Settlement.Kind.VILLAGE, "с": Settlement.Kind.VILLAGE, "селище": Settlement.Kind.TOWN,
    "смт": Settlement.Kind.TOWN, "місто": Settlement.Kind.TOWN, "м": Settlement.Kind.TOWN,
    "хутір": Settlement.Kind.HAMLET, "х": Settlement.Kind.HAMLET, "мікрорайон": Settlement.Kind.QUARTER,
    "мкр": Settlement.Kind.QUARTER, "масив": Settlement.Kind.QUARTER,
}  # fmt: skip


@dataclass(slots=True)
class Staged:
    """What a file said, apart from its houses, which lie in the table staged_house."""

    asked: list[Asked] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    streets: dict[int, list[StreetRow]] = field(default_factory=dict)
    settlements: dict[str, SettlementRow] = field(default_factory=dict)
    houses: int = 0
    outside: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        """Count what is no address, and keep the first of them to be listed."""
        self.refused += 1
        if len(self.refusals) < LISTED:
            self.refusals.append(refusal)


class Staging:
    """Takes the rows of one file for one city."""

    def __init__(self, city: City, cursor: Any) -> None:
        self.staged = Staged()
        self._cursor = cursor
        self._here = {fold(name) for name in (city.name_uk, city.name_en) if name}
        self._numbers: dict[Asked, int] = {}
        self._streets: dict[tuple[str, str], int | str] = {}
        self._houses: dict[str, str] = {}
        self._box = UKRAINE
        if city.outline:
            west, south, east, north = city.outline.extent
            self._box = (west - NEAR_DEGREES, south - NEAR_DEGREES, east + NEAR_DEGREES, north + NEAR_DEGREES)

    def take(self, items: Iterable[Item], *, say: Callable[[int], None]) -> Staged:
        """Copy every house into the new temporary table staged_house; `say` hears from time to time how many."""
        self._cursor.execute("DROP TABLE IF EXISTS staged_house")
        self._cursor.execute(
            "CREATE TEMPORARY TABLE staged_house"
            " (place bigint, street integer, key text, number text, lon float8, lat float8) ON COMMIT DROP"
        )
        with self._cursor.copy("COPY staged_house (place, street, key, number, lon, lat) FROM STDIN") as copy:
            waiting: list[str] = []
            for line in self._lines(items):
                waiting.append(line)
                if len(waiting) == LINES:
                    copy.write("".join(waiting))
                    self.staged.houses += LINES
                    waiting.clear()
                    say(self.staged.houses)
            copy.write("".join(waiting))
            self.staged.houses += len(waiting)
        return self.staged

    def _lines(self, items: Iterable[Item]) -> Iterator[str]:
        """The line of every house; a street or number that was seen before is looked up, not read again."""
        west, south, east, north = self._box
        streets, houses = self._streets, self._houses
        for count, item in enumerate(items):
            if type(item) is not HouseRow:
                self._other(item)
                continue
            place, settlement, street_name, number, lon, lat, rank = item
            house = houses.get(number)
            if house is None:
                house = houses[number] = self._house(number)
            street = streets.get((settlement, street_name))
            if street is None:
                street = streets[settlement, street_name] = self._street(settlement, street_name)
            if not house:
                reason = _("“%(number)s” is no house number.") % {"number": number.strip()}
            elif isinstance(street, str):
                reason = street
            elif not (west <= lon <= east and south <= lat <= north):
                reason = _("The place is far from the city.")
            else:
                yield f"{rank * 1_000_000_000_000 + count}\t{street}\t{house}\t{lon!r}\t{lat!r}\n"
                continue
            self.staged.refuse(Refusal(place, f"{street_name} {number}".strip(), reason))

    def _other(self, item: Item) -> None:
        if isinstance(item, Refusal):
            self.staged.refuse(item)
        elif isinstance(item, Outside):
            self.staged.outside += 1
        elif isinstance(item, SettlementRow):
            self._settlement(item.name, kind=item.kind, name_en=item.name_en)
        elif isinstance(item, StreetRow):
            number = self._street(item.settlement, item.name)
            if isinstance(number, int):
                self.staged.streets.setdefault(number, []).append(item)

    def _street(self, settlement: str, name: str) -> int | str:
        """The number of a street among those asked for, or why it is none."""
        name = " ".join(name.split())
        read = StreetName.parse(name)
        asked = Asked(self._settlement(settlement), read.kind, fold(read.name))
        if not asked.bare:
            return _("The street is empty.")
        if len(name) > _NAME_LENGTH - 20:
            return _("The name of the street is too long.")
        number = self._numbers.get(asked)
        if number is None:
            number = self._numbers[asked] = len(self.staged.asked)
            self.staged.asked.append(asked)
            self.staged.names.append(in_full(name, read))
        return number

    def _house(self, number: str) -> str:
        """The house's key and number as COPY takes them, empty where it is no house."""
        read = HouseNumber.parse(number.strip())
        if read is None or len(str(read)) > _NUMBER_LENGTH:
            return ""
        return f"{read.key.translate(_COPY)}\t{str(read).translate(_COPY)}"

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
    if kind is None or kind.name_uk in fold(name).split():
        return name
    return f"{kind.name_uk} {read.name}"
