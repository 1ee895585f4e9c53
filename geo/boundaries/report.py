"""The report of a check, as the edition keeps it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from geo.boundaries.findings import Finding, Severity

FORMAT = 1
GRID_DEGREES = 1e-7
"""Coordinates in a report are rounded to 7 decimals: about 1 cm."""


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
