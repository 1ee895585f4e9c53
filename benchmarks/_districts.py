"""A seeded city of many districts: a grid whose cells share wiggly borders of 50 to 250 vertices a side."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Side = NDArray[np.float64]
WEST, SOUTH, CELL = 24.0, 49.0, 0.02
"""South-western corner and the width of a cell, in degrees."""


def _side(random: np.random.Generator, start: tuple[float, float], end: tuple[float, float]) -> Side:
    """A wiggly line between two corners of the grid; both neighbours use the same one."""
    count = int(random.integers(50, 251))
    along = np.linspace(0, 1, count)
    line = np.outer(1 - along, start) + np.outer(along, end)
    wiggle = np.cumsum(random.normal(0, 1, count))
    wiggle -= wiggle[0] + along * (wiggle[-1] - wiggle[0])
    wiggle *= 0.1 * CELL / max(np.abs(wiggle).max(), 1e-9)
    wedge = 0.9 * CELL * np.minimum(along, 1 - along)  # inside 45 degrees of either corner sides cannot cross
    wiggle = np.clip(wiggle, -wedge, wedge)
    line[:, 0 if start[0] == end[0] else 1] += wiggle
    return np.round(line, 7)


def cells(columns: int = 100, rows: int = 50, seed: int = 20261123) -> Iterator[tuple[str, Side]]:
    """Yield (code, closed ring in degrees) of every cell; the rings share their borders vertex by vertex."""
    random = np.random.default_rng(seed)

    def corner(column: int, row: int) -> tuple[float, float]:
        return round(WEST + column * CELL, 7), round(SOUTH + row * CELL, 7)

    across = {(c, r): _side(random, corner(c, r), corner(c + 1, r)) for c in range(columns) for r in range(rows + 1)}
    up = {(c, r): _side(random, corner(c, r), corner(c, r + 1)) for c in range(columns + 1) for r in range(rows)}
    for row in range(rows):
        for column in range(columns):
            ring = np.concatenate(
                [
                    across[column, row][:-1],
                    up[column + 1, row][:-1],
                    across[column, row + 1][::-1][:-1],
                    up[column, row][::-1],
                ]
            )
            yield f"{row * columns + column + 1:05d}", ring


def write_geojson(path: Path, columns: int = 100, rows: int = 50) -> int:
    """Write the districts as GeoJSON and return how many vertices they have."""
    vertices = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for number, (code, ring) in enumerate(cells(columns, rows)):
            vertices += len(ring)
            feature = {
                "type": "Feature",
                "properties": {"code": code, "name": f"Дільниця {code}"},
                "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
            }
            file.write(("," if number else "") + json.dumps(feature, ensure_ascii=False) + "\n")
        file.write("]}\n")
    return vertices
