"""Answers that are made of all houses of a city stand until something changes."""

import pytest

from geo.models import City, House, Street
from geo.territories.standing import as_it_stands
from tests.world import NOON, World, build_world


def version(city: City) -> int:
    return City.objects.values_list("gazetteer_version", flat=True).get(pk=city.pk)


def test_every_change_of_a_house_counts_up_the_version_of_its_city_alone(db: None) -> None:
    world, other = build_world("odne"), build_world("inshe", west=27.0)
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    before, others = version(world.city), version(other.city)
    house = House.objects.create(street=street, number="1", location=world.in_north)
    House.objects.filter(pk=house.pk).update(location=world.in_mid)
    house.delete()
    assert version(world.city) == before + 3
    assert version(other.city) == others


def answers(world: World) -> list[int]:
    """Ask twice, and tell how many houses there were each time somebody counted."""
    made: list[int] = []

    def count() -> int:
        made.append(House.objects.filter(street__city=world.city).count())
        return made[-1]

    told = [as_it_stands("houses", world.city, NOON, count) for _ in range(2)]
    assert told == [House.objects.filter(street__city=world.city).count()] * 2
    return made


@pytest.mark.django_db(transaction=True)
def test_answer_stands_until_a_house_comes() -> None:
    world = build_world("stoit")
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    House.objects.create(street=street, number="1", location=world.in_north)
    assert answers(world) == [1]
    assert answers(world) == []
    House.objects.create(street=street, number="2", location=world.in_north)
    assert answers(world) == [2]


def test_within_a_transaction_every_answer_is_made_anew(db: None) -> None:
    world = build_world("chekaie")
    assert answers(world) == [0, 0]
