"""The database defends the truth, whoever writes to it."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from people.models import HelpLine, Leave, Membership, Officer, Posting, Station, User
from tests.world import TODAY, World

DAY = datetime.timedelta(days=1)
OPEN = (TODAY, None)


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_two_main_officers_at_once_are_refused(world: World):
    with refused("one_main_and_one_acting_at_a_time"):
        Posting.objects.create(officer=world.acting, district=world.north, during=OPEN)


def test_two_acting_officers_at_once_are_refused(world: World):
    with refused("one_main_and_one_acting_at_a_time"):
        Posting.objects.create(officer=world.officer, district=world.mid, role="acting", during=OPEN)


def test_one_main_officer_may_follow_another_the_next_day(world: World):
    Posting.objects.filter(officer=world.officer).update(during=(TODAY - 9 * DAY, TODAY))
    Posting.objects.create(officer=world.acting, district=world.north, during=OPEN)
    assert Posting.objects.on(TODAY).get(district=world.north).officer == world.acting


def test_main_and_acting_officer_may_serve_at_once(world: World):
    Posting.objects.create(officer=world.acting, district=world.north, role="acting", during=OPEN)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"role": "boss"}, "posting_role_known"), ({"during": (TODAY, TODAY)}, "posting_has_days")],
)
def test_posting_without_sense_is_refused(world: World, fields, constraint: str):
    with refused(constraint):
        Posting.objects.create(**{"officer": world.officer, "district": world.south, "during": OPEN} | fields)


def test_overlap_of_leaves_is_refused(world: World):
    with refused("leaves_do_not_overlap"):
        Leave.objects.create(officer=world.officer_on_leave, during=(TODAY, TODAY + DAY))


def test_leaves_of_two_officers_may_overlap(world: World):
    Leave.objects.create(officer=world.officer, during=OPEN)


def test_leave_without_days_is_refused(world: World):
    with refused("leave_has_days"):
        Leave.objects.create(officer=world.officer, during=(TODAY, TODAY))


def test_second_duty_station_is_refused(world: World):
    with refused("one_duty_station_per_city"):
        Station.objects.create(city=world.city, key="b", name_uk="Б", address_uk="Б", is_duty=True)


def test_station_key_twice_in_a_city_is_refused(world: World):
    with refused("station_key_once_in_city"):
        Station.objects.create(city=world.city, key="main", name_uk="Б", address_uk="Б")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"key": "north"}, "officer_key_once_in_city"), ({"kind": "boss"}, "officer_kind_known")],
)
def test_officer_without_sense_is_refused(world: World, fields, constraint: str):
    with refused(constraint):
        Officer.objects.create(**{"city": world.city, "key": "b", "name_uk": "Б", "checked_on": TODAY} | fields)


def test_membership_is_given_once_and_of_a_known_role(world: World):
    user = User.objects.create_user("member@example.org")
    Membership.objects.create(user=user, city=world.city, role="officer")
    with refused("membership_once"), transaction.atomic():
        Membership.objects.create(user=user, city=world.city, role="officer")
    with refused("membership_role_known"):
        Membership.objects.create(user=user, city=world.city, role="boss")


def test_email_and_help_line_are_kept_once(world: World):
    User.objects.create_user("a@example.org")
    with refused("people_user_email"), transaction.atomic():
        User.objects.create_user("a@example.org")
    with refused("help_line_once"):
        HelpLine.objects.create(phone="102", name_uk="Б", name_en="B", purpose="emergency", checked_on=TODAY)
