"""Districts as an edition draws them are held in the process, and what is counted in them follows the houses."""

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.districts import addresses_within, districts_read, drawn, holding_most_of
from analysis.grids import LiveGrid
from geo.models import DistrictBoundary, House
from tests.analysis.letters import give_houses
from tests.appeals.conftest import Office
from tests.world import NOON


def test_the_district_that_holds_most_of_a_shape_names_it(office: Office) -> None:
    districts = drawn(DistrictBoundary.objects.in_force_at(NOON))
    third_in_mid = shapely.box(25.008, 49.992, 25.011, 49.994)
    found = holding_most_of(third_in_mid, districts)
    assert found
    assert found.district == office.world.north.pk
    assert holding_most_of(shapely.box(1, 1, 2, 2), districts) is None
    on_the_edge = shapely.box(25.009, 49.992, 25.011, 49.994)
    assert holding_most_of(on_the_edge, districts) == holding_most_of(on_the_edge, districts[::-1][1:])


def test_shapes_are_read_once_and_addresses_again_when_a_house_changes(office: Office) -> None:
    give_houses(office.world, 4)
    boundaries = DistrictBoundary.objects.in_force_at(NOON)
    districts, north = drawn(boundaries), office.world.north.pk
    assert addresses_within(office.world.city, districts)[north] == 4
    with CaptureQueriesContext(connection) as asked:
        assert drawn(boundaries) == districts
        assert addresses_within(office.world.city, districts)[north] == 4
    assert not [query["sql"] for query in asked if "ST_" in query["sql"]]
    House.objects.filter(location__within=DistrictBoundary.objects.get(district=north).boundary).first().delete()  # type: ignore[union-attr]
    assert addresses_within(office.world.city, districts)[north] == 3


def test_one_reader_never_gets_the_grid_of_another(office: Office) -> None:
    city = office.world.city
    grids = [LiveGrid.of(city, user, zoom=17, at=NOON) for user in (office.supervisor, office.officer)]
    assert [len(districts_read(city, user, at=NOON)) for user in (office.supervisor, office.officer)] == [3, 1]
    assert grids[0].inside.sum() > grids[1].inside.sum() > 0
    with pytest.raises(ValueError, match="read-only"):
        grids[0].inside[0, 0] = True
