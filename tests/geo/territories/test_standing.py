"""Answers that are made of all houses of a city stand until something changes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from geo.models import City, House, Street
from geo.territories.standing import as_it_stands
from tests.world import NOON, World, build_world


def versions(city: City) -> tuple[int, int]:
    """How often names, and houses, have changed."""
    return City.objects.values_list("gazetteer_version", "houses_version").get(pk=city.pk)


def test_every_change_of_a_house_counts_up_the_houses_of_its_city_alone(db: None) -> None:
    world, other = build_world("odne"), build_world("inshe", west=27.0)
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    (names, houses), others = versions(world.city), versions(other.city)
    house = House.objects.create(street=street, number="1", location=world.in_north)
    House.objects.filter(pk=house.pk).update(location=world.in_mid)
    house.delete()
    assert versions(world.city) == (names, houses + 3)
    assert versions(other.city) == others


def test_what_goes_to_another_city_changes_both(db: None) -> None:
    world, other = build_world("odne"), build_world("inshe", west=27.0)
    street = Street.objects.create(city=world.city, name_uk="вулиця Перша")
    theirs = Street.objects.create(city=other.city, name_uk="вулиця Друга")
    house = House.objects.create(street=street, number="1", location=world.in_north)
    before = [versions(each.city) for each in (world, other)]
    House.objects.filter(pk=house.pk).update(street=theirs)
    assert [versions(each.city) for each in (world, other)] == [(names, houses + 1) for names, houses in before]
    Street.objects.filter(pk=street.pk).update(city=other.city)
    assert [versions(each.city) for each in (world, other)] == [(names + 1, houses + 1) for names, houses in before]


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


@pytest.mark.django_db(transaction=True)
def test_one_question_does_not_wait_for_the_answer_to_another() -> None:
    city = build_world("povilne").city

    def quick() -> str:
        try:
            return as_it_stands("quick", city, NOON, lambda: "quick")
        finally:
            connection.close()

    with ThreadPoolExecutor() as others:
        told = as_it_stands("slow", city, NOON, lambda: others.submit(quick).result(timeout=10))
    assert told == "quick"


def test_within_a_transaction_every_answer_is_made_anew(db: None) -> None:
    world = build_world("chekaie")
    assert answers(world) == [0, 0]
