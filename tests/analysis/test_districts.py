"""Districts as an edition draws them are held in the process, and what is counted in them follows the houses."""

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.districts import addresses_within, districts_read, drawn, holding
from analysis.grids import LiveGrid
from geo.models import DistrictBoundary, House
from tests.analysis.letters import give_houses
from tests.appeals.conftest import Office
from tests.world import NOON


def test_districts_that_share_a_shape_are_told_that_with_most_of_it_first(office: Office) -> None:
    districts, world = drawn(DistrictBoundary.objects.in_force_at(NOON)), office.world

    def told(*box: float) -> list[int]:
        return [each.district for each in holding(shapely.box(*box), districts)]

    assert told(25.008, 49.992, 25.011, 49.994) == [world.north.pk, world.mid.pk]
    assert told(25.002, 49.992, 25.010, 49.994) == [world.north.pk]  # it only touches the other
    assert told(25.002, 49.992, 25.01001, 49.994) == [world.north.pk]  # rounded
    assert told(1, 1, 2, 2) == []
    halves = shapely.box(25.009, 49.992, 25.011, 49.994)
    assert set(holding(halves, districts)) == set(holding(halves, districts[::-1]))


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
