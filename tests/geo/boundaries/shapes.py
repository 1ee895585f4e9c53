"""A small city of squares in Ternopil, drawn in metres (UTM 35N), for the tests of boundaries."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.boundaries.features import SourceFeature

UTM = "EPSG:32635"
WEST, SOUTH = 400_000.0, 5_490_000.0


def cell(west_m: float, south_m: float, east_m: float, north_m: float) -> BaseGeometry:
    """A rectangle in metres from the city's corner."""
    return shapely.box(WEST + west_m, SOUTH + south_m, WEST + east_m, SOUTH + north_m)


def outline(*corners: tuple[float, float]) -> BaseGeometry:
    """A polygon with its corners in metres from the city's corner."""
    return shapely.Polygon([(WEST + x, SOUTH + y) for x, y in corners])


def district(code: str, geometry: BaseGeometry, **facts: object) -> SourceFeature:
    return SourceFeature(code, f"District {code}", geometry, **facts)  # type: ignore[arg-type]


def districts(*geometries: BaseGeometry) -> list[SourceFeature]:
    """Districts A, B, C … of these shapes."""
    return [district(chr(65 + number), shape, row=number + 1) for number, shape in enumerate(geometries)]


def grid(corners: np.ndarray) -> list[SourceFeature]:
    """Districts between the corners of a grid, an array of shape (rows + 1, columns + 1, 2), metres."""
    cells = []
    for row in range(len(corners) - 1):
        for column in range(len(corners[0]) - 1):
            ring = [
                corners[row, column],
                corners[row, column + 1],
                corners[row + 1, column + 1],
                corners[row + 1, column],
            ]
            cells.append(district(f"{row}-{column}", shapely.Polygon(ring)))
    return cells


def even_corners(rows: int, columns: int, side_m: float = 500.0) -> np.ndarray:
    """Corners of a grid of squares, in metres of UTM 35N."""
    x, y = np.meshgrid(WEST + side_m * np.arange(columns + 1), SOUTH + side_m * np.arange(rows + 1))
    return np.stack([x, y], axis=-1)
