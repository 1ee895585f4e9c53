"""What a file of addresses says, whatever its format: houses, streets, settlements, and what is none of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class UnreadableAddresses(Exception):
    """The file cannot be taken at all; the message says why and what to do. Nothing was changed."""


class HouseRow(NamedTuple):
    """One address. `place` names it in the file (a row's number, "way/17"); degrees WGS 84.

    Of two rows that say one house the one with the smaller `rank` is believed, then the earlier one.
    """

    place: int | str
    settlement: str
    street: str
    number: str
    lon: float
    lat: float
    rank: int = 0


class HouseColumns(NamedTuple):
    """Many addresses at once: what HouseRow says of one, by columns of one length."""

    places: Sequence[int | str]
    settlements: Sequence[str]
    streets: Sequence[str]
    numbers: Sequence[str]
    lons: Sequence[float] | NDArray[np.float64]
    lats: Sequence[float] | NDArray[np.float64]
    ranks: Sequence[int]


@dataclass(frozen=True, slots=True)
class StreetRow:
    """A street with its other names, (kind of StreetName, name), and a piece of its centre line as (lon, lat)."""

    settlement: str
    name: str
    name_en: str = ""
    is_main: bool = False
    others: tuple[tuple[str, str], ...] = ()
    line: tuple[tuple[float, float], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A part of the city that has a name; `kind` is one of Settlement.Kind."""

    name: str
    kind: str
    name_en: str = ""


class Refusal(NamedTuple):
    """What is no address, where it stands in the file, and why it is none."""

    place: int | str
    text: str
    reason: str


class Outside(NamedTuple):
    """An element of a map of a larger area that lies outside the city: counted, not listed."""

    place: str


Item = HouseRow | HouseColumns | StreetRow | SettlementRow | Refusal | Outside
