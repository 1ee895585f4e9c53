"""What a check of boundaries can find, as data: one `Finding` is one place and one sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import shapely

from geo.boundaries.measuring import Measure

Geometry = Any
"""A shapely geometry (shapely ships no types)."""


class Severity(StrEnum):
    """Errors block activation, warnings are listed, notes only explain."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Kind(StrEnum):
    """Every kind of finding, worst first: reports are printed in this order."""

    INVALID_RING = "invalid_ring"
    MISSING_CODE = "missing_code"
    DUPLICATE_CODE = "duplicate_code"
    UNUSABLE_CODE = "unusable_code"
    LONG_NAME = "long_name"
    OVERLAP = "overlap"
    GAP = "gap"
    OPEN_GAP = "open_gap"
    UNCOVERED_OUTLINE = "uncovered_outline"
    OUTSIDE_OUTLINE = "outside_outline"
    ENCLAVE = "enclave"
    REPAIRED_RING = "repaired_ring"
    SLIVER_OVERLAP = "sliver_overlap"
    SLIVER_GAP = "sliver_gap"
    CRACK = "crack"
    TINY_PART = "tiny_part"
    MISSING_NAME = "missing_name"
    TOO_POPULOUS = "too_populous"
    UNMATCHED_BORDER = "unmatched_border"


class DraftKind(StrEnum):
    """What is found of polygons drafted from a list of streets alone, worst first."""

    OUTSIDE_DISTRICT = "draft_outside_district"
    NO_ADDRESS = "draft_no_address"
    FEW_ADDRESSES = "draft_few_addresses"
    ONE_POINT = "draft_one_point"
    OUTSIDE_CITY = "draft_outside_city"


FAMILY = {
    Kind.SLIVER_OVERLAP.value: Kind.OVERLAP.value,
    Kind.SLIVER_GAP.value: Kind.GAP.value,
    Kind.OPEN_GAP.value: Kind.GAP.value,
    Kind.CRACK.value: Kind.GAP.value,
}
"""Kinds that one place can change between when another tolerance is asked."""


@dataclass(frozen=True)
class CheckSettings:
    """What counts as a sliver, as repaired, as tiny and as too many people.

    `population_limit` and `rural_population_limit`: 7,000 residents in cities, 6,000 in villages (MIA order 650 of
    28.07.2017); None: not asked.
    A ring is repaired when its area changes by at most `ring_area_m2` or `ring_area_share`, whichever is more.
    """

    tolerance_m: float = 1.0
    population_limit: int | None = 7000
    rural_population_limit: int | None = 6000
    ring_area_m2: float = 1.0
    ring_area_share: float = 0.0001
    tiny_part_m2: float = 100.0
    tiny_part_share: float = 0.001


@dataclass(frozen=True)
class Finding:
    """One place where the boundaries are wrong or odd.

    `geometry` is in WGS 84 (longitude first) and may be None for a finding without a place; `area_m2` and
    `width_m` (the widest place of a gap or overlap) are true metres. `key` names the finding across checks of the
    same place, so that an operator can accept it on record. `facts` are what else its sentence tells: the `name` of
    the district, how many `residents` and what `limit` they pass, which officer is `away`.
    """

    kind: str
    severity: Severity
    message: str
    codes: tuple[str, ...] = ()
    area_m2: float | None = None
    width_m: float | None = None
    geometry: Geometry | None = None
    key: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", finding_key(self.kind, self.codes, self.geometry))


def finding_key(kind: str, codes: Iterable[str], geometry: Geometry | None) -> str:
    """A stable name of a finding: kind family, sorted codes, and the place rounded to about 1 m.

    A gap and a sliver of a gap at one place share a key: whether it is a sliver depends only on the tolerance asked.
    """
    place = ""
    if geometry is not None and not geometry.is_empty:
        west, south, east, north = geometry.bounds
        place = f"{(west + east) / 2:.5f} {(south + north) / 2:.5f}"
    text = "\x1f".join([FAMILY.get(kind, kind), *sorted(codes), place])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def code_and_name(code: str, name: str) -> str:
    """`12 (Дружба)`: a district as a sentence about it alone calls it; the code where it has no name of its own."""
    return f"{code} ({name})" if name not in {"", code} else code


class Notebook:
    """Findings as a check makes them: `measure` knows the CRS of the source."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.findings: list[Finding] = []

    def add(
        self,
        kind: Kind,
        severity: Severity,
        message: str,
        codes: Sequence[str],
        *,
        place: Geometry | None = None,
        area_m2: float | None = None,
        width_m: float | None = None,
        facts: Mapping[str, str | int] | None = None,
    ) -> None:
        """Note one finding; `place` is in the CRS of the source."""
        geometry = None if place is None else self.measure.to_wgs84(place)
        self.findings.append(
            Finding(
                kind.value,
                severity,
                message,
                tuple(codes),
                None if area_m2 is None else round(float(area_m2), 2),
                None if width_m is None else round(float(width_m), 2),
                geometry,
                facts=facts or {},
            )
        )


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of the kinds known here in the order of `Kind`, the largest first in each."""
    order = {kind.value: number for number, kind in enumerate(Kind)}
    return sorted(findings, key=lambda found: (order[found.kind], -(found.area_m2 or 0), found.codes))


def name_codes(codes: Iterable[str], limit: int = 6) -> str:
    """`A`, `A and B`, `A, B and C`, or `A, B, C and 9 more`: codes as a sentence names them."""
    listed = list(codes)
    if len(listed) > limit:
        return f"{', '.join(listed[:limit])} and {len(listed) - limit} more"
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def count_vertices(geometries: Iterable[Geometry]) -> int:
    """How many vertices the geometries have together."""
    return int(shapely.get_num_coordinates(list(geometries)).sum())
