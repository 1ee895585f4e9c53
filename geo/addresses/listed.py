"""Places that the gazetteer does not know, but the list of streets in force gives to a district."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from geo.addresses.dictionary import Found
from geo.addresses.folding import fold, sound
from geo.addresses.houses import HouseNumber
from geo.addresses.index import Gazetteer
from geo.addresses.known_houses import KnownHouse, middle_houses
from geo.addresses.matches import AddressMatch, is_clear, match_of
from geo.addresses.parsing import Address
from geo.addresses.ranges import HouseSet
from geo.addresses.streets import StreetName as ReadName
from geo.models import City, Settlement
from geo.prepared import PreparedStatement
from geo.territories.deciding import Precision, deciding, precision
from geo.territories.in_force import district_of_settlement, one_district, rules_of_streets

NAMES_WITHOUT_PLACE = PreparedStatement(Path(__file__).parent.parent / "sql" / "names_without_place.sql")


def listed_houses(
    city: City,
    gazetteer: Gazetteer,
    streets: Sequence[Found],
    address: Address,
    at: datetime.datetime,
    *,
    at_least: Precision = Precision.SETTLEMENT,
) -> list[AddressMatch]:
    """The house that is not known, on each street where the list in force gives it to one district.

    With `at_least` only by rules that name it so narrowly.
    """
    house = address.house
    if house is None:
        return []
    rules = rules_of_streets(city, [one.known.street for one in streets], at) if streets else {}
    sure = is_clear(gazetteer, address, streets, {one.known.street for one in streets})
    matches: list[AddressMatch] = []
    for one in streets:
        chosen = deciding(rules.get(one.known.street, []), house)
        district = one_district(chosen)
        if district and (precision(chosen[0], house) or 0) >= at_least:
            unplaced = KnownHouse(one.known.street, str(house), house.key, None, None)
            match = match_of(gazetteer, one, unplaced, "listed")
            matches.append(replace(match, sure=sure and match.how == "listed", district=district))
    return matches


def listed_namesakes(
    city: City,
    gazetteer: Gazetteer,
    streets: Sequence[Found],
    address: Address,
    at: datetime.datetime,
) -> list[AddressMatch]:
    """The house on further streets of its street's name, where the list gives it to one district.

    Where houses of such a street are known, this one not among them, the list must name its number: what it says of
    the whole street is said of those houses.
    """
    known = middle_houses(streets)
    bare = [one for one in streets if one.known.street not in known]
    numbered = [one for one in streets if one.known.street in known]
    return [
        *listed_houses(city, gazetteer, bare, address, at),
        *listed_houses(city, gazetteer, numbered, address, at, at_least=Precision.RANGE),
    ]


def is_of_unknown_street(city: City, address: Address, name: ReadName, at: datetime.datetime) -> bool:
    """Whether the list names the house on a street of that name, but of another kind, which nobody knows here.

    «Шевченка, 5» may be that of «пров. Шевченка», though only the street of that name is in the gazetteer.
    """
    house = address.house
    part = max(name.name.split(), key=len, default="")
    if house is None or address.street.kind or not part:
        return False
    return any(
        house in HouseSet.parse(row["houses"])
        for row in NAMES_WITHOUT_PLACE.rows(city=city.pk, at=at, part=part)
        if (read := ReadName.parse(row["named"])).kind
        and read.kind != (name.kind or "street")
        and sound(read.name) == sound(name.name)
    )


def listed_settlement(
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
