"""The API's district equals shapely's answer: random points, shared edges and vertices of real police districts."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.test import Client
from django.utils import timezone

from geo.boundaries.activation import activate_edition
from geo.boundaries.importing import ImportOptions, check_file, commit_boundaries
from geo.cities import add_city
from geo.models import City, DistrictBoundary

SETS = {
    "chicago": ("boundaries/chicago_police_beats_2012.geojson", ImportOptions("BEAT_NUM", merge_same_code=True)),
    "london": ("boundaries/london_wards.zip", ImportOptions()),
    "nyc": ("boundaries/nypd_sector.json", ImportOptions(repair_m=1.0)),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    "points", [pytest.param(300, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.prove)]
)
def test_every_point_gets_the_district_that_shapely_names(
    db: None, client: Client, shared_data: Path, settings, name: str, points: int
) -> None:
    settings.PUBLIC_API_RATE_PER_MINUTE = 0
    file, options = SETS[name]
    now = timezone.now()
    city = add_city(slug=name, name_uk=name, stage=City.Stage.OPEN)
    edition = commit_boundaries(check_file(city, shared_data / file, options, now=now), by="tests", now=now)
    # NYPD's hair overlaps are accepted here: the tie rule answers them
    edition.errors = 0
    edition.save()
    activate_edition(edition, by="tests", now=now)
    rows = DistrictBoundary.objects.filter(edition=edition).values_list("district__code", "boundary")
    codes, shapes = zip(*((code, shapely.from_wkb(bytes(shape.wkb))) for code, shape in rows), strict=True)
    tree = shapely.STRtree(shapes)
    for kind, places in chosen_points(np.array(shapes, dtype=object), points).items():
        hits: list[set[str]] = [set() for _ in places]
        for place, shape in tree.query(shapely.points(places), predicate="covered_by").T:
            hits[place].add(codes[shape])
        inside = 0
        for (lon, lat), covering in zip(places, hits, strict=True):
            response = client.get("/api/v1/lookup/", {"lat": repr(float(lat)), "lon": repr(float(lon)), "city": name})
            if covering:
                assert response.status_code == 200, (kind, lon, lat, covering)
                assert response.json()["district"]["code"] == min(covering, key=str.encode), (kind, lon, lat)
                inside += 1
            else:
                assert (response.status_code, response.json()["nearest"] is not None) == (404, True)
        assert inside > 0.2 * len(places)
        if kind == "vertex":
            assert any(len(covering) > 1 for covering in hits)


def chosen_points(shapes: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Random points of the bounding box, points on edges of polygons, and their vertices, as (lon, lat)."""
    random = np.random.default_rng(20261123)
    west, south, east, north = shapely.total_bounds(shapes)
    anywhere = random.uniform((west, south), (east, north), size=(count, 2))
    vertices = shapely.get_coordinates(shapes)
    chosen = random.choice(len(vertices) - 1, size=count // 10, replace=False)
    share = random.uniform(0, 1, size=(len(chosen), 1))
    near = np.hypot(*(vertices[chosen + 1] - vertices[chosen]).T) < 0.01  # not from one ring to the next
    on_edges = (vertices[chosen] + share * (vertices[chosen + 1] - vertices[chosen]))[near]
    return {"random": anywhere, "edge": on_edges, "vertex": vertices[chosen]}


def test_the_lookup_is_the_same_through_every_address_of_the_answer(
    db: None, client: Client, shared_data: Path
) -> None:
    now = timezone.now()
    city = add_city(slug="nottingham", name_uk="nottingham", stage=City.Stage.OPEN)
    checked = check_file(city, shared_data / "boundaries/nottingham_wards.gpkg", ImportOptions(), now=now)
    commit_boundaries(checked, by="tests", now=now, activate=True)
    drawn = {
        feature["id"] for feature in json.loads(client.get("/api/v1/districts/?city=nottingham").content)["features"]
    }
    answer = client.get("/api/v1/lookup/?lat=52.9548&lon=-1.1581").json()
    assert answer["district"]["code"] in drawn
