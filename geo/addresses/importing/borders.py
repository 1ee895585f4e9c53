"""In which settlement a place of a map lies: by the borders the map itself draws."""

from collections.abc import Collection, Sequence
from typing import Any

import shapely

from geo.addresses.folding import fold

Line = Sequence[tuple[float, float]]


class Borders:
    """The borders of settlements, which may lie in each other; degrees WGS 84."""

    def __init__(self) -> None:
        self._drawn: list[tuple[str, bool, Any]] = []

    def add(self, name: str, outer: Sequence[Line], *, is_place: bool) -> None:
        """Take the pieces of an outer border; they must close. `is_place`: of a settlement, surely."""
        pieces = [shapely.LineString(line) for line in outer if len(line) > 1]
        areas = shapely.get_parts(shapely.polygonize([shapely.node(shapely.MultiLineString(pieces))])) if pieces else []
        if len(areas):
            self._drawn.append((name, is_place, shapely.union_all(areas)))

    def of(self, places: Collection[str]) -> "SettlementMap":
        """Return the map of settlements. A border counts that is a place's own, or is called as one of `places`."""
        folded = {fold(name) for name in places}
        return SettlementMap([(name, area) for name, own, area in self._drawn if own or fold(name) in folded])


class SettlementMap:
    """The areas of settlements, to be asked for the one in which a point lies."""

    def __init__(self, areas: Sequence[tuple[str, Any]]) -> None:
        areas = sorted(areas, key=lambda each: float(each[1].area))
        self._names = [name for name, _area in areas]
        self._tree = shapely.STRtree([area for _name, area in areas])

    def at(self, lon: float, lat: float) -> str:
        """The settlement of the smallest area that covers a point; empty where there is none."""
        if not self._names:
            return ""
        covering = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self._names[min(covering)] if len(covering) else ""
