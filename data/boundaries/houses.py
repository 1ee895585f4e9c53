"""Demonstration houses beside the streets: odd ones on the left, even ones on the right, numbers rising along the line.

Everything in metres on the plane of `shapes.py`; the same streets and seed give the same houses.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

PLOT_M = 28
MOST_NUMBERS = 60
MOST_HOUSES = 9
"""On one side of a street."""
ASIDE_M = (16, 28)
CORNER_M = 43


@dataclass(frozen=True)
class Road:
    """A street, and its houses whose places are given (`fixed`, by number): the others are numbered to agree."""

    name: str
    line: LineString
    fixed: dict[str, Point] = field(default_factory=dict)

    @property
    def plot_m(self) -> float:
        """How far numbers of one side, which grow by 2, are apart."""
        for number, at in self.fixed.items():
            return self.line.project(at) / (int(number) / 2)
        return max(PLOT_M, self.line.length / MOST_NUMBERS)

    def number_at(self, place: Point) -> int:
        """The number a house beside the street has at this place."""
        return 2 * math.floor(self.line.project(place) / self.plot_m) + (1 if self._is_left(place) else 2)

    def _is_left(self, place: Point) -> bool:
        along = self.line.project(place)
        start, end = self.line.interpolate(max(along - 1, 0)), self.line.interpolate(along + 1)
        return (end.x - start.x) * (place.y - start.y) > (end.y - start.y) * (place.x - start.x)

    def beside(self, along_m: float, aside_m: float) -> Point:
        """The place so far along the street and so far to its left (negative: to its right)."""
        start, end = self.line.interpolate(max(along_m - 5, 0)), self.line.interpolate(along_m + 5)
        step = math.hypot(end.x - start.x, end.y - start.y)
        on = self.line.interpolate(along_m)
        return Point(
            round(on.x - aside_m * (end.y - start.y) / step, 2), round(on.y + aside_m * (end.x - start.x) / step, 2)
        )


@dataclass(frozen=True)
class House:
    """One address: 12, 12А, 12/3, 12 корп. 2 (`rest` is what follows the number)."""

    street: str
    number: int
    rest: str
    at: Point


def houses(roads: Sequence[Road], land: BaseGeometry, seed: int, *, empty: set[str]) -> list[House]:
    """Houses of every street but the `empty` ones, on the `land`, each nearest to its own street."""
    tree = shapely.STRtree([road.line for road in roads])
    shapely.prepare(land)
    found: dict[tuple[str, int, str], House] = {}
    for turn, road in enumerate(roads):
        for number, at in road.fixed.items():
            found[road.name, int(number), ""] = House(road.name, int(number), "", at)
        if road.name in empty:
            continue
        for house in _along(road, np.random.default_rng([seed, 1000 + turn])):
            near = [roads[other] for other in sorted(tree.query(house.at, predicate="dwithin", distance=CORNER_M))]
            near.sort(key=lambda other: other.line.distance(house.at))
            if not land.contains(house.at) or near[0] is not road or (house.rest and len(near) > 1):
                continue
            rest = f"/{near[1].number_at(house.at)}" if len(near) > 1 else house.rest
            found.setdefault((road.name, house.number, rest), House(road.name, house.number, rest, house.at))
    return list(found.values())


def _along(road: Road, rng: np.random.Generator) -> Iterator[House]:
    plots = math.floor(road.line.length / road.plot_m)
    every = math.ceil(plots / MOST_HOUSES)
    for plot, side in itertools.product(range(0, plots, every), (1, -1)):
        along = (plot + 0.5 + rng.uniform(-0.2, 0.2)) * road.plot_m
        aside = rng.uniform(*ASIDE_M)
        kind = rng.integers(0, 16)
        number = 2 * plot + (1 if side > 0 else 2)
        yield House(road.name, number, "", road.beside(along, side * aside))
        if kind == 0:
            yield House(road.name, number, "А", road.beside(along + 0.25 * road.plot_m, side * (aside + 14)))
        elif kind == 1:
            yield House(road.name, number, " корп. 2", road.beside(along, side * (aside + 14)))
