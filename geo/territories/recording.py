"""Compile a list against the gazetteer and record it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from geo.addresses.ranges import HouseSet
from geo.labels import is_code
from geo.models import City, District, TerritoryList, TerritoryRule
from geo.territories.deciding import HouseRule
from geo.territories.matching import Match, Matcher
from geo.territories.reading import Entry, Reading, Span, Unread, Why


@dataclass(frozen=True, slots=True)
class Compiled:
    """An entry and what it means in the city's gazetteer."""

    entry: Entry
    match: Match
    corrected_in: int = 0
    """The number of the list in which a person decided what it means; an entry without `text` is all a person's."""

    @property
    def rule(self) -> HouseRule | None:
        """The rule it gives; None where its place or its houses are not known."""
        if not self.entry.houses.ranges or not (self.match.street or self.match.settlement):
            return None
        given = 0 if self.entry.text else self.corrected_in
        return HouseRule(self.entry.district, self.match.street, self.match.settlement, self.entry.houses, given)


@dataclass(frozen=True, slots=True)
class CompiledList:
    """A list against the gazetteer of a city: what it says and what could not be read."""

    entries: tuple[Compiled, ...]
    unread: tuple[Unread, ...]

    @property
    def rules(self) -> list[HouseRule]:
        """The rules of all entries that give one."""
        return [rule for compiled in self.entries if (rule := compiled.rule)]

    @property
    def districts(self) -> list[str]:
        """The codes it names, in its order."""
        return list(dict.fromkeys(compiled.entry.district for compiled in self.entries))

    def without_places(self) -> Self:
        """Return it as a city reads it that has no gazetteer: its words alone."""
        return replace(self, entries=tuple(replace(one, match=Match()) for one in self.entries))


class ListRefused(Exception):
    """A list cannot be recorded; the message says why. Nothing changed."""


class ListChanged(ListRefused):
    """Another list came into force since the person looked."""


def compile_reading(city: City, reading: Reading) -> CompiledList:
    """Find the streets of a list in the gazetteer; nothing is written."""
    matcher = Matcher(city)
    return CompiledList(tuple(Compiled(entry, matcher.match(entry)) for entry in reading.entries), reading.unread)


def compiled_from(recorded: TerritoryList, *, guesses: bool = True) -> CompiledList:
    """Return a recorded list as it decides; with `guesses` what it left open is compared with today's gazetteer."""
    matcher = Matcher(recorded.city) if guesses else None
    entries: list[Compiled] = []
    unread: list[Unread] = []
    for row in _rows(recorded):
        span = Span(row.row, row.start, row.end)
        if row.unread or row.district__code is None:
            unread.append(Unread(row.text, Why(row.unread), span))
            continue
        houses = HouseSet.parse(row.houses) if row.houses else HouseSet(())
        entry = Entry(row.district__code, row.named, houses, row.named_settlement, tuple(row.notes), row.text, span)
        if row.street or row.settlement:
            match = Match(street=row.street, settlement=row.settlement)
        else:
            match = matcher.match(entry) if matcher else Match()
            if matcher and match.street:  # learnt since: told as the best guess, decides when recorded anew
                match = Match(guesses=(matcher.label(match.street),))
        entries.append(Compiled(entry, match, row.corrected_in))
    return CompiledList(tuple(entries), tuple(unread))


def _rows(recorded: TerritoryList) -> Iterable[Any]:
    """The rows of a list without models: it may have tens of thousands."""
    return recorded.rules.values_list(
        "district__code", "street", "settlement", "named", "named_settlement", "houses", "notes", "text", "row",
        "start", "end", "unread", "corrected_in", named=True,
    )  # fmt: skip


def keeping_others(compiled: CompiledList, before: CompiledList) -> CompiledList:
    """Return a list with what another one says of the districts that it does not name itself."""
    named = set(compiled.districts)
    kept = tuple(one for one in before.entries if one.entry.district not in named)
    return CompiledList((*kept, *compiled.entries), (*before.unread, *compiled.unread))


def decisions_before(compiled: CompiledList, kept: CompiledList) -> list[Entry]:
    """Return what persons decided in a list whose other districts are kept, on streets that `compiled` names too.

    Among equally narrow rules those decisions stand before what the new document says (`deciding`).
    """
    named = set(compiled.districts)
    places = {(one.match.street, one.match.settlement) for one in compiled.entries if one.rule}
    return [
        one.entry
        for one in kept.entries
        if (rule := one.rule)
        and rule.given
        and one.entry.district not in named
        and (rule.street, rule.settlement) in places
    ]


@transaction.atomic
def record_territories(
    *,
    city: City,
    compiled: CompiledList,
    source: str,
    sha256: str,
    recorded_at: datetime.datetime,
    recorded_by: str,
    basis: TerritoryList | None = None,
    reason: str = "",
    after: int | None = None,
) -> TerritoryList:
    """Record a list and put it in force from `recorded_at`, in place of the one before. Return it.

    Districts that the city does not have yet are made, and named by their code. `after` is the number of the newest
    list that the person knew, 0 for none. Raises ListRefused; ListChanged where there is a newer one, or one that came
    into force since `recorded_at`.
    """
    City.objects.select_for_update().get(pk=city.pk)
    if not city.is_copy:  # which has no gazetteer, and takes over what a city has in force
        refuse_unfit(city, compiled)
    lists = TerritoryList.objects.filter(city=city)
    newest = lists.order_by("-number").first()
    number = newest.number if newest else 0
    if newest and (after not in {None, number} or recorded_at < newest.period.lower):
        raise ListChanged(
            _("List № %(number)d is in force now, recorded by %(who)s. Look at it before you decide.")
            % {"number": number, "who": newest.recorded_by}
        )
    for before in lists.filter(period__contains=recorded_at):
        before.period = DateTimeTZRange(before.period.lower, recorded_at)
        before.save(update_fields=["period"])
    District.objects.bulk_create(
        [
            District(city=city, code=code, name_uk=f"Дільниця № {code}", name_en=f"District No. {code}")
            for code in compiled.districts
        ],
        ignore_conflicts=True,
    )
    districts = dict(District.objects.filter(city=city).values_list("code", "pk"))
    recorded = TerritoryList.objects.create(
        city=city,
        number=number + 1,
        source=source,
        source_sha256=sha256,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        period=DateTimeTZRange(recorded_at, None),
        basis=basis,
        reason=reason,
    )
    rows = [_rule(compiled_entry, districts) for compiled_entry in compiled.entries]
    rows += [_unread(piece) for piece in compiled.unread]
    for row in rows:
        row.territory_list = recorded
    TerritoryRule.objects.bulk_create(rows)
    return recorded


def refuse_unfit(city: City, compiled: CompiledList) -> None:
    """Raise ListRefused for a list that cannot be recorded."""
    if not compiled.rules:
        raise ListRefused(_("No street of this list is known in %(city)s: is it the right city?") % {"city": city.name})
    if wrong := [code for code in compiled.districts if not is_code(code)]:
        raise ListRefused(_("These cannot be codes of districts: %(codes)s.") % {"codes": ", ".join(wrong)})


def _rule(compiled: Compiled, districts: dict[str, int]) -> TerritoryRule:
    entry, match = compiled.entry, compiled.match
    return TerritoryRule(
        district_id=districts[entry.district],
        street_id=match.street,
        settlement_id=match.settlement,
        named=entry.street,
        named_settlement=entry.settlement,
        houses=str(entry.houses),
        notes=list(entry.notes),
        text=entry.text,
        row=entry.span.row,
        start=entry.span.start,
        end=entry.span.end,
        corrected_in=compiled.corrected_in,
    )


def _unread(piece: Unread) -> TerritoryRule:
    span = piece.span
    return TerritoryRule(text=piece.text, unread=piece.why, row=span.row, start=span.start, end=span.end)
