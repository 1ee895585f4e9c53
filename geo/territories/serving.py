"""Whose is each known house of a city: the list of streets in force says it first, the polygon in force second."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from geo.addresses.houses import HouseNumber
from geo.models import City, Street, TerritoryList
from geo.territories.deciding import Claims, HouseRule
from geo.territories.in_force import rules_of_streets
from geo.territories.placing import PlacedHouse, houses_with_polygons


class ServedHouse(NamedTuple):
    """A known house; `listed` are the codes of the districts to which the narrowest rules give it."""

    house: PlacedHouse
    number: HouseNumber | None
    """None, where the number cannot be read: no rule holds it then."""
    listed: tuple[str, ...]

    @property
    def is_listed(self) -> bool:
        """Whether the list gives it to exactly one district."""
        return len(self.listed) == 1

    @property
    def district(self) -> str | None:
        """The code of the district that serves it, as a lookup of its address says."""
        return self.listed[0] if self.is_listed else self.house.polygon


def list_in_force(city: City, at: datetime.datetime) -> TerritoryList | None:
    """Return the list of streets in force at a moment, if there is one."""
    return TerritoryList.objects.filter(city=city).in_force_at(at).first()


def served_houses(
    city: City,
    at: datetime.datetime,
    *,
    streets: Collection[int] | None = None,
    rules: Mapping[int, list[HouseRule]] | None = None,
) -> Iterator[ServedHouse]:
    """All houses of the gazetteer, or those of some streets by their keys, with whose they are at a moment.

    `rules` are what `rules_by_street` returns, where that was asked for already.
    """
    rules = rules_by_street(city, at, streets) if rules is None else rules
    claims = {street: Claims(some) for street, some in rules.items()}
    for house in houses_with_polygons(city, at, streets=streets):
        number, named = HouseNumber.parse(house.number), claims.get(house.street)
        chosen = named.deciding(number) if named and number else []
        yield ServedHouse(house, number, tuple(sorted({rule.district for rule in chosen})))


def rules_by_street(
    city: City, at: datetime.datetime, streets: Collection[int] | None = None
) -> dict[int, list[HouseRule]]:
    """Return the rules in force for each street, or for some by their keys; those of its settlement among them."""
    if streets is None:
        streets = Street.objects.filter(city=city).order_by().values_list("pk", flat=True)
    return rules_of_streets(city, streets, at)
