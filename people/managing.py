"""Deeds on the accounts of a city's staff: roles, a lost second factor, leavers. Each is written down."""

import datetime
from collections.abc import Mapping, Sequence

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from geo.models import City
from people.models import KEEPERS, Membership, Officer, StaffDeed, User
from people.rights import CardIsTaken, cards_free_for, refuse_account, refuse_owning, refuse_person, refuse_roles
from people.second_factor import FACTORS

Deed = StaffDeed.Deed


def staff_of(city: City) -> QuerySet[User]:
    """Everybody with a role in the city, by name, those who are shut out last; `is_guarded`: has a second factor."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    members = User.objects.filter(pk__in=Membership.objects.filter(city=city).values("user"))
    return members.annotate(is_guarded=Exists(factors)).order_by("-is_active", "first_name", "last_name", "pk")


def called_like(people: QuerySet[User], part: str) -> QuerySet[User]:
    """The ones of some people whose name or e-mail holds each word of a part of a name; all, where it is empty."""
    for word in part.split():
        people = people.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word))
    return people


def roles_in(city: City, whom: User) -> list[str]:
    """The roles of a person in a city as they are now, in the order in which roles are named."""
    held = set(whom.memberships.filter(city=city).values_list("role", flat=True))
    return [role for role in Membership.Role.values if role in held]


def roles_by_member(city: City) -> dict[int, list[str]]:
    """The same of everybody with a role in a city, by their keys."""
    held: dict[int, set[str]] = {}
    for whom, role in Membership.objects.filter(city=city).values_list("user", "role"):
        held.setdefault(whom, set()).add(role)
    return {whom: [role for role in Membership.Role.values if role in roles] for whom, roles in held.items()}


@transaction.atomic
def change_roles(
    *, by: User, whom: User, city: City, roles: Sequence[str], officer: Officer | None, at: datetime.datetime
) -> None:
    """Give a member exactly these roles in the city, and an officer the card; none: they leave the city.

    Raises a StaffDeedRefused.
    """
    whom = _locked(whom)
    refuse_person(by=by, whom=whom, city=city)
    refuse_roles(roles, officer=officer, city=city, whom=whom)
    before = roles_in(city, whom)
    set_roles(whom=whom, city=city, roles=roles, officer=officer)
    record(Deed.ROLES, by=by, whom=whom, city=city, at=at, before=before, after=roles_in(city, whom))


@transaction.atomic
def reset_second_factor(*, by: User | None, whom: User, city: City | None, at: datetime.datetime) -> None:
    """Take every second factor away and end all sessions: at the next sign-in a new one is set up.

    `by` and `city` are None when a command does it. Raises a StaffDeedRefused.
    """
    whom = _locked(whom)
    if by and city:
        refuse_account(by=by, whom=whom, city=city)
        refuse_owning(by=by, whom=whom, other=Deed.PASSWORD, at=at)
    Authenticator.objects.filter(user=whom).delete()
    end_sessions(whom)
    record(Deed.RESET, by=by, whom=whom, city=city, at=at)


@transaction.atomic
def disable(*, by: User, whom: User, city: City, at: datetime.datetime) -> None:
    """Shut a leaver out at once; roles stay, so that `enable` brings everything back. Raises a StaffDeedRefused."""
    whom = _locked(whom)
    refuse_account(by=by, whom=whom, city=city)
    User.objects.filter(pk=whom.pk).update(is_active=False)
    end_sessions(whom)
    record(Deed.DISABLED, by=by, whom=whom, city=city, at=at)


@transaction.atomic
def enable(*, by: User, whom: User, city: City, at: datetime.datetime) -> None:
    """Let somebody in again who was disabled. Raises a StaffDeedRefused."""
    whom = _locked(whom)
    refuse_account(by=by, whom=whom, city=city)
    User.objects.filter(pk=whom.pk).update(is_active=True)
    record(Deed.ENABLED, by=by, whom=whom, city=city, at=at)


def set_roles(*, whom: User, city: City, roles: Sequence[str], officer: Officer | None) -> None:
    """Write roles and card as they shall be; the caller has checked that they may. Raises CardIsTaken."""
    for place in City.objects.filter(Q(pk=city.pk) | Q(copy_of=city)):  # who comes and goes does so in training too
        whom.memberships.filter(city=place).exclude(role__in=roles).delete()
        for role in roles:
            Membership.objects.get_or_create(user=whom, city=place, role=role)
    Officer.objects.filter(city=city, user=whom).exclude(pk__in=[officer.pk] if officer else []).update(user=None)
    if officer and not cards_free_for(whom).filter(pk=officer.pk).update(user=whom):
        raise CardIsTaken(_("This card belongs to somebody else: take it from them first."))
    keeps = whom.memberships.filter(role__in=KEEPERS).exists()
    User.objects.filter(pk=whom.pk, is_superuser=False).update(is_staff=keeps)


def end_sessions(whom: User) -> None:
    """End every session of a person at their next request."""
    User.objects.filter(pk=whom.pk).update(sign_outs=F("sign_outs") + 1)


def record(
    deed: StaffDeed.Deed,
    *,
    by: User | None,
    whom: User | None,
    city: City | None,
    at: datetime.datetime,
    email: str = "",
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    facts: Mapping[str, object] | None = None,
) -> StaffDeed:
    """Write a deed down."""
    return StaffDeed.objects.create(
        deed=deed,
        by=by,
        whom=whom,
        whom_email=whom.email if whom else email,
        city=city,
        at=at,
        roles_before=list(before),
        roles_after=list(after),
        facts=dict(facts or {}),
    )


def _locked(whom: User) -> User:
    """The row as it is now, held until the deed is done."""
    return User.objects.select_for_update().get(pk=whom.pk)
