"""Prepared querysets: they answer as Django's own do, and are put into SQL and planned once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import NotSupportedError, connection, transaction
from django.db.models import Count, Q

from geo.models import City, District, DoorCount
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given
from tests.world import World, build_world

OF_CITY = PreparedQuery(
    lambda: District.objects.filter(city=given("city", "bigint")).select_related("city").defer("city__outline")
)


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%\"geo_district\"%'")
        [count] = cursor.fetchone()
    return int(count)


@pytest.fixture
def elsewhere(db: None) -> World:
    return build_world("inshe", west=26.0)


def test_rows_are_those_of_the_queryset_in_its_order(world: World, elsewhere: World) -> None:
    for city in (world.city, elsewhere.city):
        assert OF_CITY.rows(city=city.pk) == list(District.objects.filter(city=city))
    assert OF_CITY.rows(city=0) == []


def test_what_goes_along_is_not_asked_for_again(
    world: World, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    with django_assert_num_queries(1):
        first, *_ = OF_CITY.rows(city=world.city.pk)
        assert first.city == world.city
    assert "outline" in first.city.get_deferred_fields()


def test_statement_is_planned_once_a_connection(world: World) -> None:
    before = prepared()
    query = PreparedQuery(lambda: District.objects.filter(city=given("city", "bigint"), code="1"))
    for _ in range(3):
        assert [each.code for each in query.rows(city=world.city.pk)] == ["1"]
    assert prepared() == before + 1


def test_lists_constants_and_columns_alone(world: World, elsewhere: World) -> None:
    query = PreparedQuery(
        lambda: (
            City.objects.filter(
                Q(pk__in=each_given("keys", "bigint")) | Q(name_uk__contains="100 %"),
                stage=City.Stage.PILOT,
                districts__code__in=["1", "2"],
            )
            .order_by("slug")
            .values_list("slug")
            .annotate(districts=Count("pk"))
        )
    )
    keys = [world.city.pk, elsewhere.city.pk]
    assert query.rows(keys=keys) == [("inshe", 2), (world.city.slug, 2)]
    assert query.rows(keys=keys[:1]) == [(world.city.slug, 2)]
    assert query.rows(keys=[]) == []


def test_several_are_asked_in_one_trip_and_told_apart(world: World, elsewhere: World) -> None:
    cities = (world.city, elsewhere.city)
    answers = answers_of(*(OF_CITY.asked(city=city.pk) for city in cities))
    assert [{each.city for each in rows} for rows in answers] == [{city} for city in cities]


@pytest.mark.django_db(transaction=True)
def test_statement_whose_column_got_another_type_is_prepared_anew() -> None:
    """A site that stays up while a migration widens a column goes on: at most one page a connection fails."""
    query = PreparedQuery(lambda: DoorCount.objects.filter(window=given("window", "bigint")))
    assert query.rows(window=1) == []
    try:
        widen_door(21)
        assert query.rows(window=1) == []
        widen_door(22)
        with pytest.raises(NotSupportedError), transaction.atomic():
            City.objects.exists()
            query.rows(window=1)
        assert query.rows(window=1) == []
    finally:
        widen_door(20)


def widen_door(length: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE geo_doorcount ALTER COLUMN door TYPE varchar({length})")


def test_a_question_keeps_no_connection_of_the_thread_that_asked_first(world: World) -> None:
    query = PreparedQuery(lambda: District.objects.filter(city=given("city", "bigint")))
    assert query.rows(city=world.city.pk)
    assert query._compiled.compiler.connection is None
