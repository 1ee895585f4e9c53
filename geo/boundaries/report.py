"""The report of a check, as people read it and as the edition keeps it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

from geo.boundaries.findings import Finding, Kind, Severity

FORMAT = 1
GRID_DEGREES = 1e-7
"""Coordinates in a report are rounded to 7 decimals: about 1 cm."""

TITLES = {
    Kind.INVALID_RING: "Outlines that are not valid",
    Kind.MISSING_CODE: "Polygons without a code",
    Kind.DUPLICATE_CODE: "Codes given more than once",
    Kind.UNUSABLE_CODE: "Codes that cannot stand in an address",
    Kind.LONG_NAME: "Names that are too long",
    Kind.OVERLAP: "Overlaps",
    Kind.GAP: "Gaps inside the city",
    Kind.OPEN_GAP: "Gaps at the edge of the city",
    Kind.UNCOVERED_OUTLINE: "Parts of the city in no district",
    Kind.OUTSIDE_OUTLINE: "Districts outside the city's outline",
    Kind.ENCLAVE: "Lakes and enclaves",
    Kind.REPAIRED_RING: "Outlines that were repaired",
    Kind.SLIVER_OVERLAP: "Slivers where districts overlap",
    Kind.SLIVER_GAP: "Slivers between districts",
    Kind.CRACK: "Cracks at the edge of the city",
    Kind.TINY_PART: "Tiny parts",
    Kind.MISSING_NAME: "Districts without a name",
    Kind.TOO_POPULOUS: "Districts with too many residents",
    Kind.UNMATCHED_BORDER: "Borders with different vertices",
}
MARKS = {Severity.ERROR: "ERROR", Severity.WARNING: "warning", Severity.NOTE: "note"}


@dataclass
class BoundaryReport:
    """All that is known about a set of boundaries before somebody decides on it.

    `source` and `settings` are plain facts (file, CRS, SHA-256; tolerance, working CRS); `counts` numbers (districts,
    vertices, area); `comparison` one mapping for each district added, removed or moved against the edition in force;
    `moved` what a repair did. Other rooms append findings of their own, of any kind.
    """

    source: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    comparison: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)

    def errors(self, accepted_keys: Collection[str] = frozenset()) -> list[Finding]:
        """Errors that nobody has accepted on record."""
        return [
            finding
            for finding in self.findings
            if finding.severity == Severity.ERROR and finding.key not in accepted_keys
        ]

    def has_errors(self, accepted_keys: Collection[str] = frozenset()) -> bool:
        """Whether anything still blocks activation."""
        return bool(self.errors(accepted_keys))

    def summary(self) -> dict[str, int]:
        """How many errors, warnings and notes."""
        return {severity.value: sum(finding.severity == severity for finding in self.findings) for severity in Severity}

    def to_text(self, *, lines_per_kind: int = 10, accepted_keys: Collection[str] = frozenset()) -> str:
        """The report in plain English, worst first, at most so many lines of each kind."""
        lines = [*_facts("Source", self.source), *_facts("Checked with", self.settings), *_facts("Found", self.counts)]
        told = self.summary()
        lines.append(
            f"Result: {_many(told['error'], 'error')}, {_many(told['warning'], 'warning')}, "
            f"{_many(told['note'], 'note')}."
        )
        for severity, kind, findings in _grouped(self.findings):
            lines += ["", f"{MARKS[severity]}: {_title(kind)} ({len(findings)})"]
            for finding in findings[:lines_per_kind]:
                accepted = "accepted: " if finding.key in accepted_keys else ""
                lines.append(f"  - {accepted}{finding.message} [{finding.key}]")
            lines += _more(findings, lines_per_kind)
        if self.moved:
            lines += ["", f"The repair moved borders of {_many(len(self.moved), 'district')}, the furthest first"]
            lines += [f"  - {_pairs(entry)}" for entry in self.moved[:lines_per_kind]]
            lines += _more(self.moved, lines_per_kind)
        if self.comparison:
            lines += ["", f"Against the edition in force: {_many(len(self.comparison), 'district')} differ"]
            lines += [f"  - {_pairs(entry)}" for entry in self.comparison[:lines_per_kind]]
            lines += _more(self.comparison, lines_per_kind)
        return "\n".join(lines) + "\n"

    def to_data(self) -> dict[str, Any]:
        """The report as plain data, for a JSON column; geometries as GeoJSON with 7 decimals."""
        return {
            "format": FORMAT,
            "source": self.source,
            "settings": self.settings,
            "counts": self.counts,
            "summary": self.summary(),
            "findings": [_finding_data(finding) for finding in self.findings],
            "comparison": self.comparison,
            "moved": self.moved,
        }

    def to_json(self) -> str:
        """The report as JSON text (UTF-8, no ASCII escapes)."""
        return json.dumps(self.to_data(), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> BoundaryReport:
        """The report that `to_data` gave. Raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"This is not a boundary report of format {FORMAT}: check the boundaries again.")
        return cls(
            source=dict(data["source"]),
            settings=dict(data["settings"]),
            counts=dict(data["counts"]),
            findings=[_finding(found) for found in data["findings"]],
            comparison=list(data["comparison"]),
            moved=list(data["moved"]),
        )

    def to_geojson(self) -> dict[str, Any]:
        """The places of the findings as a FeatureCollection, for the map."""
        return {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "id": found["key"], "geometry": found.pop("geometry"), "properties": found}
                for finding in self.findings
                if (found := _finding_data(finding))["geometry"] is not None
            ],
        }


def _finding_data(finding: Finding) -> dict[str, Any]:
    geometry = None
    if finding.geometry is not None and not finding.geometry.is_empty:
        # Rounding the numbers alone keeps every vertex; snapping would drop the slivers a report is about.
        rounded = shapely.transform(finding.geometry, lambda xy: (xy / GRID_DEGREES).round() * GRID_DEGREES)
        geometry = json.loads(shapely.to_geojson(rounded), parse_float=lambda text: round(float(text), 7))
    return {
        "kind": finding.kind,
        "severity": finding.severity.value,
        "codes": list(finding.codes),
        "message": finding.message,
        "area_m2": finding.area_m2,
        "width_m": finding.width_m,
        "key": finding.key,
        "facts": dict(finding.facts),
        "geometry": geometry,
    }


def _finding(data: Mapping[str, Any]) -> Finding:
    geometry = data["geometry"]
    return Finding(
        kind=data["kind"],
        severity=Severity(data["severity"]),
        message=data["message"],
        codes=tuple(data["codes"]),
        area_m2=data["area_m2"],
        width_m=data["width_m"],
        geometry=None if geometry is None else shapely.from_geojson(json.dumps(geometry)),
        key=data["key"],
        facts=data.get("facts", {}),  # reports of earlier versions kept none
    )


def _grouped(findings: Sequence[Finding]) -> list[tuple[Severity, str, list[Finding]]]:
    """Findings by severity and kind, worst first; kinds of other rooms after ours; the largest first in each."""
    severities, kinds = list(Severity), [kind.value for kind in Kind]
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.kind), []).append(finding)

    def rank(group: tuple[Severity, str]) -> tuple[int, int, str]:
        severity, kind = group
        return severities.index(severity), kinds.index(kind) if kind in kinds else len(kinds), kind

    return [
        (*group, sorted(groups[group], key=lambda found: (-(found.area_m2 or 0), found.codes)))
        for group in sorted(groups, key=rank)
    ]


def _title(kind: str) -> str:
    return TITLES[Kind(kind)] if kind in {one.value for one in Kind} else kind.replace("_", " ").capitalize()


def _facts(title: str, facts: Mapping[str, Any]) -> list[str]:
    return [f"{title}: {_pairs(facts)}"] if facts else []


def _pairs(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {_value(value)}" for key, value in facts.items() if value is not None)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(str(one) for one in value)
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _more(listed: Sequence[Any], limit: int) -> list[str]:
    return [f"  … and {len(listed) - limit:,} more"] if len(listed) > limit else []
