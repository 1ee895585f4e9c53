"""Who may read which letters: the one question that every list starts from."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from appeals.access import as_staff, as_task
from appeals.models import Appeal
from people.models import Membership, Posting, User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.world import TODAY


@pytest.fixture
def letters(office: Office) -> dict[str, Appeal]:
    """One letter in each district, and one in another city."""
    world, other = office.world, build_office("inshe", west=26.0)
    return {
        "north": new_letter(world).appeal,
        "mid": new_letter(world, district="2", point=None).appeal,
        "south": new_letter(world, district="3", point=None).appeal,
        "elsewhere": new_letter(other.world, point=None).appeal,
    }


def seen(user: User | AnonymousUser, letters: dict[str, Appeal], on: datetime.date = TODAY) -> set[str]:
    """Return the names of the letters that a user sees."""
    visible = set(Appeal.objects.visible_to(user, on=on))
    return {name for name, appeal in letters.items() if appeal in visible}


@pytest.mark.parametrize("role", ["moderator", "analyst", "coordinator", "officer"])
def test_a_role_without_a_posting_sees_no_letter(office: Office, letters: dict[str, Appeal], role: str) -> None:
    assert seen(user_with_role(office.world, role, "someone@example.org"), letters) == set()


def test_visitors_and_administrators_see_no_letter(office: Office, letters: dict[str, Appeal]) -> None:
    administrator = User.objects.create_superuser("root@example.org")
    Membership.objects.create(user=administrator, city=office.world.city, role="supervisor")
    assert seen(AnonymousUser(), letters) == seen(administrator, letters) == set()


def test_an_officer_sees_their_own_district(office: Office, letters: dict[str, Appeal]) -> None:
    assert seen(office.officer, letters) == {"north"}


def test_an_acting_officer_sees_the_district_on_the_days_they_act(office: Office, letters: dict[str, Appeal]) -> None:
    Posting.objects.create(
        officer=office.world.officer, district=office.world.south, role="acting",
        during=(TODAY, TODAY + datetime.timedelta(days=7)),
    )  # fmt: skip
    days = [TODAY + datetime.timedelta(days=n) for n in (-1, 0, 6, 7)]
    both = {"north", "south"}
    assert [seen(office.officer, letters, on=day) for day in days] == [{"north"}, both, both, {"north"}]


def test_a_supervisor_sees_their_own_city(office: Office, letters: dict[str, Appeal]) -> None:
    assert seen(office.supervisor, letters) == {"north", "mid", "south"}


def test_a_posting_without_the_role_opens_nothing(office: Office, letters: dict[str, Appeal]) -> None:
    Membership.objects.filter(user=office.officer).delete()
    assert seen(office.officer, letters) == set()


def test_an_account_that_was_switched_off_sees_nothing(office: Office, letters: dict[str, Appeal]) -> None:
    User.objects.filter(pk=office.supervisor.pk).update(is_active=False)
    assert seen(User.objects.get(pk=office.supervisor.pk), letters) == set()


def test_rights_are_asked_for_once_as_long_as_the_same_eyes_look(
    office: Office, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    with as_staff(office.officer):
        with django_assert_num_queries(2):
            Appeal.objects.visible_to(office.officer)
            Appeal.objects.visible_to(office.officer)
        with django_assert_num_queries(1):  # who serves nowhere is asked for no districts
            Appeal.objects.visible_to(office.supervisor)
        with as_task("test"), django_assert_num_queries(2):
            Appeal.objects.visible_to(office.officer)
    with django_assert_num_queries(2):
        Appeal.objects.visible_to(office.officer)


def test_right_that_ends_between_two_pages_opens_nothing_on_the_second(
    office: Office, letters: dict[str, Appeal]
) -> None:
    with as_staff(office.officer, on=TODAY):
        assert seen(office.officer, letters) == {"north"}
    Posting.objects.filter(officer__user=office.officer).delete()
    with as_staff(office.officer, on=TODAY):
        assert seen(office.officer, letters) == set()
