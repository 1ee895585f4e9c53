"""Who lets whom in: invitations, roles, lost second factors, leavers, and the record of it all."""

import datetime
import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from people.inviting import (
    AccountExists,
    InvitationUnusable,
    choose_new_password,
    invite,
    join,
    join_as,
    offer_new_password,
    withdraw,
)
from people.managing import change_roles, disable, enable, reset_second_factor, roles_in
from people.models import Invitation, Membership, Officer, StaffDeed, User, invitation_key_hash
from people.rights import (
    AlsoServesElsewhere,
    CardIsTaken,
    CardNeedsOfficer,
    CoordinatorReadsNoLetters,
    NotAdministrators,
    NotCoordinator,
    NotOfThisCity,
    NotYourself,
    OneFactorAtATime,
    StaffDeedRefused,
)
from people.second_factor import give_authenticator_app, has_second_factor
from tests.world import NOON, World, build_world

PASSWORD = "correct horse battery"
HOUR = datetime.timedelta(hours=1)


def member(world: World, *roles: str, name: str = "") -> User:
    user = User.objects.create_user(f"{name or '-'.join(roles)}@{world.city.slug}.example.org")
    for role in roles:
        Membership.objects.create(user=user, city=world.city, role=role)
    return user


@pytest.fixture
def coordinator(world: World) -> User:
    return member(world, "coordinator")


def invited(world: World, by: User, **changes: Any) -> str:
    """Invite somebody as an analyst and return the hash of the key."""
    given = {"email": "new@example.org", "name": "Нова Людина", "roles": ["analyst"], "officer": None, "at": NOON}
    _invitation, key = invite(by=by, city=world.city, **given | changes)
    return invitation_key_hash(key)


def deeds() -> list[str]:
    return list(StaffDeed.objects.order_by("pk").values_list("deed", flat=True))


# --- invitations ----------------------------------------------------------------------------------------------


def test_whoever_joins_has_the_roles_and_the_card_that_were_promised(world: World, coordinator: User) -> None:
    key_hash = invited(world, coordinator, roles=["officer"], officer=world.officer)
    user = join(key_hash=key_hash, password=PASSWORD, at=NOON + HOUR)
    assert roles_in(world.city, user) == ["officer"]
    assert user.check_password(PASSWORD)
    assert Officer.objects.get(user=user) == world.officer
    assert deeds() == ["invited", "joined"]


def test_only_a_keyed_hash_of_the_link_is_kept(world: World, coordinator: User) -> None:
    invitation, key = invite(
        by=coordinator, city=world.city, email="a@example.org", name="A", roles=["analyst"], officer=None, at=NOON
    )
    kept = Invitation.objects.values().get(pk=invitation.pk)
    assert key not in str(kept)
    assert len(key) >= 43


def test_a_link_works_once(world: World, coordinator: User) -> None:
    key_hash = invited(world, coordinator)
    join(key_hash=key_hash, password=PASSWORD, at=NOON)
    with pytest.raises(InvitationUnusable):
        join(key_hash=key_hash, password=PASSWORD, at=NOON)


@pytest.mark.parametrize(("hours", "works"), [(71.9, True), (72, False)])
def test_a_link_works_for_three_days(world: World, coordinator: User, hours: float, works: bool) -> None:
    key_hash = invited(world, coordinator)
    if works:
        join(key_hash=key_hash, password=PASSWORD, at=NOON + hours * HOUR)
    else:
        with pytest.raises(InvitationUnusable):
            join(key_hash=key_hash, password=PASSWORD, at=NOON + hours * HOUR)


def test_a_withdrawn_link_and_the_one_before_the_last_do_not_work(world: World, coordinator: User) -> None:
    first = invited(world, coordinator)
    second = invited(world, coordinator, email="NEW@example.org")
    with pytest.raises(InvitationUnusable):
        join(key_hash=first, password=PASSWORD, at=NOON)
    invitation = Invitation.objects.get(key_hash=second)
    withdraw(by=coordinator, invitation=invitation, at=NOON)
    with pytest.raises(InvitationUnusable):
        join(key_hash=second, password=PASSWORD, at=NOON)
    with pytest.raises(InvitationUnusable):
        withdraw(by=coordinator, invitation=invitation, at=NOON)


def test_an_account_that_exists_accepts_with_its_own_sign_in_alone(world: World, coordinator: User) -> None:
    somebody = User.objects.create_user("New@example.org", PASSWORD)
    key_hash = invited(world, coordinator)
    with pytest.raises(AccountExists):
        join(key_hash=key_hash, password="another long password", at=NOON)
    with pytest.raises(InvitationUnusable):
        join_as(coordinator, key_hash=key_hash, at=NOON)
    join_as(somebody, key_hash=key_hash, at=NOON)
    assert roles_in(world.city, somebody) == ["analyst"]
    assert somebody.check_password(PASSWORD)


# --- what a coordinator cannot --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["officer", "supervisor", "moderator", "analyst"])
def test_only_coordinators_and_administrators_invite(world: World, role: str) -> None:
    with pytest.raises(NotCoordinator):
        invited(world, member(world, role))
    invited(world, User.objects.create_superuser("root@example.org"))


def test_a_coordinator_of_another_city_does_nothing_here(world: World) -> None:
    stranger = member(build_world("inshe", west=26.0), "coordinator")
    analyst = member(world, "analyst")
    with pytest.raises(NotCoordinator):
        invited(world, stranger)
    for deed in (disable, enable, reset_second_factor):
        with pytest.raises(NotCoordinator):
            deed(by=stranger, whom=analyst, city=world.city, at=NOON)
    with pytest.raises(NotCoordinator):
        change_roles(by=stranger, whom=analyst, city=world.city, roles=[], officer=None, at=NOON)


def test_nobody_of_another_city_is_reached_through_ones_own(world: World, coordinator: User) -> None:
    foreign = member(build_world("inshe", west=26.0), "analyst")
    for deed in (disable, enable, reset_second_factor):
        with pytest.raises(NotOfThisCity):
            deed(by=coordinator, whom=foreign, city=world.city, at=NOON)


def test_a_whole_account_is_not_touched_while_it_serves_elsewhere_too(world: World, coordinator: User) -> None:
    elsewhere = build_world("inshe", west=26.0)
    both = member(world, "analyst")
    Membership.objects.create(user=both, city=elsewhere.city, role="analyst")
    for deed in (disable, enable, reset_second_factor):
        with pytest.raises(AlsoServesElsewhere):
            deed(by=coordinator, whom=both, city=world.city, at=NOON)
    change_roles(by=coordinator, whom=both, city=world.city, roles=[], officer=None, at=NOON)
    assert roles_in(elsewhere.city, both) == ["analyst"]
    Membership.objects.create(user=both, city=world.city, role="analyst")
    Membership.objects.create(user=coordinator, city=elsewhere.city, role="coordinator")
    disable(by=coordinator, whom=both, city=world.city, at=NOON)


@pytest.mark.parametrize("whose", ["own", "administrator's"])
def test_own_account_and_administrators_are_out_of_reach(world: World, coordinator: User, whose: str) -> None:
    root = User.objects.create_superuser("root@example.org")
    Membership.objects.create(user=root, city=world.city, role="analyst")
    whom, refusal = (coordinator, NotYourself) if whose == "own" else (root, NotAdministrators)
    for deed in (disable, enable, reset_second_factor):
        with pytest.raises(refusal):
            deed(by=coordinator, whom=whom, city=world.city, at=NOON)
    with pytest.raises(refusal):
        change_roles(by=coordinator, whom=whom, city=world.city, roles=["supervisor"], officer=None, at=NOON)
    assert deeds() == []


@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_a_coordinator_never_comes_to_read_letters(world: World, coordinator: User, role: str) -> None:
    card = world.officer if role == "officer" else None
    with pytest.raises(NotYourself):
        invited(world, coordinator, email=coordinator.email.upper(), roles=[role], officer=card)
    other = member(world, "coordinator", name="other")
    with pytest.raises(CoordinatorReadsNoLetters):
        change_roles(by=other, whom=coordinator, city=world.city, roles=["coordinator", role], officer=card, at=NOON)
    key_hash = invited(world, other, email=coordinator.email, roles=[role], officer=card)
    with pytest.raises(CoordinatorReadsNoLetters):
        join_as(coordinator, key_hash=key_hash, at=NOON)
    assert roles_in(world.city, coordinator) == ["coordinator"]
    assert Invitation.objects.get(key_hash=key_hash).accepted_at is None


def test_card_and_role_of_officer_come_together(world: World, coordinator: User) -> None:
    for roles, card in ((["officer"], None), (["analyst"], world.officer)):
        with pytest.raises(CardNeedsOfficer):
            invited(world, coordinator, roles=roles, officer=card)


def test_one_card_one_person(world: World, coordinator: User) -> None:
    elsewhere = build_world("inshe", west=26.0)
    analyst, officer = member(world, "analyst"), member(world, "officer")
    world.officer.user = officer
    world.officer.save()
    for card in (world.officer, elsewhere.officer):
        with pytest.raises(CardIsTaken):
            change_roles(by=coordinator, whom=analyst, city=world.city, roles=["officer"], officer=card, at=NOON)
    change_roles(by=coordinator, whom=officer, city=world.city, roles=["analyst"], officer=None, at=NOON)
    change_roles(by=coordinator, whom=analyst, city=world.city, roles=["officer"], officer=world.officer, at=NOON)
    assert Officer.objects.get(user=analyst) == world.officer


# --- accounts -------------------------------------------------------------------------------------------------


def test_a_reset_takes_every_factor_and_every_session_and_not_the_password(world: World, coordinator: User) -> None:
    analyst = member(world, "analyst")
    analyst.set_password(PASSWORD)
    analyst.save()
    give_authenticator_app(analyst)
    before = analyst.get_session_auth_hash()
    reset_second_factor(by=coordinator, whom=analyst, city=world.city, at=NOON)
    analyst.refresh_from_db()
    assert not has_second_factor(analyst)
    assert not Authenticator.objects.filter(user=analyst).exists()
    assert analyst.get_session_auth_hash() != before
    assert analyst.check_password(PASSWORD)


def test_sessions_of_before_do_not_come_back_with_an_enabled_account(world: World, coordinator: User) -> None:
    analyst = member(world, "analyst")
    before = analyst.get_session_auth_hash()
    disable(by=coordinator, whom=analyst, city=world.city, at=NOON)
    assert not User.objects.get(pk=analyst.pk).is_active
    enable(by=coordinator, whom=analyst, city=world.city, at=NOON)
    analyst.refresh_from_db()
    assert analyst.is_active
    assert analyst.get_session_auth_hash() != before
    assert deeds() == ["disabled", "enabled"]


@pytest.mark.parametrize(("role", "keeps"), [("moderator", True), ("analyst", False)])
def test_the_administration_opens_to_those_who_keep_something_there(
    world: World, coordinator: User, role: str, keeps: bool
) -> None:
    user = join(key_hash=invited(world, coordinator, roles=[role]), password=PASSWORD, at=NOON)
    user.refresh_from_db()
    assert user.is_staff is keeps


# --- the record -----------------------------------------------------------------------------------------------


def test_the_record_says_who_did_what_to_whom_and_when(world: World, coordinator: User) -> None:
    analyst = member(world, "analyst")
    change_roles(by=coordinator, whom=analyst, city=world.city, roles=["supervisor"], officer=None, at=NOON)
    deed = StaffDeed.objects.get()
    assert (deed.by, deed.whom, deed.deed, deed.at) == (coordinator, analyst, "roles", NOON)
    assert (deed.roles_before, deed.roles_after) == (["analyst"], ["supervisor"])


def test_the_record_is_neither_changed_nor_deleted(world: World, coordinator: User) -> None:
    invited(world, coordinator)
    for rewrite in (
        lambda: StaffDeed.objects.update(deed="joined"),
        lambda: StaffDeed.objects.all().delete(),
        lambda: StaffDeed.objects.get().save(),
    ):
        with pytest.raises(DatabaseError, match="staff_deed_stays"), transaction.atomic():
            rewrite()


def test_a_refused_deed_leaves_nothing_behind(world: World, coordinator: User) -> None:
    with pytest.raises(StaffDeedRefused):
        invited(world, coordinator, roles=["coordinator", "supervisor"])
    assert not Invitation.objects.exists()
    assert deeds() == []


def test_an_administrators_lost_factor_is_reset_by_a_command_and_recorded(db: None) -> None:
    root = User.objects.create_superuser("root@example.org")
    give_authenticator_app(root)
    call_command("reset_second_factor", "ROOT@example.org", stdout=io.StringIO())
    assert not has_second_factor(root)
    assert StaffDeed.objects.get(whom=root, deed="reset").by is None
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.org")


# --- a forgotten password -------------------------------------------------------------------------------------


def test_a_member_chooses_a_new_password_once_and_keeps_the_second_factor(world: World, coordinator: User) -> None:
    analyst = member(world, "analyst")
    give_authenticator_app(analyst)
    before = analyst.get_session_auth_hash()
    _invitation, key = offer_new_password(by=coordinator, whom=analyst, city=world.city, at=NOON)
    key_hash = invitation_key_hash(key)
    with pytest.raises(InvitationUnusable):
        join(key_hash=key_hash, password=PASSWORD, at=NOON)
    choose_new_password(key_hash=key_hash, password=PASSWORD, at=NOON + HOUR)
    analyst.refresh_from_db()
    assert analyst.check_password(PASSWORD)
    assert analyst.get_session_auth_hash() != before
    assert has_second_factor(analyst)
    assert deeds() == ["password"]
    with pytest.raises(InvitationUnusable):
        choose_new_password(key_hash=key_hash, password="another long password", at=NOON + HOUR)


def test_a_link_to_join_sets_nobodys_password(world: World, coordinator: User) -> None:
    with pytest.raises(InvitationUnusable):
        choose_new_password(key_hash=invited(world, coordinator), password=PASSWORD, at=NOON)


@pytest.mark.parametrize("first", ["password", "second factor"])
def test_nobody_resets_both_factors_of_one_person_within_three_days(
    world: World, coordinator: User, first: str
) -> None:
    analyst, other = member(world, "analyst"), member(world, "coordinator", name="other")
    resets = [offer_new_password, reset_second_factor]
    one, then = resets if first == "password" else reversed(resets)
    one(by=coordinator, whom=analyst, city=world.city, at=NOON)
    for by in (coordinator, other):
        with pytest.raises(OneFactorAtATime):
            then(by=by, whom=analyst, city=world.city, at=NOON + 71 * HOUR)
    then(by=coordinator, whom=analyst, city=world.city, at=NOON + 73 * HOUR)


def test_an_administrator_resets_both(world: World) -> None:
    root, analyst = User.objects.create_superuser("root@example.org"), member(world, "analyst")
    for reset in (offer_new_password, reset_second_factor):
        reset(by=root, whom=analyst, city=world.city, at=NOON)
