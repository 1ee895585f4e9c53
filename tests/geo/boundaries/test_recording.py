"""Border pieces are the whole border, in short lines; what the map draws leaves no gap."""

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given
from hypothesis import strategies as st

from geo.boundaries.recording import PIECE_VERTICES, border_pieces
from geo.boundaries.simplification import BANDS, simplify_coverage


def circle(vertices: int, radius: float = 1.0) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    return shapely.Polygon(np.column_stack([radius * np.cos(angles), radius * np.sin(angles)]))


@given(outer=st.integers(3, 200), inner=st.integers(3, 100), parts=st.integers(1, 3))
def test_pieces_together_are_the_whole_border_and_none_is_long(outer: int, inner: int, parts: int) -> None:
    ring = shapely.Polygon(circle(outer).exterior, [circle(inner, 0.2).exterior])
    whole = shapely.MultiPolygon([shapely.affinity.translate(ring, 3 * n) for n in range(parts)])
    pieces = border_pieces(whole)
    assert shapely.get_num_coordinates(pieces).max() <= PIECE_VERTICES
    assert shapely.get_num_coordinates(pieces).min() >= 2
    assert shapely.length(pieces).sum() == pytest.approx(whole.length, rel=1e-12)
    assert shapely.equals(shapely.union_all(pieces), whole.boundary)


def test_every_band_of_the_map_is_a_coverage_without_new_gaps() -> None:
    wiggle = np.column_stack([25.01 + 0.0004 * np.sin(np.linspace(0, 60, 400)), np.linspace(49.99, 50.0, 400)])
    left = shapely.Polygon([(25.0, 49.99), *wiggle, (25.0, 50.0)])
    right = shapely.Polygon([(25.02, 50.0), *wiggle[::-1], (25.02, 49.99)])
    vertices = []
    for drawn in simplify_coverage(np.array([left, right], dtype=object)):
        assert shapely.coverage_is_valid(drawn)
        assert len(shapely.union_all(drawn).interiors) == 0
        vertices.append(int(shapely.get_num_coordinates(drawn).sum()))
    assert len(vertices) == len(BANDS)
    assert vertices == sorted(vertices, reverse=True)
    assert vertices[0] > 2 * vertices[-1]
