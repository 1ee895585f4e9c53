"""A house is brought in while its street is deleted, each on a connection of its own: no house is left without one."""

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from geo.models import City, House, Street
from tests.connections import Begin

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def street() -> Street:
    city = City.objects.create(slug="ternopil", name_uk="Тернопіль", stage="pilot")
    return Street.objects.create(city=city, name_uk="вулиця Руська")


def add_house(street: Street) -> None:
    House.objects.create(street_id=street.pk, number="1", location=Point(25.59, 49.55, srid=4326))


def delete_alone(street: Street) -> None:
    """Without its houses: those that Django knows of it would delete first."""
    Street.objects.filter(pk=street.pk)._raw_delete("default")


def test_street_is_not_deleted_from_under_a_house_that_is_just_brought_in(street: Street, begin: Begin) -> None:
    with transaction.atomic():
        add_house(street)
        deletion = begin(lambda: delete_alone(street))
        assert not deletion.done()
    with pytest.raises(IntegrityError, match="on a street"):
        deletion.result(10)
    assert House.objects.get().street == street


def test_house_is_not_brought_into_a_street_that_is_just_deleted(street: Street, begin: Begin) -> None:
    with transaction.atomic():
        delete_alone(street)
        addition = begin(lambda: add_house(street))
        assert not addition.done()
    with pytest.raises(IntegrityError, match="on a street"):
        addition.result(10)
    assert not House.objects.exists()
