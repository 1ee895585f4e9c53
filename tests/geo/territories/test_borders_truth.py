"""How near borders drawn around addresses come to real ones, where only some addresses are known."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.boundaries.features import geometry_array, merge_same_code
from geo.boundaries.measuring import WGS84, Geometries, Measure
from geo.boundaries.reading import read_boundaries
from geo.territories.borders import Points, draw_districts


@pytest.fixture(scope="module")
def beats(shared_data: Path) -> Geometries:
    """The 275 Chicago police beats, in flat metres."""
    source = read_boundaries(shared_data / "boundaries" / "chicago_police_beats_2012.geojson")
    geometries = geometry_array(merge_same_code(source.features))
    return np.asarray(Measure.around(geometries, WGS84).to_flat(geometries))


def some_addresses(district: object, count: int, rng: np.random.Generator) -> Points:
    """Uniform random points inside a district."""
    west, south, east, north = shapely.bounds(district)
    found = np.empty((0, 2))
    while len(found) < count:
        tried = rng.uniform((west, south), (east, north), (4 * count, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(district, tried)]])
    return found[:count]


@pytest.mark.prove
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("addresses", "least"), [(60, 0.88), (120, 0.91)])
def test_borders_are_nearer_to_the_truth_than_voronoi_cells(
    beats: Geometries, addresses: int, least: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    points = np.concatenate([some_addresses(beat, addresses, rng) for beat in beats])
    owners = np.repeat(np.arange(len(beats)), addresses)
    city = shapely.coverage_union_all(beats)
    drawn = draw_districts(points, owners, city)
    assert shapely.coverage_is_valid(drawn)
    assert shapely.covers(drawn[owners], shapely.points(points)).all()
    assert shapely.coverage_union_all(drawn).symmetric_difference(city).area < 1
    shared, whole = shapely.area(shapely.intersection(drawn, beats)), shapely.area(shapely.union(drawn, beats))
    mean = float((shared / whole).mean())
    print(f"{addresses} addresses, seed {seed}: mean IoU {mean:.4f}")
    assert mean >= least
