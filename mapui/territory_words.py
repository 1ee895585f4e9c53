"""What a list of streets leaves open or contradicts, in the reader's language, and how each finding may be decided."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from geo.addresses.ranges import EVERYTHING, HouseSet
from geo.boundaries.words import codes_text
from geo.names import short_name
from geo.territories.correcting import Given, numbers_as_houses
from geo.territories.reading import Span, Why
from geo.territories.report import Finding, Kind

HOUSES_NAMED = 24
"""So many houses of a finding are named in its sentence."""
POINTS_DRAWN = 300


@dataclass(frozen=True, slots=True)
class Section:
    """Findings of the same matter. `severity` is the colour: error, warning, note; notes need no decision."""

    name: str
    short: str | Promise
    title: str | Promise
    advice: str | Promise
    severity: str

    @property
    def is_open(self) -> bool:
        """Whether somebody must decide."""
        return self.severity != "note"


SECTIONS = {
    section.name: section
    for section in (
        Section(
            "twice",
            _("Claimed twice"),
            _("Claimed by two districts"),
            _("No rule decides here: the polygon does, or nobody is found. Choose the district that keeps the houses."),
            "error",
        ),
        Section(
            "polygon",
            _("Disagree"),
            _("The list and the polygon disagree"),
            _("The list decides. Say that it is right, or correct it to the district of the polygon."),
            "warning",
        ),
        Section(
            "unknown",
            _("Unknown streets"),
            _("Streets the gazetteer does not know"),
            _("They decide nothing. Choose the street that is meant; what is no street, as a company, stays."),
            "error",
        ),
        Section(
            "unread",
            _("Not read"),
            _("What could not be read"),
            _("It decides nothing. Correct it in the source and bring the list anew."),
            "error",
        ),
        Section(
            "unassigned",
            _("Unassigned numbers"),
            _("Streets with unassigned numbers"),
            _("Districts share the street, and no rule names these houses."),
            "warning",
        ),
        Section(
            "uncovered",
            _("Not covered"),
            _("Addresses that no rule covers"),
            _("The polygon decides for them, where there is one."),
            "warning",
        ),
        Section("know", _("To know"), _("To know"), "", "note"),
    )
}
_OF_KIND = {
    Kind.CLAIMED_TWICE: "twice",
    Kind.RULE_AND_POLYGON: "polygon",
    Kind.UNREAD: "unread",
    Kind.UNKNOWN_STREET: "unknown",
    Kind.SEVERAL_STREETS: "unknown",
    Kind.UNCOVERED: "uncovered",
}
WHY = {
    Why.NO_STREET: _("Houses without a street before them."),
    Why.NO_HOUSES: _("This is no list of houses."),
    Why.NO_DISTRICT: _("Nothing says which district it is of."),
    Why.NO_LETTERS: _("Neither a name nor a number."),
}


def section_of(finding: Finding) -> Section:
    """Return where a finding is listed; a split street with all its houses assigned is only to know."""
    if finding.kind == Kind.SPLIT_STREET and finding.houses:
        return SECTIONS["unassigned"]
    return SECTIONS[_OF_KIND.get(finding.kind, "know")]


@dataclass(slots=True)
class Told:
    """One matter to decide: findings of one street and the same districts, or of one name as the list writes it."""

    key: str
    section: Section
    first: Finding
    houses: list[str] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    times: int = 0
    districts: Mapping[str, str] = field(default_factory=dict)
    """Name of every district of the city, by code."""
    problem: str = ""
    do: str = ""
    other: str = ""
    named_houses: str = ""
    """What was posted, where it was refused."""

    @property
    def place(self) -> str:
        """The street, or the piece of the list."""
        return self.first.text if self.section.name in {"unknown", "unread"} else self.first.street

    @property
    def houses_text(self) -> str:
        """The first houses, and how many more."""
        named = ", ".join(self.houses[:HOUSES_NAMED])
        more = len(self.houses) - HOUSES_NAMED
        if more <= 0:
            return named
        return ngettext("%(houses)s and %(n)d more", "%(houses)s and %(n)d more", more) % {"houses": named, "n": more}

    @property
    def where(self) -> str:
        """The row of the table it stands in."""
        row = self.first.span.row if self.first.span else 0
        return gettext("row %(number)s") % {"number": row} if row else ""

    @property
    def fact(self) -> str:
        """What is the matter."""
        return _fact(self.first, self.section)

    @property
    def sentence(self) -> str:
        """All of it, for the map and for those who listen."""
        head = ", ".join(part for part in (self.place, self.houses_text) if part)
        return f"{head}. {self.fact}" if head else self.fact

    @property
    def gives_houses(self) -> bool:
        """Whether a district is to be chosen."""
        return self.section.name in {"twice", "polygon", "unassigned", "uncovered"} and (
            bool(self.givable) or bool(self.first.settlement_id)
        )

    @property
    def binds(self) -> bool:
        """Whether a street is to be chosen."""
        return self.section.name == "unknown"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen at once: the value and its words."""
        codes = self.first.districts
        if self.section.name == "twice":
            return [(code, self.district(code)) for code in codes]
        if self.section.name == "polygon":
            rule, polygon = codes
            return [
                (rule, gettext("The list is right: %(district)s") % {"district": self.district(rule)}),
                (polygon, gettext("As the polygon says: %(district)s") % {"district": self.district(polygon)}),
            ]
        return [(guess, guess) for guess in self.first.guesses]

    @property
    def all_districts(self) -> list[tuple[str, str]]:
        """Every district, those of the street first."""
        codes = sorted(self.districts, key=lambda code: code not in self.first.districts)
        return [(code, self.district(code)) for code in codes]

    def district(self, code: str) -> str:
        """«03 · Центр»; a district without a name of its own by its code."""
        name = short_name(self.districts.get(code, ""))
        return f"{code} · {name}" if name and name != code else code

    @property
    def givable(self) -> str:
        """The houses that a rule can name, as a list of houses."""
        if self.named_houses:
            return self.named_houses
        if self.section.name == "uncovered" and not self.first.districts and not self.first.settlement_id:
            return str(HouseSet((EVERYTHING,)))
        return str(numbers_as_houses(self.houses))

    def given(self, code: str) -> Given:
        """The correction that gives the houses, as proposed or as posted, to a district."""
        if self.first.settlement_id:
            return Given(code, HouseSet((EVERYTHING,)), settlement=self.first.settlement_id)
        return Given(code, HouseSet.parse(self.givable), street=self.first.street_id)


def _fact(finding: Finding, section: Section) -> str:
    codes = codes_text(finding.districts)
    told = {"codes": codes, "first": finding.districts[0] if finding.districts else "", "text": finding.text}
    if section.name == "polygon":
        return gettext("By the list district %(rule)s, by the polygon district %(polygon)s.") % {
            "rule": finding.districts[0],
            "polygon": finding.districts[1],
        }
    if finding.kind == Kind.UNREAD:
        return str(WHY[Why(finding.why)])
    if finding.kind == Kind.UNCOVERED and not finding.districts:
        return gettext("The list does not name this street.")
    sentence = {
        Kind.CLAIMED_TWICE: _("Districts %(codes)s claim it."),
        Kind.UNKNOWN_STREET: _("District %(codes)s. No such street in the gazetteer."),
        Kind.SEVERAL_STREETS: _("District %(codes)s. Several streets have this name."),
        Kind.SPLIT_STREET: _("The street is shared by districts %(codes)s."),
        Kind.UNCOVERED: _("What the list names of this street is of district %(codes)s."),
        Kind.NARROWER_DECIDES: _("District %(first)s names the houses, another claims the street: the name decides."),
        Kind.REMARK: _("District %(codes)s. The remark in brackets is followed by no rule: “%(text)s”."),
        Kind.WITHOUT_POLYGON: _("District %(codes)s has no polygon in force: addresses find it, the map does not."),
        Kind.WITHOUT_RULES: _("District %(codes)s is in force, and the list does not name it."),
    }[finding.kind]
    return str(sentence) % told


def tell(findings: Iterable[Finding], districts: Mapping[str, str]) -> list[Told]:
    """Gather findings into matters, in the order of `SECTIONS`, within one by street."""
    told: dict[tuple[Any, ...], Told] = {}
    for finding in findings:
        section = section_of(finding)
        matter = _matter(finding)
        one = told.get(matter)
        if one is None:
            key = hashlib.sha256(repr(matter).encode()).hexdigest()[:16]
            one = told[matter] = Told(key, section, finding, districts=districts)
        one.houses += finding.houses
        one.points += finding.points[: POINTS_DRAWN - len(one.points)]
        one.times += 1
    order = list(SECTIONS)
    return sorted(told.values(), key=lambda one: order.index(one.section.name))


def _matter(finding: Finding) -> tuple[Any, ...]:
    """What is the same for findings that one decision answers."""
    if finding.kind in {Kind.UNKNOWN_STREET, Kind.SEVERAL_STREETS}:
        return finding.kind, *finding.named
    if finding.kind in {Kind.CLAIMED_TWICE, Kind.RULE_AND_POLYGON}:
        whole = not finding.points and finding.kind == Kind.CLAIMED_TWICE and not _is_number(finding.houses)
        return finding.kind, finding.street_id, finding.settlement_id, finding.districts, whole
    span: Span | None = finding.span
    return finding.kind, finding.street_id, finding.districts, finding.text, span and (span.row, span.start)


def _is_number(houses: Sequence[str]) -> bool:
    return bool(houses) and houses[0][:1].isdigit()


def places_collection(told: Iterable[Told]) -> dict[str, Any]:
    """Return the matters that have a place as a FeatureCollection for the map of a report."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "MultiPoint", "coordinates": [[round(n, 6) for n in at] for at in one.points]},
                "properties": {"key": one.key, "severity": one.section.severity, "sentence": one.sentence},
            }
            for one in told
            if one.points
        ],
    }
