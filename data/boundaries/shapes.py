"""The geometry of the drawing: smooth hand-drawn lines, and districts that grow over blocks and stop at streets.

Everything here works in metres on a local plane (see `Plane`), exact to a centimetre, with whole-number costs, so
that the same sketch gives the same bytes again. No import beyond numpy and shapely.
"""

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

Coords = NDArray[np.float64]
Node = tuple[int, int]
Edge = tuple[Node, Node]
Shape = TypeVar("Shape", bound=BaseGeometry)
METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180
DEGREES = 1e-6


class CannotDraw(Exception):
    """The sketch does not give one whole polygon for each district."""


@dataclass(frozen=True)
class Plane:
    """Metres east and north of a point: good enough to draw a city by, not to measure it by."""

    lon: float
    lat: float

    @property
    def _scale(self) -> Coords:
        return np.array([METRES_PER_DEGREE * math.cos(math.radians(self.lat)), METRES_PER_DEGREE])

    def metres(self, text: str) -> Coords:
        """Shape (n, 2) from "lon lat, lon lat, ..."."""
        degrees = np.array([[float(number) for number in pair.split()] for pair in text.split(",")])
        return np.round((degrees - (self.lon, self.lat)) * self._scale, 2)

    def flat(self, shape: Shape) -> Shape:
        """The shape, given in EPSG:4326, in metres."""
        flat: Shape = shapely.transform(shape, lambda xy: np.round((xy - (self.lon, self.lat)) * self._scale, 2))
        return flat

    def degrees(self, shape: Shape) -> Shape:
        """The shape in EPSG:4326, rounded to six decimals (about 0.1 m)."""
        round_earth: Shape = shapely.transform(shape, lambda xy: np.round(xy / self._scale + (self.lon, self.lat), 6))
        return round_earth


def smooth(points: Coords, *, closed: bool = False, step_m: float = 60) -> Coords:
    """A curve through all points (Hermite, tangents of each segment's own length, so that it never overshoots)."""
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    if not closed:
        before[0], after[-1] = points[0], points[-1]
    tangents = after - before
    tangents = tangents / np.hypot(tangents[:, 0], tangents[:, 1])[:, None]
    curve = []
    for i in range(len(points) - (not closed)):
        j = (i + 1) % len(points)
        length = math.dist(points[i], points[j])
        t = np.linspace(0, 1, max(2, math.ceil(length / step_m)), endpoint=False)[:, None]
        m0, m1 = tangents[i] * length, tangents[j] * length
        curve.append(
            (2 * t**3 - 3 * t**2 + 1) * points[i]
            + (t**3 - 2 * t**2 + t) * m0
            + (3 * t**2 - 2 * t**3) * points[j]
            + (t**3 - t**2) * m1
        )
    curve.append(points[:1] if closed else points[-1:])
    return np.round(np.concatenate(curve), 2)


def rough(
    points: Coords, rng: np.random.Generator, *, share: float, times: int, calm: BaseGeometry | None = None
) -> Coords:
    """Halve every segment `times` times, moving each middle aside by up to `share` of the length; not inside `calm`."""
    for _ in range(times):
        step = np.diff(points, axis=0)
        middles = (points[:-1] + points[1:]) / 2
        aside = rng.uniform(-share, share, len(step))
        if calm is not None:
            aside[shapely.contains_xy(calm, middles)] = 0
        moved = np.round(middles + aside[:, None] * np.column_stack([-step[:, 1], step[:, 0]]), 2)
        points = np.concatenate([np.stack([points[:-1], moved], axis=1).reshape(-1, 2), points[-1:]])
    return points


def join(points: Coords, lines: Sequence[LineString], *, within_m: float) -> Coords:
    """The points with each end moved onto the nearest line, where that is near enough."""
    joined = points.copy()
    for end in (0, -1):
        away, line = min((line.distance(Point(points[end])), number) for number, line in enumerate(lines))
        if away <= within_m:
            onto = lines[line].interpolate(lines[line].project(Point(points[end])))
            joined[end] = np.round((onto.x, onto.y), 2)
    return joined


@dataclass
class Blocks:
    """The city cut into blocks: `steps[a]` lists (b, cost in dm) for neighbours, `edges` the lines between blocks."""

    faces: list[Polygon]
    edges: dict[Edge, list[int]]
    walls: dict[Edge, int]
    steps: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))


def cut_into_blocks(
    outline: Polygon, walls: Sequence[tuple[LineString, int]], rng: np.random.Generator, *, block_m: tuple[float, float]
) -> Blocks:
    """Cut `outline` by the walls (line, cost in metres of crossing it), then into blocks of about `block_m`.

    Between two walls the blocks follow the longer side of the land there, as courtyards and gardens do.
    """
    lines = [line for line, _ in walls]
    network = shapely.unary_union([outline.exterior, *lines], grid_size=0.01)
    middles = []
    for land in _inside(outline, network):
        side = min(max(math.sqrt(land.area) / 6, block_m[0]), block_m[1])
        middles.append(_grid(land, side, rng))
    fine = shapely.voronoi_polygons(MultiPoint(np.concatenate(middles)), extend_to=outline, only_edges=True)
    faces = _inside(outline, shapely.unary_union([network, fine], grid_size=0.01))

    edges: dict[Edge, list[int]] = defaultdict(list)
    for number, face in enumerate(faces):
        ring = [(round(x * 100), round(y * 100)) for x, y in face.exterior.coords]
        for start, end in itertools.pairwise(ring):
            edges[min(start, end), max(start, end)].append(number)
    keys = list(edges)
    middle_of = shapely.points([((a[0] + b[0]) / 200, (a[1] + b[1]) / 200) for a, b in keys])
    near = shapely.STRtree(lines).query(middle_of, predicate="dwithin", distance=0.05)
    blocks = Blocks(faces, edges, {})
    for edge, line in near.T.tolist():
        blocks.walls[keys[edge]] = max(walls[line][1], blocks.walls.get(keys[edge], 0))
    centres = [face.centroid for face in faces]
    for key, sides in edges.items():
        if len(sides) == 2:
            one, other = sides
            cost = round(10 * centres[one].distance(centres[other])) + 10 * blocks.walls.get(key, 0)
            blocks.steps[one].append((other, cost))
            blocks.steps[other].append((one, cost))
    return blocks


def _inside(outline: Polygon, network: BaseGeometry) -> list[Polygon]:
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    inner = faces[shapely.covers(outline, shapely.point_on_surface(faces))]
    return list(shapely.normalize(inner)[np.lexsort((shapely.bounds(inner)[:, 1], shapely.bounds(inner)[:, 0]))])


def _grid(land: Polygon, side: float, rng: np.random.Generator) -> Coords:
    box = np.array(land.minimum_rotated_rectangle.exterior.coords)
    along = max(box[1] - box[0], box[2] - box[1], key=lambda edge: float(np.hypot(*edge)))
    along = along / np.hypot(*along)
    turn = np.array([along, (-along[1], along[0])])
    reach = math.hypot(*(box.max(axis=0) - box.min(axis=0))) / 2 + side
    ticks = np.arange(-reach, reach, side)
    raster = np.array([(x, y * 0.8) for x in ticks for y in ticks])
    raster += rng.uniform(-0.16, 0.16, raster.shape) * side
    points = np.round(raster @ turn + box[:4].mean(axis=0), 2)
    kept: Coords = points[shapely.contains_xy(land, points)]
    return kept if len(kept) else np.array(land.point_on_surface().coords)


def grow(blocks: Blocks, seeds: Sequence[Point], reach_m: Sequence[int]) -> list[int]:
    """The district of every block: whose seed is nearest, walls counted, each seed `reach_m` ahead or behind."""
    tree = shapely.STRtree(blocks.faces)
    owner = [-1] * len(blocks.faces)
    queue = []
    for number, seed in enumerate(seeds):
        queue.append((-10 * reach_m[number], number, int(tree.query_nearest(seed)[0])))
    heapq.heapify(queue)
    while queue:
        cost, number, block = heapq.heappop(queue)
        if owner[block] < 0:
            owner[block] = number
            for neighbour, step in blocks.steps[block]:
                if owner[neighbour] < 0:
                    heapq.heappush(queue, (cost + step, number, neighbour))
    for _ in range(6):
        _straighten(blocks, owner)
    return owner


def _straighten(blocks: Blocks, owner: list[int]) -> None:
    """Hand a block to the neighbour it shares most of its open sides with (a side on a wall counts little)."""
    ties: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (start, end), sides in blocks.edges.items():
        if len(sides) == 2:
            length = math.dist(start, end) * (0.15 if (start, end) in blocks.walls else 1)
            ties[sides[0]][sides[1]] += length
            ties[sides[1]][sides[0]] += length
    for block in range(len(owner)):
        votes: dict[int, float] = defaultdict(float)
        for neighbour, length in ties[block].items():
            votes[owner[neighbour]] += length
        best = max(votes, key=lambda number: (votes[number], -number))
        if votes[best] > 1.2 * votes[owner[block]]:
            owner[block] = best


def borders(blocks: Blocks, owner: Sequence[int]) -> list[LineString]:
    """The lines between districts and around the city, each drawn once: exact on streets, eased elsewhere."""
    kinds: dict[Edge, str] = {}
    for key, sides in blocks.edges.items():
        if len(sides) == 1:
            kinds[key] = "outline"
        elif owner[sides[0]] != owner[sides[1]]:
            kinds[key] = "wall" if key in blocks.walls else "free"
    star: dict[Node, list[Edge]] = defaultdict(list)
    for key in kinds:
        star[key[0]].append(key)
        star[key[1]].append(key)
    knots = {node for node, keys in star.items() if len(keys) != 2 or kinds[keys[0]] != kinds[keys[1]]}
    lines: list[LineString] = []
    seen: set[Edge] = set()
    for knot in sorted(knots):
        for first in sorted(star[knot]):
            if first not in seen:
                path = _walk(first, knot, star, knots, seen)
                line = LineString([(x / 100, y / 100) for x, y in path])
                lines.append(_eased(line) if kinds[first] == "free" else line.simplify(2))
    return lines


def _walk(edge: Edge, start: Node, star: dict[Node, list[Edge]], knots: set[Node], seen: set[Edge]) -> list[Node]:
    """The nodes from `start` along `edge` to the next knot; the edges walked are added to `seen`."""
    path = [start]
    while True:
        seen.add(edge)
        path.append(edge[1] if path[-1] == edge[0] else edge[0])
        if path[-1] in knots:
            return path
        edge = next(other for other in star[path[-1]] if other not in seen)


def _eased(line: LineString) -> LineString:
    """A line across open land: the longer it runs the fewer its bends, their corners cut once (Chaikin)."""
    corners = np.array(line.simplify(min(max(line.length / 14, 30), 95)).coords)
    if len(corners) < 3:
        return LineString(corners)
    cut = np.empty((2 * (len(corners) - 2), 2))
    cut[0::2] = 0.25 * corners[:-2] + 0.75 * corners[1:-1]
    cut[1::2] = 0.75 * corners[1:-1] + 0.25 * corners[2:]
    return LineString(np.round(np.concatenate([corners[:1], cut, corners[-1:]]), 2))


def coverage(lines: Iterable[LineString], seeds: Sequence[Point]) -> list[Polygon]:
    """One polygon for each seed, noded on the grid of six decimals of a degree, so shared borders are identical.

    Raises `CannotDraw` where a seed has no polygon of its own or a polygon has no seed.
    """
    network = shapely.unary_union(list(lines), grid_size=DEGREES)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    faces = shapely.normalize(shapely.transform(faces, lambda xy: np.round(xy, 6)))
    at = shapely.STRtree(faces).query(np.array(seeds), predicate="within")
    if len(faces) != len(seeds) or sorted(at[1].tolist()) != list(range(len(faces))):
        where = [f"{p.x:.4f} {p.y:.4f} ({f.area * 1e10:.0f})" for f in faces for p in [f.representative_point()]]
        raise CannotDraw(f"{len(faces)} polygons for {len(seeds)} districts: {'; '.join(where)}")
    drawn = [faces[face] for _, face in sorted(at.T.tolist())]
    if not shapely.coverage_is_valid(drawn):
        raise CannotDraw("the districts overlap or leave holes")
    return drawn
