"""Find an address in a city's gazetteer, and say how surely. The dictionary of names is kept in the process."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import connection

from geo.addresses.dictionary import Found, KnownName, StreetDictionary
from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.parsing import Address, parse_address
from geo.addresses.ranges import HouseSet
from geo.addresses.streets import StreetName as ReadName
from geo.models import City, Settlement, Street, StreetName
from geo.territories.in_force import district_by_rules, district_of_settlement, rules_of_streets

LIKELY = 0.6
"""A name less alike than this is another name."""
AS_GOOD = 0.02
"""Names whose scores differ by no more than this are equally good answers."""
LIKELY_TYPO = 0.75
"""From here on a mistyped name is answered, with a word about it; below, people are asked."""
NEAREST_HOUSES = 5


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


class _House(NamedTuple):
    """A known house, read without models: a search may look at thousands."""

    street: int
    number: str
    key: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """The names of a city at one version of its gazetteer."""

    version: int
    dictionary: StreetDictionary
    streets: dict[int, Street]
    scopes: dict[tuple[int, str], HouseSet]
    settlements: frozenset[str]
    places: dict[str, Settlement]


_kept: dict[int, _Gazetteer] = {}
"""The newest gazetteer of each city that was searched by this process."""


def gazetteer_of(city: City) -> _Gazetteer:
    """Return the index of a city's names, built anew when a name has changed since (a second for 25,000 streets)."""
    version = City.objects.values_list("gazetteer_version", flat=True).get(pk=city.pk)
    kept = _kept.get(city.pk)
    if kept is None or kept.version != version:
        kept = _kept[city.pk] = _read(city.pk, version)
    return kept


def forget_gazetteer(city: City) -> None:
    """Forget the index of a city's names: it was built within a transaction that is given up."""
    _kept.pop(city.pk, None)


def _read(city_id: int, version: int) -> _Gazetteer:
    names: list[KnownName] = []
    streets: dict[int, Street] = {}
    scopes: dict[tuple[int, str], HouseSet] = {}
    for street in Street.objects.filter(city=city_id).select_related("settlement").defer("line"):
        streets[street.pk] = street
        names.append(KnownName(street.pk, ReadName.parse(street.name_uk)))
        if street.name_en:
            names.append(KnownName(street.pk, ReadName.parse(street.name_en)))
    for other in StreetName.objects.filter(street__city=city_id):
        read = ReadName.parse(other.name)
        names.append(KnownName(other.street_id, read, current=False))
        if other.houses:
            scopes[other.street_id, fold(read.name)] = HouseSet.parse(other.houses)
    city = City.objects.only("name_uk", "name_en").get(pk=city_id)
    places: dict[str, Settlement] = {}
    for settlement in Settlement.objects.filter(city=city_id):
        places |= {fold(name): settlement for name in (settlement.name_uk, settlement.name_en) if name}
    here = {fold(name) for name in (city.name_uk, city.name_en) if name}
    return _Gazetteer(version, StreetDictionary(names), streets, scopes, frozenset({*here, *places}), places)


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
        if any(one.exact for one in _streets(gazetteer, village, still=False, limit=limit)):
            address = village
    still = unfinished and address.house is None
    found = _streets(gazetteer, address, still=still, limit=limit) if address.street.name else []
    if at and (anywhere := _in_settlement(city, gazetteer, address, found, at)):
        return [anywhere]
    if not found:
        return []
    houses = _houses([one.known.street for one in found])
    if address.house is None:
        if unfinished and text.rstrip().endswith(",") and (next_houses := houses[found[0].known.street]):
            # the street is chosen, its houses are next
            return [_match(gazetteer, found[0], house, "exact") for house in sorted(next_houses, key=_order)][:limit]
        bare = [one.known.street for one in found if not houses[one.known.street]]
        named = rules_of_streets(city, bare, at) if at and bare else {}
        return [
            _street_alone(gazetteer, one, houses[one.known.street])
            for one in found
            if houses[one.known.street] or one.known.street in named
        ][:limit]
    exact = [
        _match(gazetteer, one, house, "exact")
        for one in found
        if (house := _house(houses[one.known.street], address.house))
    ]
    if unfinished:
        begun = [
            _match(gazetteer, one, house, "exact")
            for one in found
            for house in sorted(houses[one.known.street], key=_order)
            if house.key.startswith(address.house.key) and house.key != address.house.key
        ]
        exact = [*exact, *begun]
    listed: list[AddressMatch] = []
    if at and (not exact or (found[0].exact and all(one.how == "corrected" for one in exact))):
        listed = _listed(city, gazetteer, _as_good(found), address, at)
    if not exact:
        told = {match.street_id for match in listed}
        near = [
            replace(_match(gazetteer, one, house, "nearest"), sure=False)
            for one in _as_good(found)
            if one.known.street not in told
            for house in _nearest(houses[one.known.street], address.house)
        ]
        return [*listed, *near][:limit]
    best = [one for one in exact if one.how != "corrected"] or exact
    streets = {match.street_id for match in _equally_good(found, best)}
    sure = len(streets) == 1 and not address.rest and not address.further
    return [
        *listed,
        *(replace(match, sure=sure and match is best[0] and match.how != "corrected") for match in exact),
    ][:limit]


def _listed(
    city: City, gazetteer: _Gazetteer, streets: Sequence[Found], address: Address, at: datetime.datetime
) -> list[AddressMatch]:
    """The house that is not known, on each street where the list in force gives it to one district."""
    house = address.house
    if house is None:
        return []
    rules = rules_of_streets(city, [one.known.street for one in streets], at)
    sure = len(streets) == 1 and not address.rest and not address.further
    return [
        replace(match, sure=sure and match.how == "listed", district=district)
        for one in streets
        if (district := district_by_rules(rules.get(one.known.street, []), house))
        for match in [_match(gazetteer, one, _House(one.known.street, str(house), house.key, None, None), "listed")]
    ]


def _in_settlement(
    city: City, gazetteer: _Gazetteer, address: Address, found: Sequence[Found], at: datetime.datetime
) -> AddressMatch | None:
    """A place in a settlement that knows no such street, where the list in force gives all of it to one district."""
    place = gazetteer.places.get(fold(address.settlement))
    if place is None or any(gazetteer.streets[one.known.street].settlement_id == place.pk for one in found):
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


def _streets(gazetteer: _Gazetteer, address: Address, *, still: bool, limit: int) -> list[Found]:
    """The streets that the text may name, best first."""
    found = [
        one
        for one in gazetteer.dictionary.find(address.street, limit=limit, prefix=still)
        if one.score >= LIKELY and _in_scope(gazetteer, one, address.house)
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


def _in_scope(gazetteer: _Gazetteer, found: Found, house: HouseNumber | None) -> bool:
    """Whether a former name that only some houses had may mean this one."""
    scope = gazetteer.scopes.get((found.known.street, fold(found.known.name.name)))
    return scope is None or house is None or house in scope


def _as_good(found: Sequence[Found]) -> list[Found]:
    return [one for one in found if one.score >= found[0].score - AS_GOOD]


def _equally_good(found: Sequence[Found], matches: Sequence[AddressMatch]) -> list[AddressMatch]:
    """The matches on streets that answer the name as well as the best match does."""
    score: dict[int | None, float] = {one.known.street: one.score for one in found}
    best = score[matches[0].street_id]
    return [match for match in matches if score[match.street_id] >= best - AS_GOOD]


def _houses(streets: Iterable[int]) -> dict[int, list[_House]]:
    """The known houses of some streets, one query."""
    houses: dict[int, list[_House]] = {street: [] for street in streets}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT street_id, number, key, ST_X(location), ST_Y(location) FROM geo_house WHERE street_id = ANY(%s)",
            [list(houses)],
        )
        for row in cursor:
            houses[row[0]].append(_House(*row))
    return houses


def _house(houses: Iterable[_House], wanted: HouseNumber) -> _House | None:
    """The house of that number: itself, or a building that has several numbers, this one among them."""
    compound = None
    for house in houses:
        if house.key == wanted.key:
            return house
        read = HouseNumber.parse(house.number)
        if read and read.last and not wanted.letter and wanted.key in {str(number) for number in read.numbers}:
            compound = house
    return compound


def _nearest(houses: Iterable[_House], wanted: HouseNumber) -> list[_House]:
    """The houses whose numbers are nearest, the same side of the street first."""

    def distance(house: _House) -> tuple[int, int, str]:
        read = HouseNumber.parse(house.number)
        if read is None:
            return 10_000, 0, house.key
        away = abs(read.number - wanted.number)
        return away + (read.number % 2 != wanted.number % 2), read.number, house.key

    return sorted(houses, key=distance)[:NEAREST_HOUSES]


def _order(house: _House) -> tuple[int, object]:
    read = HouseNumber.parse(house.number)
    return read.order if read else (10_000, house.number)


def _street_alone(gazetteer: _Gazetteer, found: Found, houses: Sequence[_House]) -> AddressMatch:
    middle = sorted(houses, key=_order)[len(houses) // 2] if houses else _House(found.known.street, "", "", None, None)
    return replace(_match(gazetteer, found, middle, "street"), house="", sure=False)


def _match(gazetteer: _Gazetteer, found: Found, house: _House, how: str) -> AddressMatch:
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
        sure=how in {"exact", "former"},
        score=round(found.score, 3),
        street_id=found.known.street,
    )
