"""Find an address in a city's gazetteer, and say how surely."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from geo.addresses.dictionary import Found
from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.index import Gazetteer, gazetteer_of
from geo.addresses.known_houses import (
    NEAREST_HOUSES,
    NO_HOUSE,
    KnownHouse,
    house_of,
    houses_on,
    in_order,
    middle_houses,
    nearest_houses,
)
from geo.addresses.parsing import Address, parse_address
from geo.addresses.streets import StreetName as ReadName
from geo.models import City, Settlement
from geo.territories.in_force import district_by_rules, district_of_settlement, rules_of_streets

LIKELY = 0.6
"""A name less alike than this is another name."""
AS_GOOD = 0.02
"""Names whose scores differ by no more than this are equally good answers."""
LIKELY_TYPO = 0.75
"""From here on a mistyped name is answered, with a word about it; below, people are asked."""
STREETS = 50
"""So many streets are asked for the house: names of one sound may be a lane's, a square's and ten villages'."""


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


def search_addresses(
    city: City, text: str, *, limit: int = 10, unfinished: bool = False, at: datetime.datetime | None = None
) -> list[AddressMatch]:
    """Return the addresses of a city that a text may mean, best first; with `unfinished` it is still being typed.

    A house that is not known gives the nearest known ones on its street, marked so; never a silent guess. With `at` the
    list of streets in force at that moment is asked about it first: one that it gives to one district is an answer of
    its own. Never raises for what is in the text.
    """
    gazetteer = gazetteer_of(city)
    address = parse_address(text, gazetteer.settlements)
    if address.settlement and not address.street.kind and (number := HouseNumber.parse(address.street.name)):
        # «с. Петриків, 4»: a village without street names
        village = replace(address, street=ReadName("", address.settlement), house=number)
        if any(one.exact for one in _streets(gazetteer, village, still=False)):
            address = village
    still = unfinished and address.house is None
    found = _streets(gazetteer, address, still=still) if address.street.name else []
    if at and (anywhere := _in_settlement(city, gazetteer, address, found, at)):
        return [anywhere]
    if not found:
        return []
    if address.house:
        return _numbered(city, gazetteer, found, address, address.house, limit=limit, unfinished=unfinished, at=at)
    if unfinished and text.rstrip().endswith(","):  # the street is chosen, its houses are next
        houses = houses_on(found[:1], best=1, begun=True)[found[0].known.street]
        if houses:
            return [_match(gazetteer, found[0], house, "exact") for house in sorted(houses, key=in_order)[:limit]]
    found = found[:limit]
    middle = middle_houses(found)
    bare = [one.known.street for one in found if one.known.street not in middle]
    named = rules_of_streets(city, bare, at) if at and bare else {}
    return [
        _match(gazetteer, one, middle.get(street, NO_HOUSE)._replace(number=""), "street")
        for one in found
        if (street := one.known.street) in middle or street in named
    ]


def _numbered(
    city: City,
    gazetteer: Gazetteer,
    found: Sequence[Found],
    address: Address,
    wanted: HouseNumber,
    *,
    limit: int,
    unfinished: bool,
    at: datetime.datetime | None,
) -> list[AddressMatch]:
    """The houses of a number on the streets found, and those whose number begins so; else the nearest, never sure."""
    houses = houses_on(found, wanted.key, best=limit)
    exact = [(one, house) for one in found if (house := house_of(houses[one.known.street], wanted))]
    if unfinished and len(exact) < limit:
        houses = houses_on(found[:limit], wanted.key, best=limit, begun=True)
        begun = (
            (one, house)
            for one in found[:limit]
            for house in sorted(houses[one.known.street], key=in_order)
            if house.key.startswith(wanted.key) and house.key != wanted.key
        )
        exact += islice(begun, limit - len(exact))
    as_good = _as_good(found)
    named = {one.known.street for one in as_good}
    if not any(one.known.street in named and (one.exact or not found[0].exact) for one, _house in exact):
        # a house missing on the street of that very name is not the house of a street with a similar name, nor that of
        # another kind of street: «провулок Шевченка, 5» is not «вулиця Шевченка, 5»
        as_good = as_good[:limit]
        listed = _listed(city, gazetteer, as_good, address, at) if at else []
        told = {match.street_id for match in listed}
        houses = houses_on(as_good, best=limit, begun=True)
        near = [
            _match(gazetteer, one, house, "nearest")
            for one in as_good
            if one.known.street not in told
            for house in nearest_houses(houses[one.known.street], wanted)
        ]
        others = [_match(gazetteer, one, house, "exact", sure=False) for one, house in exact[:limit]]
        return [*listed, *near[: NEAREST_HOUSES if exact else limit], *others][:limit]
    best = [pair for pair in exact if pair[0].exact] or exact
    streets = {one.known.street for one in _as_good([one for one, _house in best])}
    clear = best[0] if _is_clear(address, found, streets) else None
    matches = [_match(gazetteer, *pair, "exact", sure=pair is clear) for pair in exact[:limit]]
    if clear and at and (namesakes := [one for one in as_good if one.known.street not in streets]):
        # «Шевченка, 5» is known on the street; the list names a lane of that name too, whose houses nobody knows
        known = middle_houses(namesakes)
        bare = [one for one in namesakes if one.known.street not in known]
        if also := _listed(city, gazetteer, bare, address, at):
            return [replace(one, sure=False) for one in (*matches, *also)][:limit]
    return matches


def streets_without_house(city: City, text: str) -> list[str]:
    """Return the streets that a text surely names beside a house: what is known of an address that nothing answers."""
    gazetteer = gazetteer_of(city)
    address = parse_address(text, gazetteer.settlements)
    if address.house is None or not address.street.name:
        return []
    found = [one for one in _streets(gazetteer, address, still=False) if one.exact]
    return [replace(_match(gazetteer, one, NO_HOUSE, "street"), house="").label for one in found]


def _is_clear(address: Address, found: Sequence[Found], streets: Collection[int | None]) -> bool:
    """Whether a text means one street and says nothing more; a lane is no boulevard, but «вулиця» is said of both."""
    kind = address.street.kind
    of_another_kind = kind not in {"", "street"} and any(
        one.known.street in streets and one.known.name.kind not in {"", kind} for one in found
    )
    return len(streets) == 1 and not (of_another_kind or address.rest or address.further)


def _listed(
    city: City, gazetteer: Gazetteer, streets: Sequence[Found], address: Address, at: datetime.datetime
) -> list[AddressMatch]:
    """The house that is not known, on each street where the list in force gives it to one district."""
    house = address.house
    if house is None:
        return []
    rules = rules_of_streets(city, [one.known.street for one in streets], at)
    sure = _is_clear(address, streets, {one.known.street for one in streets})
    return [
        replace(match, sure=sure and match.how == "listed", district=district)
        for one in streets
        if (district := district_by_rules(rules.get(one.known.street, []), house))
        for match in [_match(gazetteer, one, KnownHouse(one.known.street, str(house), house.key, None, None), "listed")]
    ]


def _in_settlement(
    city: City, gazetteer: Gazetteer, address: Address, found: Sequence[Found], at: datetime.datetime
) -> AddressMatch | None:
    """A place in a settlement that knows no such street, where the list in force gives all of it to one district.

    The streets of a microdistrict are the city's.
    """
    place = gazetteer.places.get(fold(address.settlement))
    if place is None:
        return None
    for one in found:
        of = gazetteer.streets[one.known.street].settlement_id
        if of == place.pk or (of is None and one.exact and place.kind == Settlement.Kind.QUARTER):
            return None
    district = district_of_settlement(city, place, at)
    if district is None:
        return None
    number = None if address.house else HouseNumber.parse(address.street.name)  # «Вільний, 5»: there are no streets
    return AddressMatch(
        street="" if number else str(address.street),
        house=str(address.house or number or ""),
        settlement=str(place),
        lon=None,
        lat=None,
        how="listed",
        was="",
        sure=not address.rest and not address.further,
        score=1.0,
        street_id=None,
        settlement_id=place.pk,
        district=district,
    )


def _streets(gazetteer: Gazetteer, address: Address, *, still: bool) -> list[Found]:
    """The streets that the text may name, best first."""
    found = [
        one
        for one in gazetteer.dictionary.find(address.street, limit=STREETS, prefix=still, at_least=LIKELY)
        if _in_scope(gazetteer, one, address.house)
    ]
    settlement = fold(address.settlement)
    if settlement:
        there = [
            one
            for one in found
            if (place := gazetteer.streets[one.known.street].settlement)
            and settlement in {fold(place.name_uk), fold(place.name_en)}
        ]
        found = there or found
    return found


def _in_scope(gazetteer: Gazetteer, found: Found, house: HouseNumber | None) -> bool:
    """Whether a former name that only some houses had may mean this one."""
    scope = gazetteer.scopes.get((found.known.street, found.known.name.name))
    return scope is None or house is None or house in scope


def _as_good(found: Sequence[Found]) -> list[Found]:
    return [one for one in found if one.score >= found[0].score - AS_GOOD]


def _match(gazetteer: Gazetteer, found: Found, house: KnownHouse, how: str, *, sure: bool = True) -> AddressMatch:
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
