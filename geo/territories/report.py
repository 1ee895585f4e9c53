"""What a list of streets leaves open or contradicts: itself, the gazetteer, the polygons in force."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from geo.addresses.houses import HouseNumber
from geo.models import City, District, Settlement, Street
from geo.territories.deciding import Claims, HouseRule, Precision, claimed_by_two, narrowest, numbers_to_ask, precision
from geo.territories.placing import PlacedHouse, houses_with_polygons
from geo.territories.reading import Span
from geo.territories.recording import CompiledList


class Kind(StrEnum):
    """Every kind of finding, worst first: reports are printed in this order."""

    CLAIMED_TWICE = "claimed_twice"
    """Two districts claim the house equally narrowly: neither rule decides, the polygon does."""
    RULE_AND_POLYGON = "rule_and_polygon"
    """The house lies in another district's polygon: the rule decides."""
    UNREAD = "unread"
    UNKNOWN_STREET = "unknown_street"
    """Also what is no street at all, as a company."""
    SEVERAL_STREETS = "several_streets"
    SPLIT_STREET = "split_street"
    """A street of several districts; `houses` are those of the gazetteer that no rule covers."""
    UNCOVERED = "uncovered"
    """Houses of the gazetteer that no rule covers, on a street of one district or of none."""
    NARROWER_DECIDES = "narrower_decides"
    """A district names houses within what another claims as a whole."""
    REMARK = "remark"
    """Words in brackets that no rule can follow."""
    WITHOUT_POLYGON = "without_polygon"
    """A district with rules, but without a polygon in force: addresses find it, the map does not."""
    WITHOUT_RULES = "without_rules"


@dataclass(frozen=True, slots=True)
class Finding:
    """One street, entry or district to look at. `points` are (lon, lat) in degrees of known houses.

    `street_id` and `settlement_id` are the keys of a known place, `named` the street and settlement as an entry writes
    them.
    """

    kind: Kind
    street: str = ""
    houses: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    text: str = ""
    span: Span | None = None
    guesses: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    street_id: int | None = None
    settlement_id: int | None = None
    named: tuple[str, str] = ("", "")
    why: str = ""
    """Why a piece was not read (`reading.Why`)."""


@dataclass(frozen=True, slots=True)
class TerritoryReport:
    """All findings, worst first, with counts of what was read."""

    entries: int
    rules: int
    houses: int
    """Houses of the gazetteer."""
    decided: int
    """Of these, how many a rule gives to one district."""
    findings: tuple[Finding, ...] = field(default=())

    def of(self, kind: Kind) -> list[Finding]:
        """The findings of one kind."""
        return [finding for finding in self.findings if finding.kind == kind]

    def to_json(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


_TOLD_AS_A_WHOLE = frozenset({Precision.SETTLEMENT, Precision.STREET, Precision.SIDE})
"""Claims so wide are told once, not for each house."""


def report_on(city: City, compiled: CompiledList, *, at: datetime.datetime) -> TerritoryReport:
    """Check a list against itself, the gazetteer and the polygons in force at a moment. Writes nothing."""
    check = _Check(city, compiled, at)
    findings = sorted(check.findings(), key=lambda finding: list(Kind).index(finding.kind))
    return TerritoryReport(
        entries=len(compiled.entries),
        rules=len(compiled.rules),
        houses=check.houses_seen,
        decided=check.decided,
        findings=tuple(findings),
    )


class _Check:
    """Goes street by street; counts houses on its way."""

    def __init__(self, city: City, compiled: CompiledList, at: datetime.datetime) -> None:
        self.houses_seen = self.decided = 0
        self._compiled = compiled
        self._houses: dict[int, list[PlacedHouse]] = defaultdict(list)
        for house in houses_with_polygons(city, at):
            self._houses[house.street].append(house)
        self._streets = {
            street.pk: street for street in Street.objects.filter(city=city).select_related("settlement").defer("line")
        }
        self._in_force = set(
            District.objects.filter(city=city, boundaries__edition__periods__period__contains=at).values_list(
                "code", flat=True
            )
        )
        self._rules: dict[int, list[HouseRule]] = defaultdict(list)
        self._of_settlement: dict[int, list[HouseRule]] = defaultdict(list)
        for rule in compiled.rules:
            if rule.street:
                self._rules[rule.street].append(rule)
            elif rule.settlement:
                self._of_settlement[rule.settlement].append(rule)

    def findings(self) -> Iterator[Finding]:
        yield from self._entries()
        for street in self._streets.values():
            yield from (replace(found, street_id=street.pk) for found in self._street(street))
        yield from self._settlements()
        codes = set(self._compiled.districts)
        if self._in_force:
            yield from (Finding(Kind.WITHOUT_POLYGON, districts=(code,)) for code in sorted(codes - self._in_force))
            yield from (Finding(Kind.WITHOUT_RULES, districts=(code,)) for code in sorted(self._in_force - codes))

    def _entries(self) -> Iterator[Finding]:
        for piece in self._compiled.unread:
            yield Finding(Kind.UNREAD, text=piece.text, span=piece.span, why=piece.why)
        for compiled in self._compiled.entries:
            entry, match = compiled.entry, compiled.match
            found = Finding(
                Kind.REMARK, street=entry.street or entry.settlement, districts=(entry.district,), text=entry.text,
                span=entry.span, guesses=match.guesses, named=(entry.street, entry.settlement),
            )  # fmt: skip
            if match.street or match.settlement:
                if entry.remarks:
                    yield found
            else:
                yield replace(found, kind=Kind.SEVERAL_STREETS if match.several else Kind.UNKNOWN_STREET)

    def _street(self, street: Street) -> Iterator[Finding]:
        own = self._rules[street.pk]
        claims = Claims([*own, *self._of_settlement[street.settlement_id or 0]])
        split = tuple(sorted({rule.district for rule in own}))
        name = street.name_uk if not street.settlement else f"{street.settlement.name_uk}, {street.name_uk}"
        known = {number.key: house for house in self._houses[street.pk] if (number := HouseNumber.parse(house.number))}
        unnumbered = [house for house in self._houses[street.pk] if not HouseNumber.parse(house.number)]
        asked = {number.key: number for number in numbers_to_ask(own)} if len(split) > 1 else {}
        asked |= {key: number for key, house in known.items() if (number := HouseNumber.parse(house.number))}
        uncovered: list[PlacedHouse] = list(unnumbered)
        narrower: dict[tuple[str, ...], list[HouseNumber]] = defaultdict(list)
        self.houses_seen += len(self._houses[street.pk])
        for number in sorted(asked.values(), key=lambda number: number.order):
            house = known.get(number.key)
            named = claims.naming(number)
            chosen = narrowest(named) or claims.deciding(number)
            codes = tuple(sorted({rule.district for rule in chosen}))
            if len(codes) > 1 and precision(chosen[0], number) not in _TOLD_AS_A_WHOLE:
                yield Finding(Kind.CLAIMED_TWICE, name, (str(number),), codes, points=_points([house]))
            if house and not codes:
                uncovered.append(house)
            if len(codes) != 1:
                continue
            self.decided += house is not None
            by_number = chosen[0].given and precision(chosen[0], number) not in _TOLD_AS_A_WHOLE
            if by_number:
                continue
            if house and house.polygon and house.polygon != codes[0]:
                yield Finding(
                    Kind.RULE_AND_POLYGON, name, (str(number),), (codes[0], house.polygon), points=_points([house])
                )
            if wider := {rule.district for _how, rule in named if rule.street} - set(codes):
                narrower[codes[0], *sorted(wider)].append(number)
        for some, rule, other in claimed_by_two(own):
            yield Finding(Kind.CLAIMED_TWICE, name, (str(some),), tuple(sorted({rule.district, other.district})))
        for districts, numbers in narrower.items():
            yield Finding(Kind.NARROWER_DECIDES, name, tuple(map(str, numbers)), districts)
        if len(split) > 1 or uncovered:
            yield Finding(
                Kind.SPLIT_STREET if len(split) > 1 else Kind.UNCOVERED, name,
                tuple(house.number for house in uncovered), split, points=_points(uncovered),
            )  # fmt: skip

    def _settlements(self) -> Iterator[Finding]:
        names = dict(Settlement.objects.filter(pk__in=self._of_settlement).values_list("pk", "name_uk"))
        for settlement, rules in self._of_settlement.items():
            last = max((rule.given for rule in rules), default=0)
            codes = tuple(sorted({rule.district for rule in rules if rule.given == last}))
            if len(codes) > 1:
                yield Finding(Kind.CLAIMED_TWICE, names[settlement], (), codes, settlement_id=settlement)


def _points(houses: Iterable[PlacedHouse | None]) -> tuple[tuple[float, float], ...]:
    return tuple((house.lon, house.lat) for house in houses if house)
