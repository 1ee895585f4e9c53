"""How large places are: as measured on the ground, and as many addresses as lie in them."""

import pytest

from analysis.closing import close_due
from analysis.districts import drawn
from analysis.models import Release
from analysis.sizes import grounds_of, km2_by_area
from geo.models import DistrictBoundary
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_closing import LATE
from tests.appeals.conftest import Office
from tests.world import NOON, settle

SQUARE_KM2 = 0.797
"""0.01 degrees a side at 49.995 N: 1.1125 km by 0.7167 km."""


def test_districts_are_measured_on_the_ground(office: Office) -> None:
    give_houses(office.world, 20)
    settle(office.world.mid, 5000)
    districts = drawn(DistrictBoundary.objects.in_force_at(NOON))
    grounds = grounds_of(office.world.city, districts)
    assert [ground.code for ground in grounds] == ["1", "2", "3"]
    assert [ground.addresses for ground in grounds] == [20, 20, 20]
    assert [ground.residents for ground in grounds] == [None, 5000, None]
    assert all(ground.km2 == pytest.approx(SQUARE_KM2, rel=0.01) for ground in grounds)
    given = grounds_of(office.world.city, districts, {"2": 7})
    assert [ground.addresses for ground in given] == [0, 7, 0]
    assert grounds_of(office.world.city, drawn(DistrictBoundary.objects.none())) == []


def test_areas_share_out_their_district(office: Office) -> None:
    give_houses(office.world, 60)
    accepted(office, [Sent()])
    close_due(now=LATE)
    release = Release.objects.filter(kind="ordinary").first()
    assert release is not None
    areas = km2_by_area(release.plan)
    for code in "123":
        told = [km2 for name, km2 in areas.items() if name.startswith(f"{code}-")]
        assert len(told) > 1
        assert sum(told) == pytest.approx(SQUARE_KM2, rel=0.01)
    assert km2_by_area(None) == {}
