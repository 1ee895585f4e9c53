"""Ask the list in force: whose is a house, and which streets does it name?"""

import datetime
from collections.abc import Collection, Iterable
from pathlib import Path

from django.db.models import Q

from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import HouseSet
from geo.models import City, Settlement, Street, TerritoryList, TerritoryRule
from geo.prepared import PreparedStatement
from geo.territories.deciding import HouseRule, deciding

RULES_OF_STREETS = PreparedStatement(Path(__file__).parent.parent / "sql" / "rules_of_streets.sql")


def rules_of_streets(city: City, streets: Collection[int], at: datetime.datetime) -> dict[int, list[HouseRule]]:
    """Return the rules in force at a moment for each of some streets, those of its settlement among them.

    `streets` are keys of Street; a street that no rule names is left out.
    """
    keys = "{" + ",".join(map(str, streets)) + "}"
    found: dict[int, list[HouseRule]] = {}
    for row in RULES_OF_STREETS.rows(city=city.pk, streets=keys, at=at):
        houses = HouseSet.parse(row["houses"])
        rule = HouseRule(row["district"], row["street"], row["settlement"], houses, row["corrected_in"])
        found.setdefault(row["asked"], []).append(rule)
    return found


def district_of_settlement(city: City, settlement: Settlement, at: datetime.datetime) -> str | None:
    """Return the code of the one district that the list in force gives a settlement as a whole, and all its streets.

    None where it does not, or where another district serves some street of it: then the street must be known.
    """
    rows = TerritoryRule.objects.filter(
        Q(settlement=settlement)
        | Q(street__in=Street.objects.filter(settlement=settlement).order_by().values("pk"))
        | Q(street=None, settlement=None),
        territory_list__in=TerritoryList.objects.filter(city=city).in_force_at(at),
        unread="",
    )
    name = fold(settlement.name_uk)
    of_it = [
        (code, whole, 0 if text else corrected_in)
        for code, whole, street, named, text, corrected_in in rows.values_list(
            "district__code", "settlement", "street", "named_settlement", "text", "corrected_in"
        )
        if whole or street or fold(named) == name
    ]
    last = max((given for _code, whole, given in of_it if whole), default=None)
    codes = {code for code, whole, given in of_it if not whole or given == last}
    return codes.pop() if len(codes) == 1 and last is not None else None


def district_by_rules(rules: Collection[HouseRule], house: HouseNumber) -> str | None:
    """Return the code of the one district that the narrowest rules give a house, or None: no rule, or two districts."""
    return one_district(deciding(rules, house))


def one_district(rules: Iterable[HouseRule]) -> str | None:
    """Return the code of the district that all of some rules name, or None: no rule, or two districts."""
    codes = {rule.district for rule in rules}
    return codes.pop() if len(codes) == 1 else None


def district_of_house(*, city: City, street: int, house: str, at: datetime.datetime) -> str | None:
    """Return the code of the district that the list in force gives a house, or None: no rule, or rules that disagree.

    `street` is the key of a Street, `house` its number as the gazetteer writes it.
    """
    number = HouseNumber.parse(house)
    if number is None:
        return None
    return district_by_rules(rules_of_streets(city, [street], at).get(street, []), number)
