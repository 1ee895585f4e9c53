"""Correct the list in force by decisions on record: each makes a new list, none rewrites an old one (docs/adr/0006)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from geo.addresses.houses import HouseNumber
from geo.addresses.ranges import EVEN, ODD, HouseRange, HouseSet
from geo.models import Settlement, Street, TerritoryList
from geo.territories.matching import Match
from geo.territories.reading import Entry, Span
from geo.territories.recording import Compiled, CompiledList, ListRefused, compiled_from, record_territories

NOWHERE = Span(0, 0, 0)
"""Where a person's own entry stands in the document."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A street as the list writes it, with its settlement, means a street of the gazetteer (its key)."""

    named: str
    named_settlement: str
    street: int


@dataclass(frozen=True, slots=True)
class Given:
    """Houses of a street, or a whole settlement (one of the two keys), are of a district."""

    district: str
    houses: HouseSet
    street: int | None = None
    settlement: int | None = None


Correction = Bound | Given


def numbers_as_houses(numbers: Iterable[str]) -> HouseSet:
    """Return a set that names houses by their numbers, or a whole side; what a rule cannot name is in `unread`.

    A building of several numbers (5-7) is named by its side from the first to the last.
    """
    ranges: list[HouseRange] = []
    unread: list[str] = []
    for text in numbers:
        named = _named(text)
        ranges += named
        unread += [] if named else [text]
    return HouseSet(tuple(ranges), (), tuple(unread))


def _named(text: str) -> tuple[HouseRange, ...]:
    number = HouseNumber.parse(text)
    if number is None:
        side = HouseSet.parse(text)
        return () if side.unread else side.ranges
    some = HouseRange(number, number)
    if number.last:
        first, last = HouseNumber(min(number.numbers)), HouseNumber(max(number.numbers))
        sides = {n % 2 for n in number.numbers}
        some = HouseRange(first, last, "" if len(sides) > 1 else ODD if sides == {1} else EVEN)
    return (some,) if HouseSet.parse(str(some)) == HouseSet((some,)) else ()


def correct_territories(
    *, current: TerritoryList, corrections: Sequence[Correction], reason: str, at: datetime.datetime, by: str
) -> TerritoryList:
    """Put a list in force that says what `current` says, corrected. Return it.

    Raises ListRefused where there is nothing to correct; ListChanged where `current` is no longer the newest.
    """
    if not corrections:
        raise ListRefused(_("Nothing was decided."))
    number = current.number + 1
    before = compiled_from(current, guesses=False)
    bound = {(one.named, one.named_settlement): one.street for one in corrections if isinstance(one, Bound)}
    entries = [
        replace(one, match=Match(street=street), corrected_in=number)
        if (street := bound.get((one.entry.street, one.entry.settlement))) and not one.match.street
        else one
        for one in before.entries
    ]
    entries += [_given(one, number) for one in corrections if isinstance(one, Given)]
    return _record(
        CompiledList(tuple(entries), before.unread), basis=current, reason=reason, at=at, by=by, after=current
    )


def put_back(
    *, earlier: TerritoryList, current: TerritoryList, reason: str, at: datetime.datetime, by: str
) -> TerritoryList:
    """Put what an earlier list says in force again, as a new list. Return it. Raises ListChanged."""
    return _record(compiled_from(earlier, guesses=False), basis=earlier, reason=reason, at=at, by=by, after=current)


def _record(
    compiled: CompiledList, *, basis: TerritoryList, reason: str, at: datetime.datetime, by: str, after: TerritoryList
) -> TerritoryList:
    return record_territories(
        city=basis.city,
        compiled=compiled,
        source=basis.source,
        sha256=basis.source_sha256,
        recorded_at=at,
        recorded_by=by,
        basis=basis,
        reason=reason,
        after=after.number,
    )


def _given(one: Given, number: int) -> Compiled:
    """An entry of a person's own, under the name that the place has today."""
    street, settlement = "", ""
    if one.street:
        known = Street.objects.select_related("settlement").defer("line").get(pk=one.street)
        street, settlement = known.name_uk, known.settlement.name_uk if known.settlement else ""
    elif one.settlement:
        settlement = Settlement.objects.get(pk=one.settlement).name_uk
    entry = Entry(one.district, street, one.houses, settlement, (), "", NOWHERE)
    return Compiled(entry, Match(street=one.street, settlement=one.settlement), number)
