"""Find an address in a city's gazetteer, and say how surely."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from geo.addresses.dictionary import Found
from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.index import Gazetteer, gazetteer_of
from geo.addresses.known_houses import (
    NEAREST_HOUSES,
    NO_HOUSE,
    house_of,
    houses_on,
    in_order,
    middle_houses,
    nearest_houses,
)
from geo.addresses.listed import is_of_unknown_street, listed_houses, listed_namesakes, listed_settlement
from geo.addresses.matches import AddressMatch, is_clear, match_of
from geo.addresses.parsing import Address, parse_address
from geo.addresses.streets import StreetName as ReadName
from geo.models import City
from geo.territories.in_force import rules_of_streets

LIKELY = 0.6
"""A name less alike than this is another name."""
AS_GOOD = 0.02
"""Names whose scores differ by no more than this are equally good answers."""
LIKELY_TYPO = 0.75
"""From here on a mistyped name is answered, with a word about it; below, people are asked."""
STREETS = 50
"""So many streets are asked for the house: names of one sound may be a lane's, a square's and ten villages'."""


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
    address, found = _known_as(gazetteer, address, still=still)
    if at and (anywhere := listed_settlement(city, gazetteer, address, found, at)):
        return [anywhere]
    if not found:
        return []
    if address.house:
        return _numbered(city, gazetteer, found, address, address.house, limit=limit, unfinished=unfinished, at=at)
    if unfinished and text.rstrip().endswith(","):  # the street is chosen, its houses are next
        houses = houses_on(found[:1], best=1, begun=True)[found[0].known.street]
        if houses:
            return [match_of(gazetteer, found[0], house, "exact") for house in sorted(houses, key=in_order)[:limit]]
    found = found[:limit]
    middle = middle_houses(found)
    bare = [one.known.street for one in found if one.known.street not in middle]
    named = rules_of_streets(city, bare, at) if at and bare else {}
    return [
        match_of(gazetteer, one, middle.get(street, NO_HOUSE)._replace(number=""), "street")
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
        listed = listed_houses(city, gazetteer, as_good, address, at) if at else []
        told = {match.street_id for match in listed}
        houses = houses_on(as_good, best=limit, begun=True)
        near = [
            match_of(gazetteer, one, house, "nearest")
            for one in as_good
            if one.known.street not in told
            for house in nearest_houses(houses[one.known.street], wanted)
        ]
        others = [match_of(gazetteer, one, house, "exact", sure=False) for one, house in exact[:limit]]
        return [*listed, *near[: NEAREST_HOUSES if exact else limit], *others][:limit]
    best = [pair for pair in exact if pair[0].exact] or exact
    streets = {one.known.street for one in _as_good([one for one, _house in best])}
    clear = best[0] if is_clear(gazetteer, address, found, streets) else None
    matches = [match_of(gazetteer, *pair, "exact", sure=pair is clear) for pair in exact[:limit]]
    if clear and at:
        # «Шевченка, 5» is known on the street; the list names that house of a lane of that name too
        namesakes = [one for one in as_good if one.known.street not in streets]
        if also := listed_namesakes(city, gazetteer, namesakes, address, at):
            return [replace(one, sure=False) for one in (*matches, *also)][:limit]
        if not unfinished and is_of_unknown_street(city, address, clear[0].known.name, at):
            return [replace(one, sure=False) for one in matches]
    return matches


def streets_without_house(city: City, text: str) -> list[str]:
    """Return the streets that a text surely names beside a house: what is known of an address that nothing answers."""
    gazetteer = gazetteer_of(city)
    address = parse_address(text, gazetteer.settlements)
    if address.house is None or not address.street.name:
        return []
    found = [one for one in _known_as(gazetteer, address, still=False)[1] if one.exact]
    return [replace(match_of(gazetteer, one, NO_HOUSE, "street"), house="").label for one in found]


def _known_as(gazetteer: Gazetteer, address: Address, *, still: bool) -> tuple[Address, list[Found]]:
    """The streets that a text may name, best first: by the name of today, or by the other one that it says.

    Where only the other one is known here, the text is read with it; the name of today is left over, so that people
    are shown which street is meant («вул. Гагаріна (нині Героїв Крут)» in a gazetteer that knows Гагаріна).
    """
    found = _streets(gazetteer, address, still=still) if address.street.name else []
    if address.other is None or any(one.exact for one in found):
        return address, found
    rest = f"{address.street} {address.rest}".strip()
    before = replace(address, street=address.other, other=None, rest=rest)
    known = _streets(gazetteer, before, still=still)
    return (before, known) if any(one.exact for one in known) or not found else (address, found)


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
