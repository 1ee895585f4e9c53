"""Which of several rules a house follows: the narrowest, and of those what a person decided last. Pure: no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import EVERYTHING, HouseRange, HouseSet


class Precision(IntEnum):
    """How narrowly a rule names a house; the narrower decides."""

    SETTLEMENT = 0
    STREET = 1
    SIDE = 2
    RANGE = 3
    HOUSE = 4


@dataclass(frozen=True, slots=True)
class HouseRule:
    """Some houses are of a district. `street` is None where a whole settlement is meant.

    `given` is 0 for what a document says; a person's later decision has the higher number.
    """

    district: str
    street: int | None
    settlement: int | None
    houses: HouseSet
    given: int = 0


def precision_of(some: HouseRange) -> Precision:
    """How narrow a range is; one without an end is a range too, unless it is a whole side or street."""
    if some.is_single:
        return Precision.HOUSE
    if (some.first, some.last) != (EVERYTHING.first, EVERYTHING.last):
        return Precision.RANGE
    return Precision.SIDE if some.parity else Precision.STREET


def precision(rule: HouseRule, house: HouseNumber) -> Precision | None:
    """How narrowly a rule names a house, or None where it does not."""
    if house not in rule.houses:
        return None
    if rule.street is None:
        return Precision.SETTLEMENT
    return max(precision_of(some) for some in rule.houses.ranges if house in some)


def deciding(rules: Iterable[HouseRule], house: HouseNumber) -> list[HouseRule]:
    """Return the narrowest rules that name a house; those of several districts are a conflict.

    Of equally narrow ones a person's decision stands before the document, a later before an earlier one. A building of
    several numbers (5-7) that no rule names as such follows the rules of its numbers.
    """
    listed = list(rules)
    if found := _narrowest(listed, house):
        return found
    if house.last:
        return [rule for number in house.numbers for rule in _narrowest(listed, HouseNumber(number))]
    return []


def _narrowest(rules: list[HouseRule], house: HouseNumber) -> list[HouseRule]:
    named = [((how, rule.given), rule) for rule in rules if (how := precision(rule, house)) is not None]
    best = max((how for how, _rule in named), default=None)
    return [rule for how, rule in named if how == best]


def claimed_by_two(rules: Iterable[HouseRule]) -> list[tuple[HouseRange, HouseRule, HouseRule]]:
    """Return whole streets and whole sides that two districts claim alike, with the narrower claim."""
    whole = [
        (some, rule)
        for rule in rules
        for some in rule.houses.ranges
        if precision_of(some) in {Precision.STREET, Precision.SIDE}
    ]
    decided = {(some, rule.street) for some, rule in whole if rule.given}
    return [
        (some, rule, other)
        for at, (some, rule) in enumerate(whole)
        for again, other in whole[at + 1 :]
        if rule.district != other.district
        and some == again
        and rule.street == other.street
        and (some, rule.street) not in decided
    ]


def numbers_to_ask(rules: Iterable[HouseRule]) -> list[HouseNumber]:
    """Return houses that show every conflict between rules: those named, and the ends of ranges with their neighbours.

    Two ranges that overlap hold an end of one of them; with one side only, the number next to it.
    """
    numbers: dict[str, HouseNumber] = {}
    for rule in rules:
        for some in (*rule.houses.ranges, *rule.houses.without):
            if some.is_single:
                numbers[some.first.key] = some.first
            elif precision_of(some) == Precision.RANGE:
                ends = (some.first.number, some.first.number + 1, some.last.number - 1, some.last.number)
                inside = [HouseNumber(number) for number in ends if HouseNumber(number) in some]
                numbers |= {house.key: house for house in (some.first, *inside, some.last) if house in some}
    return sorted(numbers.values(), key=lambda house: house.order)
