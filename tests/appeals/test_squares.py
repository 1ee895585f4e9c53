"""The squares by which letters near one another are found leave none of them out."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import FloatField, Func, Value
from django.db.models.functions import Cast
from hypothesis import given
from hypothesis import strategies as st

from appeals.access import as_staff
from appeals.models import Appeal
from appeals.squares import square_of, squares_around
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter

lons, lats = st.floats(-179.99, 179.99), st.floats(-60, 60)
WITHIN_M = 250


@pytest.mark.django_db
@given(lon=lons, lat=lats, metres=st.floats(0, WITHIN_M), azimuth=st.floats(0, 6.283))
def test_every_place_within_a_circle_lies_in_a_square_around_it(
    lon: float, lat: float, metres: float, azimuth: float
) -> None:
    place = Cast(Value(Point(lon, lat, srid=4326), PointField(srid=4326)), PointField(srid=4326, geography=True))
    moved = Func(place, Value(metres, FloatField()), Value(azimuth, FloatField()), function="ST_Project")
    there = Cast(moved, PointField(srid=4326))
    square = Permission.objects.annotate(square=square_of(there)).values_list("square", flat=True)[:1].get()
    assert square in squares_around(lon, lat, within_m=WITHIN_M)


def test_an_index_finds_them_though_row_security_guards_the_letters(office: Office) -> None:
    letter = new_letter(office.world).appeal
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX appeal_city_answers, appeal_city_due")  # of few letters each index finds them
    with as_staff(office.supervisor):
        plan = Appeal.objects.filter(city=letter.city, square=letter.square).explain()
    assert any("Index Cond" in line and "square" in line for line in plan.splitlines()), plan


def test_a_letter_without_a_plain_place_has_no_square(office: Office) -> None:
    new_letter(office.world, category="domestic-violence")
    new_letter(office.world, point=None)
    assert list(Appeal.objects.values_list("square", flat=True)) == [None, None]
