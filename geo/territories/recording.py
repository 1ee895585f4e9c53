"""Compile a list against the gazetteer and record it."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max
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

    @property
    def rule(self) -> HouseRule | None:
        """The rule it gives; None where its place or its houses are not known."""
        if not self.entry.houses.ranges or not (self.match.street or self.match.settlement):
            return None
        return HouseRule(self.entry.district, self.match.street, self.match.settlement, self.entry.houses)


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


class ListRefused(Exception):
    """A list cannot be recorded; the message says why. Nothing changed."""


def compile_reading(city: City, reading: Reading) -> CompiledList:
    """Find the streets of a list in the gazetteer; nothing is written."""
    matcher = Matcher(city)
    return CompiledList(tuple(Compiled(entry, matcher.match(entry)) for entry in reading.entries), reading.unread)


def compiled_from(recorded: TerritoryList) -> CompiledList:
    """Return a recorded list as it decides; what it left open is compared with today's gazetteer for new guesses."""
    matcher = Matcher(recorded.city)
    entries: list[Compiled] = []
    unread: list[Unread] = []
    for row in recorded.rules.select_related("district"):
        span = Span(row.row, row.start, row.end)
        if row.unread or row.district is None:
            unread.append(Unread(row.text, Why(row.unread), span))
            continue
        houses = HouseSet.parse(row.houses) if row.houses else HouseSet(())
        entry = Entry(row.district.code, row.named, houses, row.named_settlement, tuple(row.notes), row.text, span)
        if row.street_id or row.settlement_id:
            match = Match(street=row.street_id, settlement=row.settlement_id)
        else:
            match = matcher.match(entry)
            if match.street:  # the gazetteer has learnt it since: told as the best guess, decides when recorded anew
                match = Match(guesses=(matcher.label(match.street),))
        entries.append(Compiled(entry, match))
    return CompiledList(tuple(entries), tuple(unread))


@transaction.atomic
def record_territories(
    *, city: City, compiled: CompiledList, source: str, sha256: str, recorded_at: datetime.datetime, recorded_by: str
) -> TerritoryList:
    """Record a list and put it in force from `recorded_at`, in place of the one before. Return it.

    Districts that the city does not have yet are made, and named by their code. Raises ListRefused.
    """
    City.objects.select_for_update().get(pk=city.pk)
    if not compiled.rules:
        raise ListRefused(_("No street of this list is known in %(city)s: is it the right city?") % {"city": city.name})
    if wrong := [code for code in compiled.districts if not is_code(code)]:
        raise ListRefused(_("These cannot be codes of districts: %(codes)s.") % {"codes": ", ".join(wrong)})
    lists = TerritoryList.objects.filter(city=city)
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
        number=(lists.aggregate(last=Max("number"))["last"] or 0) + 1,
        source=source,
        source_sha256=sha256,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        period=DateTimeTZRange(recorded_at, None),
    )
    rows = [_rule(compiled_entry, districts) for compiled_entry in compiled.entries]
    rows += [_unread(piece) for piece in compiled.unread]
    for row in rows:
        row.territory_list = recorded
    TerritoryRule.objects.bulk_create(rows)
    return recorded


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
    )


def _unread(piece: Unread) -> TerritoryRule:
    span = piece.span
    return TerritoryRule(text=piece.text, unread=piece.why, row=span.row, start=span.start, end=span.end)
