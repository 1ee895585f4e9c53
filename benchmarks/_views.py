"""A view of the heatmap as ours, as a tile of points and as a grid of hexagons: the SQL of each, and what it takes.

The peers have what a server of tiles would want: points in the map's own projection, with a spatial index and one of
topic and day. What they draw is not even fetched. Ours counts; "drawn" is the statement that also writes each square as
GeoJSON, as the map is sent it.
"""

import datetime
import math
import statistics
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg

from benchmarks._region import CENTRE, SUPERVISOR, Region
from geo.cells import Bounds, bounds_of, encode, tile_of

TOPICS = "noise", "drinking-drugs", "traffic"
DAYS = 90
TILES = {"quarter": 14, "city": 12, "region": 9}
"""The zoom of the tile that is looked at."""
DEEPER, CELLS = 4, 256
"""A tile has 16 x 16 cells, four levels deeper."""
MOMENT = 0.1
"""Seconds."""

TILE = """
SELECT octet_length(ST_AsMVT(tile, 'letters')) FROM (
    SELECT category_id, ST_AsMVTGeom(place, {box}) AS geom FROM {points} WHERE place && {box} {filters}
) AS tile
"""
POINTS = "SELECT count(*) FROM {points} WHERE ST_Intersects(place, {box}) {filters}"
"""Exact, where && alone takes what lies within a metre of the edge."""
HEXAGONS = """
SELECT hexagon.i, hexagon.j, count(*) FROM ST_HexagonGrid({edge}, {box}) AS hexagon
JOIN {points} ON ST_Intersects(place, hexagon.geom) WHERE place && {box} {filters} GROUP BY 1, 2
"""
FILTERS = "AND category_id = ANY (%s) AND day BETWEEN %s AND %s"


@dataclass
class View:
    """A tile of one region, with some topics and the last days or with everything, and what each way took, in s."""

    region: Region
    tile: str
    filtered: bool
    took: dict[str, list[float]] = field(default_factory=lambda: {"ours": [], "drawn": [], "mvt": [], "hexagons": []})

    @property
    def name(self) -> str:
        """What its figures are called."""
        return f"{self.region.slug}_{self.tile}_{'filtered' if self.filtered else 'all'}"

    def median(self, way: str) -> float:
        """The median of what a way took, in seconds."""
        return statistics.median(self.took[way])

    def times(self, peer: str) -> float:
        """How many times longer a peer takes than ours."""
        return self.median(peer) / self.median("ours")

    def forget(self) -> None:
        """Forget what it took so far."""
        for took in self.took.values():
            took.clear()

    def measure(self, connection: "psycopg.Connection[Any]") -> None:
        """Ask each way as often as fits into a moment, and once at least: one takes less than a millisecond, another a
        minute, and what is asked once after another way finds nothing in the processor's caches.

        Values are written in before, as the map's own statement has them: only the database is measured.
        """
        for way, took in self.took.items():
            statement = psycopg.ClientCursor(connection).mogrify(*self._statements[way])
            until = time.perf_counter() + MOMENT
            while (started := time.perf_counter()) < until:
                connection.execute(statement).fetchall()
                took.append(time.perf_counter() - started)

    def check(self, connection: "psycopg.Connection[Any]") -> None:
        """Exit where ours does not count each point of the tile once."""
        [points] = connection.execute(*self._statements["points"]).fetchone() or (0,)
        counted = sum(letters for _square, letters in connection.execute(*self._statements["ours"]))
        if points != counted:
            sys.exit(f"{self.name}: ours counts {counted:,} letters, there are {points:,}")

    @cached_property
    def _statements(self) -> dict[str, tuple[str, Any]]:
        from analysis.exports.sources import live_cells
        from analysis.filters import HeatFilters
        from appeals.models import Category
        from geo.models import City
        from people.models import User

        zoom, first, last = TILES[self.tile], self.region.until - datetime.timedelta(days=DAYS - 1), self.region.until
        x, y = tile_of(*CENTRE, zoom)
        box, edge = bounds_of(encode(x, y), zoom), 1e-9  # what lies on an edge belongs to the next tile
        inner = Bounds(box.west + edge, box.south + edge, box.east - edge, box.north - edge)
        everything = HeatFilters(zoom=zoom + DEEPER, box=inner)
        some = HeatFilters(categories=TOPICS, first=first, last=last, zoom=zoom + DEEPER, box=inner)
        city, supervisor = City.objects.get(slug=self.region.slug), User.objects.get(email=SUPERVISOR)
        asked = some if self.filtered else everything
        squares, drawn = asked.squares(city, supervisor), live_cells(city, supervisor, asked).as_geojson()
        side = 2 * math.pi * 6_378_137 / 2**zoom
        names = {
            "box": f"ST_TileEnvelope({zoom}, {x}, {y})",
            "points": self.region.points,
            "edge": side / math.sqrt(CELLS * 1.5 * math.sqrt(3)),
            "filters": FILTERS if self.filtered else "",
        }
        topics = list(Category.objects.filter(slug__in=TOPICS).values_list("pk", flat=True))
        values = [topics, first, last] if self.filtered else []
        return {
            "ours": squares.query.sql_with_params(),
            "drawn": (drawn.replace("%", "%%"), []),
            "points": (POINTS.format(**names), values),
            "mvt": (TILE.format(**names), values),
            "hexagons": (HEXAGONS.format(**names), values),
        }
