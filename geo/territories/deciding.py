"""Which of several rules a house follows: the narrowest, and of those what a person decided last. Pure: no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import EVEN, EVERYTHING, ODD, HouseRange, HouseSet


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


class Claims:
    """Rules that may name the houses of one street, made ready to be asked for many of them."""

    def __init__(self, rules: Iterable[HouseRule]) -> None:
        claims = [
            (
                (Precision.SETTLEMENT if rule.street is None else precision_of(some), rule.given),
                some.first.key if some.is_single else "",
                {ODD: 0, EVEN: 1}.get(some.parity),
                some.first.order,
                some.beyond,
                rule,
            )
            for rule in rules
            for some in rule.houses.ranges
        ]
        self._claims = sorted(claims, key=lambda claim: claim[0], reverse=True)

    def naming(self, house: HouseNumber) -> list[tuple[tuple[Precision, int], HouseRule]]:
        """Return every rule that names a house, with how narrowly and who says it; the narrowest first.

        A rule that names it twice is told twice. The same as `house in rule.houses`, said of all rules at once: a list
        of 16,000 entries is asked half a million times.
        """
        key, order, other_side = house.key, house.order, house.number % 2
        return [
            (how, rule)
            for how, single, side, first, beyond, rule in self._claims
            if (single == key if single else side != other_side and first <= order <= beyond)
            and not (rule.houses.without and any(house in some for some in rule.houses.without))
        ]

    def deciding(self, house: HouseNumber) -> list[HouseRule]:
        """Return the narrowest rules that name a house; those of several districts are a conflict.

        Of equally narrow ones a person's decision stands before the document, a later before an earlier one. A building
        of several numbers (5-7) that no rule names as such follows the rules of its numbers.
        """
        if found := narrowest(self.naming(house)):
            return found
        if house.last:
            return [rule for number in house.numbers for rule in narrowest(self.naming(HouseNumber(number)))]
        return []


def narrowest(named: Sequence[tuple[tuple[Precision, int], HouseRule]]) -> list[HouseRule]:
    """Of the rules that name a house (`Claims.naming`) those that decide."""
    return [rule for how, rule in named if how == named[0][0]]


def deciding(rules: Iterable[HouseRule], house: HouseNumber) -> list[HouseRule]:
    """Return the narrowest of some rules that name a house (`Claims.deciding`)."""
    return Claims(rules).deciding(house)


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


_plain = lru_cache(maxsize=16_384)(HouseNumber)
"""Houses without letters: every range of a list is asked at its ends."""


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
                inside = [house for number in ends if (house := _plain(number)) in some]
                numbers |= {house.key: house for house in (some.first, *inside, some.last) if house in some}
    return sorted(numbers.values(), key=lambda house: house.order)
