"""Whose is each known house of a city: the list of streets in force says it first, the polygon in force second."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from geo.addresses.houses import HouseNumber
from geo.models import City, Street, TerritoryList
from geo.territories.deciding import HouseRule, deciding
from geo.territories.recording import compiled_from
from geo.territories.report import PlacedHouse, houses_with_polygons


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
    city: City, at: datetime.datetime, *, streets: Collection[int] | None = None
) -> Iterator[ServedHouse]:
    """All houses of the gazetteer, or those of some streets by their keys, with whose they are at a moment."""
    of_street: dict[int, list[HouseRule]] = defaultdict(list)
    of_settlement: dict[int, list[HouseRule]] = defaultdict(list)
    if recorded := list_in_force(city, at):
        for rule in compiled_from(recorded, guesses=False).rules:
            if rule.street:
                of_street[rule.street].append(rule)
            elif rule.settlement:
                of_settlement[rule.settlement].append(rule)
    if of_settlement:
        for street, settlement in Street.objects.filter(settlement__in=of_settlement).values_list("pk", "settlement"):
            of_street[street] += of_settlement[settlement]
    for house in houses_with_polygons(city, at, streets=streets):
        number, rules = HouseNumber.parse(house.number), of_street.get(house.street)
        chosen = deciding(rules, number) if rules and number else []
        yield ServedHouse(house, number, tuple(sorted({rule.district for rule in chosen})))
