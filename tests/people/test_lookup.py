"""Who serves this place: the whole answer, at edges, near borders, on leave, vacant, outside, and in the past."""

import datetime

import pytest
from django.utils import timezone, translation

from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import City
from people.lookup import OutsideServedArea, UnknownDistrict, district_answer, lookup_point
from tests.world import NOON, World, build_world, square


def ask(world: World, name: str, **kwargs: object):
    point = getattr(world, name)
    return lookup_point(lon=point.x, lat=point.y, at=NOON, **kwargs)


def test_point_inside_gets_its_district_and_main_officer(world: World) -> None:
    answer = ask(world, "in_north")
    assert (answer.city_slug, answer.district.code) == ("kvadraty", "1")
    [officer] = answer.district.officers
    assert (officer.name, officer.role, officer.phone) == ("Тестовий Офіцер 1", "main", "+380443000201")
    assert officer.station.name == "Станція"
    assert (answer.border.distance_m, answer.border.neighbours, answer.rule) == (None, (), "polygon")


def test_point_on_shared_edge_goes_to_one_district(world: World) -> None:
    answer = ask(world, "on_shared_edge")
    assert answer.district.code == "1"
    assert [n.district.code for n in answer.border.neighbours] == ["2"]
    assert answer.border.distance_m == 0


def test_place_near_a_border_names_the_neighbour_and_its_officer(world: World) -> None:
    answer = lookup_point(lon=25.0098, lat=49.995, at=NOON)
    assert answer.district.code == "1"
    assert answer.border.distance_m == pytest.approx(14.3, abs=0.3)
    [neighbour] = answer.border.neighbours
    assert (neighbour.district.code, neighbour.distance_m) == ("2", answer.border.distance_m)
    assert neighbour.district.officers[0].name == "Тестовий Офіцер 3"


def test_between_30_and_50_metres_the_distance_is_told_but_no_neighbour(world: World) -> None:
    answer = lookup_point(lon=25.0094, lat=49.995, at=NOON)
    assert 30 < answer.border.distance_m < 50
    assert answer.border.neighbours == ()


def test_on_leave_the_acting_officer_answers_and_is_called_so(world: World) -> None:
    district = ask(world, "in_mid").district
    assert [(o.name, o.role) for o in district.officers] == [("Тестовий Офіцер 3", "acting")]
    assert [o.name for o in district.away] == ["Тестовий Офіцер 2"]


def test_on_leave_with_nobody_acting_the_duty_station_answers(world: World) -> None:
    world.acting.postings.all().delete()
    district = ask(world, "in_mid").district
    assert district.officers == ()
    assert [o.name for o in district.away] == ["Тестовий Офіцер 2"]
    assert district.duty.phone == "+380443000101"


def test_vacant_district_still_says_whom_to_call(world: World) -> None:
    district = ask(world, "in_south").district
    assert (district.officers, district.away) == ((), ())
    assert district.duty.name == "Станція"


def test_a_place_far_from_the_city_asked_is_told_of_the_city_that_serves_it(world: World) -> None:
    far = build_world("daleki", west=30.0)
    with pytest.raises(OutsideServedArea) as outside:
        lookup_point(lon=30.005, lat=49.995, at=NOON, city="kvadraty")
    assert outside.value.nearest
    assert (outside.value.nearest.city_slug, outside.value.nearest.distance_m) == (far.city.slug, 0)
    with pytest.raises(OutsideServedArea) as nowhere:
        lookup_point(lon=27.5, lat=49.995, at=NOON, city="kvadraty")
    assert nowhere.value.nearest is None  # 178 km: nobody there knows who serves it


def test_outside_says_the_nearest_district_and_how_far(world: World) -> None:
    with pytest.raises(OutsideServedArea) as outside:
        ask(world, "outside")
    assert outside.value.nearest.code == "3"
    assert outside.value.nearest.distance_m == pytest.approx(717, abs=3)


@pytest.mark.parametrize("stage", ["draft", "training", "closed"])
def test_cities_that_are_not_served_are_not_looked_up(world: World, stage: str) -> None:
    City.objects.filter(pk=world.city.pk).update(stage=stage)
    with pytest.raises(OutsideServedArea) as outside:
        ask(world, "in_north")
    assert outside.value.nearest is None


def test_training_city_answers_on_its_own_page_only(world: World) -> None:
    build_world(slug="navchannia", stage="training")
    assert ask(world, "in_north").city_slug == "kvadraty"
    assert ask(world, "in_north", city="navchannia", stages=["training"]).city_slug == "navchannia"


def test_a_day_in_the_past_is_answered_by_the_edition_of_that_day(world: World) -> None:
    now = timezone.now()
    later = now + datetime.timedelta(days=10)
    swapped = record_edition(
        city=world.city,
        districts=[
            DrawnDistrict("2", "", square(25.0, 49.99)),
            DrawnDistrict("1", "", square(25.01, 49.99)),
        ],
        source="tests", recorded_at=now, recorded_by="tests",
    )  # fmt: skip
    activate_edition(swapped, by="tests", now=now, starts_at=later)
    point = world.in_north
    assert lookup_point(lon=point.x, lat=point.y, at=later - datetime.timedelta(seconds=1)).district.code == "1"
    assert lookup_point(lon=point.x, lat=point.y, at=later).district.code == "2"


def test_names_follow_the_language(world: World) -> None:
    with translation.override("en"):
        district = ask(world, "in_north").district
    assert (district.name, district.officers[0].rank) == ("North", "police captain")


def test_district_page_answers_without_a_point(world: World) -> None:
    answer = district_answer(city=world.city, code="2", at=NOON)
    assert (answer.district.name, answer.border.distance_m) == ("Середня", None)
    with pytest.raises(UnknownDistrict):
        district_answer(city=world.city, code="99", at=NOON)
