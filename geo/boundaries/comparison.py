"""What a new set of boundaries changes against the one in force: added, removed, moved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely

from geo.boundaries.findings import Geometry
from geo.boundaries.measuring import WGS84, Measure

SAME_M2 = 1.0
"""Less changed ground than this, in m², is rounding and not a move."""


class ChangeKind(StrEnum):
    """How a district differs between two editions."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One district that differs: `area_m2` is ground gained and lost together, `share` of what it was before."""

    code: str
    kind: ChangeKind
    area_m2: float
    share: float

    def __str__(self) -> str:
        if self.kind == ChangeKind.MOVED:
            return f"{self.code}: {self.area_m2:,.0f} m² changed hands ({self.share:.1%})"
        return f"{self.code}: {self.kind}, {self.area_m2:,.0f} m²"


def compare(before: Mapping[str, Geometry], after: Mapping[str, Geometry]) -> list[Change]:
    """Return what differs between two sets of polygons in EPSG:4326 by code, by kind and then the largest first.

    Areas are true m² (a local equal-area projection around both sets).
    """
    shapes = [shape for shape in (*before.values(), *after.values()) if not shape.is_empty]
    if not shapes:
        return []
    measure = Measure.around(np.array(shapes, dtype=object), WGS84)
    changes = [
        Change(code, ChangeKind.ADDED, float(shapely.area(measure.to_metric(after[code]))), 1.0)
        for code in after.keys() - before.keys()
    ]
    changes += [
        Change(code, ChangeKind.REMOVED, float(shapely.area(measure.to_metric(before[code]))), 1.0)
        for code in before.keys() - after.keys()
    ]
    common = sorted(before.keys() & after.keys())
    old, new = (np.array([shape[code] for code in common], dtype=object) for shape in (before, after))
    if common:
        differs = ~shapely.equals_exact(shapely.normalize(old), shapely.normalize(new), 1e-9)
        old_m, new_m = measure.to_metric(old[differs]), measure.to_metric(new[differs])
        moved_m2 = shapely.area(shapely.symmetric_difference(shapely.make_valid(old_m), shapely.make_valid(new_m)))
        for code, area, whole in zip(np.array(common)[differs], moved_m2, shapely.area(old_m), strict=True):
            if area > SAME_M2:
                changes.append(Change(str(code), ChangeKind.MOVED, float(area), float(area / whole)))
    changes = [replace(change, area_m2=round(change.area_m2, 1), share=round(change.share, 4)) for change in changes]
    return sorted(changes, key=lambda change: (change.kind, -change.area_m2, change.code))
