"""The houses that a city's gazetteer knows on some streets, and which of them a number means."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from geo.addresses.dictionary import Found
from geo.addresses.houses import HouseNumber
from geo.prepared import PreparedStatement

_SQL = Path(__file__).parent.parent / "sql"
HOUSES = PreparedStatement(_SQL / "houses.sql")
MIDDLE_HOUSES = PreparedStatement(_SQL / "middle_houses.sql")
NEAREST_HOUSES = 5


class KnownHouse(NamedTuple):
    """A known house, read without models: a search may look at thousands."""

    street: int
    number: str
    key: str
    lon: float | None
    lat: float | None


NO_HOUSE = KnownHouse(0, "", "", None, None)


def houses_on(found: Sequence[Found], key: str = "", *, best: int, begun: bool = False) -> dict[int, list[KnownHouse]]:
    """The houses of a key on some streets; of the first `best` those of several numbers too, and those begun so."""
    houses: dict[int, list[KnownHouse]] = {one.known.street: [] for one in found}
    streets = list(houses)
    for row in HOUSES.rows(streets=_array(streets), key=key, best=_array(streets[:best]), begun=begun):
        houses[row["street"]].append(KnownHouse(**row))
    return houses


def middle_houses(found: Iterable[Found]) -> dict[int, KnownHouse]:
    """One house of each street that has any, none of its ends."""
    rows = MIDDLE_HOUSES.rows(streets=_array(one.known.street for one in found))
    return {row["street"]: KnownHouse(**row) for row in rows}


def _array(keys: Iterable[int]) -> str:
    """As PostgreSQL writes it."""
    return "{" + ",".join(map(str, keys)) + "}"


def house_of(houses: Iterable[KnownHouse], wanted: HouseNumber) -> KnownHouse | None:
    """The house of that number: itself, or a building that has several numbers, this one among them."""
    compound = None
    for house in houses:
        if house.key == wanted.key:
            return house
        if "-" in house.key and (read := HouseNumber.parse(house.number)) and wanted.key in map(str, read.numbers):
            compound = house
    return compound


def nearest_houses(houses: Iterable[KnownHouse], wanted: HouseNumber) -> list[KnownHouse]:
    """The houses whose numbers are nearest, the same side of the street first."""

    def distance(house: KnownHouse) -> tuple[int, int, str]:
        read = HouseNumber.parse(house.number)
        if read is None:
            return 10_000, 0, house.key
        away = abs(read.number - wanted.number)
        return away + (read.number % 2 != wanted.number % 2), read.number, house.key

    return sorted(houses, key=distance)[:NEAREST_HOUSES]


def in_order(house: KnownHouse) -> tuple[int, object]:
    read = HouseNumber.parse(house.number)
    return read.order if read else (10_000, house.number)
