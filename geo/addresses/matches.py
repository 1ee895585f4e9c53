"""One answer of the search for an address, and how surely the text means it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geo.addresses.dictionary import Found
from geo.addresses.folding import fold
from geo.addresses.index import Gazetteer
from geo.addresses.known_houses import KnownHouse
from geo.addresses.parsing import Address


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """One answer of a search; `sure` says that the text means this place and no other.

    `how`: exact, former, corrected (a mistyped name), listed (no known house, but the list of streets in force gives it
    to one district, `district` by code), nearest (another house), street. A street alone has no house; its point is one
    of its houses. Degrees WGS 84; a house that is not known, and a street that has none, have no point. Without a
    `street_id` the place lies anywhere in the settlement. `was` is the former or other name under which the street was
    found.
    """

    street: str
    house: str
    settlement: str
    lon: float | None
    lat: float | None
    how: str
    was: str
    sure: bool
    score: float
    street_id: int | None
    settlement_id: int | None = None
    district: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """(lon, lat), where they are known."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)

    @property
    def key(self) -> str:
        """Names the street or settlement of an answer without a point: «@12», «@s3»."""
        return f"@{self.street_id}" if self.street_id else f"@s{self.settlement_id}"

    @property
    def label(self) -> str:
        """«вул. Руська, 5А», with the settlement where it is not the city itself."""
        return ", ".join(part for part in dict.fromkeys((self.settlement, self.street, self.house)) if part)


def is_clear(gazetteer: Gazetteer, address: Address, found: Sequence[Found], streets: Collection[int | None]) -> bool:
    """Whether a text means one street and says nothing more; a lane is no boulevard, but «вулиця» is said of both.

    «с. Петриків, вул. Шкільна, 5» is no street of a city that does not know the village.
    """
    if address.settlement and not address.in_quarter and fold(address.settlement) not in gazetteer.settlements:
        return False
    kind = address.street.kind
    of_another_kind = kind not in {"", "street"} and any(
        one.known.street in streets and one.known.name.kind not in {"", kind} for one in found
    )
    return len(streets) == 1 and not (of_another_kind or address.rest or address.further)


def match_of(gazetteer: Gazetteer, found: Found, house: KnownHouse, how: str, *, sure: bool = True) -> AddressMatch:
    """The answer for a street that was found and one of its houses."""
    street = gazetteer.streets[found.known.street]
    if how in {"exact", "listed"} and not found.exact:
        how = "corrected"
    elif how == "exact" and not found.known.current:
        how = "former"
    return AddressMatch(
        street=str(street),
        house=house.number,
        settlement=str(street.settlement or ""),
        lon=house.lon,
        lat=house.lat,
        how=how,
        was="" if found.known.current else str(found.known.name),
        sure=sure and how in {"exact", "former"},
        score=round(found.score, 3),
        street_id=found.known.street,
    )
