"""The reverse: streets and houses of each district as lists, for the door of a house and the newspaper."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import EVEN, EVERYTHING, ODD, HouseRange, HouseSet
from geo.labels import in_counting_order
from geo.models import City, DistrictBoundary, Street, TerritoryRule
from geo.names import in_alphabetical_order
from geo.territories.deciding import Claims, HouseRule, numbers_to_ask
from geo.territories.in_force import one_district
from geo.territories.serving import rules_by_street, served_houses
from geo.workbooks import csv_text, workbook

FARTHEST = 9_998
"""A house that no list names: what is said of a whole side holds of it and of the next."""
SHORTEST_RANGE = 3
"""So many houses in a row are written as a range."""


class Rule(StrEnum):
    """What says that the houses of a line are the district's."""

    LIST = "list"
    POLYGON = "polygon"
    BOTH = "list, polygon"
    """The list says it of some, the polygon of the others."""


class Line(NamedTuple):
    """The houses of one street that one district serves, by their codes and names in Ukrainian."""

    district: str
    settlement: str
    street: str
    houses: str
    rule: Rule

    @property
    def row(self) -> Mapping[str, str]:
        """Its cells by column."""
        return self._asdict()


def printed_lines(city: City, at: datetime.datetime, *, district: str | None = None) -> Iterator[Line]:
    """Fold the known houses of a city to what each district serves at a moment, or one `district` by its code.

    A house is of the district that a lookup of its address finds: by the list in force, else by the polygon. Houses of
    no district, and those whose number cannot be read, are left out. Where the list in force says which houses of a
    street are a district's, and a lookup finds the same, its own words stand: they tell of houses too that nobody knows
    yet, and of districts none of whose houses there is known. So is a street told on which no house is known, and a
    settlement without any; a whole settlement has no street. Streets come in the order of names.
    """
    streets = None if district is None else _streets_of(city, at, district)
    served: dict[int, dict[str, list[HouseNumber]]] = defaultdict(lambda: defaultdict(list))
    grounds: dict[tuple[int, str], set[Rule]] = defaultdict(set)
    rules = rules_by_street(city, at, streets)
    for each in served_houses(city, at, streets=streets, rules=rules):
        if each.number:
            code = each.district or ""
            served[each.house.street][code].append(each.number)
            grounds[each.house.street, code].add(Rule.LIST if each.is_listed else Rule.POLYGON)
    listed = {
        (street, code): houses
        for street in served
        for code, houses in _words_of(rules.get(street, ())).items()
        if all((number in houses) == (each == code) for each, some in served[street].items() for number in some)
    }
    for street_key, code in listed:
        grounds[street_key, code] = {Rule.LIST}
        served[street_key].setdefault(code, [])  # though no house of theirs is known yet
    lines = [
        Line(
            code, street.settlement.name_uk if street.settlement else "", street.name_uk,
            str(listed.get((street.pk, code)) or folded(own, others)),
            next(iter(told)) if len(told := grounds[street.pk, code]) == 1 else Rule.BOTH,
        )
        for street in Street.objects.filter(city=city, pk__in=served).select_related("settlement").defer("line")
        for code, own in served[street.pk].items()
        if code and (district is None or code == district)
        for others in [[number for other, some in served[street.pk].items() if other != code for number in some]]
    ]  # fmt: skip
    yield from sorted([*lines, *_listed_only(city, at, district)], key=_in_order)


def _words_of(rules: Sequence[HouseRule]) -> dict[str, HouseSet]:
    """What rules say of one street, by district; nothing where their words alone are not what they decide together."""
    said: dict[str, list[HouseSet]] = defaultdict(list)
    for rule in rules:
        if rule.street and rule.district:
            said[rule.district].append(rule.houses)
    joined = {code: _joined(some) for code, some in said.items()}
    if any(len(some) > 1 for some in joined.values()):
        return {}
    words = {code: some[0] for code, some in joined.items()}
    claims = Claims(rules)
    ends = [each.number + near for each in numbers_to_ask(rules) for near in (-1, 1) if each.number > 1]
    for number in (*numbers_to_ask(rules), *map(HouseNumber, {1, 2, *ends, FARTHEST, FARTHEST + 1})):
        whose = one_district(claims.deciding(number))
        if any((number in houses) != (code == whose) for code, houses in words.items()):
            return {}
    return words


def _listed_only(city: City, at: datetime.datetime, district: str | None) -> Iterator[Line]:
    """What the list in force says of streets and settlements where no house is known."""
    rules = TerritoryRule.objects.filter(
        Q(street__isnull=False) | Q(settlement__isnull=False),
        territory_list__city=city,
        territory_list__period__contains=at,
    ).exclude(houses="")
    rules = rules.exclude(street__houses__isnull=False).exclude(settlement__streets__houses__isnull=False)
    if district is not None:
        rules = rules.filter(district__code=district)
    said: dict[tuple[str, str, str], list[HouseSet]] = defaultdict(list)
    for rule in rules.select_related("district", "settlement", "street__settlement").defer("street__line"):
        place = rule.street.settlement if rule.street else rule.settlement
        code = rule.district.code if rule.district else ""
        where = (code, place.name_uk if place else "", rule.street.name_uk if rule.street else "")
        said[where].append(HouseSet.parse(rule.houses))
    for where, some in said.items():
        if where[2]:
            yield from (Line(*where, str(houses), Rule.LIST) for houses in _joined(some))
        else:
            yield Line(*where, "", Rule.LIST)


def _joined(said: Sequence[HouseSet]) -> list[HouseSet]:
    """Make one sentence of what is said of the same houses; each stays its own where one of them has exceptions."""
    if len(said) == 1 or any(each.without for each in said):
        return list(dict.fromkeys(said))
    ranges = tuple(dict.fromkeys(some for each in said for some in each.ranges))
    return [HouseSet((EVERYTHING,) if EVERYTHING in ranges else ranges)]


def _in_order(line: Line) -> tuple[list[tuple[int, str]], str, str]:
    return (
        in_counting_order(line.district),
        in_alphabetical_order(line.settlement),
        in_alphabetical_order(line.street),
    )


def _streets_of(city: City, at: datetime.datetime, district: str) -> set[int]:
    """The keys of the streets on which a district may serve a house: its polygon covers one, or its rules name them."""
    rules = TerritoryRule.objects.filter(
        territory_list__city=city, territory_list__period__contains=at, district__code=district
    )
    polygons = DistrictBoundary.objects.in_force_at(at).filter(edition__city=city, district__code=district)
    named = Q(pk__in=rules.values("street")) | Q(settlement__in=rules.values("settlement"))
    found = set(Street.objects.filter(named, city=city).values_list("pk", flat=True))
    for boundary in polygons.values_list("boundary", flat=True):
        inside = Street.objects.filter(city=city, houses__location__coveredby=boundary)
        found.update(inside.order_by().values_list("pk", flat=True).distinct())
    return found


def as_csv(lines: Iterable[Line]) -> str:
    """As `import_territories` reads it."""
    return csv_text(Line._fields, (line.row for line in lines))


def as_xlsx(lines: Iterable[Line]) -> bytes:
    """The same as a workbook."""
    return workbook(_("Streets"), Line._fields, (line.row for line in lines), widths={"street": 36, "houses": 60})


def folded(own: Collection[HouseNumber], others: Collection[HouseNumber]) -> HouseSet:
    """Return a short list that holds all of `own` and none of `others`, by whole sides and ranges of one side.

    Numbers that nobody knows may fall into a range, as they do when people write such lists.
    """
    if not others:
        return HouseSet((EVERYTHING,))
    ranges: list[HouseRange] = []
    for parity in (ODD, EVEN):
        mine = sorted(_of_side(own, parity), key=lambda number: number.order)
        theirs = _of_side(others, parity)
        if mine and not theirs:
            ranges.append(HouseRange(EVERYTHING.first, EVERYTHING.last, parity))
            continue
        street = sorted([*mine, *theirs], key=lambda number: number.order)
        kept = set(mine)
        for is_mine, run in groupby(street, key=kept.__contains__):
            if is_mine:
                ranges += _run(list(run), theirs, parity)
    return HouseSet(tuple(ranges))


def _run(run: Sequence[HouseNumber], theirs: Collection[HouseNumber], parity: str) -> list[HouseRange]:
    """One range for houses in a row, or each of them where a range would hold a house of another district too."""
    whole = HouseRange(run[0], run[-1], parity)
    exact = all(number in whole for number in run) and not any(number in whole for number in theirs)
    readable = HouseSet.parse(str(whole)) == HouseSet((whole,))
    if len(run) >= SHORTEST_RANGE and exact and readable:
        return [whole]
    return [HouseRange(number, number) for number in run]


def _of_side(numbers: Collection[HouseNumber], parity: str) -> list[HouseNumber]:
    return [number for number in numbers if (number.number % 2 == 0) == (parity == EVEN)]
