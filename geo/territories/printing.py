"""The reverse: the polygons in force as lists of streets and houses, for the door of a house and the newspaper."""

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import EVEN, EVERYTHING, ODD, HouseRange, HouseSet
from geo.models import City, Street
from geo.territories.report import houses_with_polygons

SHORTEST_RANGE = 3
"""So many houses in a row are written as a range."""


class Line(NamedTuple):
    """The houses of one street that one district serves, by their codes and names in Ukrainian."""

    district: str
    settlement: str
    street: str
    houses: str


def printed_lines(city: City, at: datetime.datetime) -> Iterator[Line]:
    """Fold the known houses of a city to what each district's polygon in force holds; streets in the order of names.

    Houses outside every polygon, and those whose number cannot be read, are left out.
    """
    served: dict[int, dict[str, list[HouseNumber]]] = defaultdict(lambda: defaultdict(list))
    for house in houses_with_polygons(city, at):
        if number := HouseNumber.parse(house.number):
            served[house.street][house.polygon or ""].append(number)
    lines = [
        Line(district, street.settlement.name_uk if street.settlement else "", street.name_uk, str(folded(own, others)))
        for street in Street.objects.filter(city=city, pk__in=served).select_related("settlement").defer("line")
        for district, own in served[street.pk].items()
        if district
        for others in [[number for code, some in served[street.pk].items() if code != district for number in some]]
    ]
    yield from sorted(lines)


def as_csv(lines: Iterator[Line]) -> str:
    """As `import_territories` reads it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(Line._fields)
    writer.writerows(lines)
    return file.getvalue()


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
