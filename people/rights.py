"""Who may let whom in: the rules of managing a city's staff, each refusal a sentence."""

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from geo.models import City
from people.models import INVITATION_LASTS, READERS, Membership, Officer, StaffDeed, User

Role = Membership.Role


class StaffDeedRefused(Exception):
    """A deed on an account that the rules do not allow; the message is a sentence."""


class NotCoordinator(StaffDeedRefused):
    """Whoever acts does not coordinate this city."""


class NotYourself(StaffDeedRefused):
    """Nobody changes their own account here."""


class NotAdministrators(StaffDeedRefused):
    """An administrator's account is not a city's matter."""


class NotOfThisCity(StaffDeedRefused):
    """The person has no role in this city."""


class AlsoServesElsewhere(StaffDeedRefused):
    """The whole account belongs to other cities too."""


class OneFactorAtATime(StaffDeedRefused):
    """Password and second factor of one person would both be new: whoever resets both owns the account."""


class CoordinatorReadsNoLetters(StaffDeedRefused):
    """Nobody both lets people in and reads letters, in one city."""


class CardNeedsOfficer(StaffDeedRefused):
    """Card and role of officer come together."""


class CardIsTaken(StaffDeedRefused):
    """The card is another person's, or the person has another card."""


def may_manage(by: User, city: City) -> bool:
    """Whether a person manages the staff of a city: its coordinators, and administrators."""
    return by.is_active and (by.is_superuser or by.has_role(city, Role.COORDINATOR))


def refuse_stranger(*, by: User, city: City) -> None:
    """Raise NotCoordinator unless `by` manages the staff of the city."""
    if not may_manage(by, city):
        raise NotCoordinator(_("Only a coordinator of the city manages its staff."))


def refuse_person(*, by: User, whom: User, city: City) -> None:
    """Raise the StaffDeedRefused that keeps `by` from acting on `whom` as a member of the city."""
    refuse_stranger(by=by, city=city)
    if whom == by:
        raise NotYourself(_("Nobody changes their own account here: ask another coordinator or the administrator."))
    if whom.is_superuser:
        raise NotAdministrators(_("An administrator's account is not changed here."))
    if not whom.memberships.filter(city=city).exists():
        raise NotOfThisCity(_("This person has no role in this city."))


def refuse_account(*, by: User, whom: User, city: City) -> None:
    """Raise the StaffDeedRefused that keeps `by` from a deed on the whole account of `whom`."""
    refuse_person(by=by, whom=whom, city=city)
    coordinated = by.memberships.filter(role=Role.COORDINATOR).values("city")
    elsewhere = whom.memberships.filter(city__copy_of=None).exclude(city__in=coordinated)
    if not by.is_superuser and elsewhere.exists():
        raise AlsoServesElsewhere(
            _("This person also works in a city that you do not coordinate: take their roles here, or ask the"
              " administrator.")
        )  # fmt: skip


def refuse_owning(*, by: User, whom: User, other: StaffDeed.Deed, at: datetime.datetime) -> None:
    """Raise OneFactorAtATime if the `other` factor of the account was reset within three days.

    One of password and second factor stays the person's own: else a coordinator could sign in as an officer.
    """
    lately = StaffDeed.objects.filter(whom=whom, deed=other, at__gt=at - INVITATION_LASTS)
    if lately.exists() and not by.is_superuser:
        raise OneFactorAtATime(
            _("Within three days only one of password and second factor is reset here. For both ask the administrator.")
        )


def refuse_roles(roles: Iterable[str], *, officer: Officer | None, city: City, whom: User | None = None) -> None:
    """Raise the StaffDeedRefused of roles, or of a card, that `whom` (or whoever is invited) cannot have."""
    given = set(roles)
    if Role.COORDINATOR in given and given & set(READERS):
        raise CoordinatorReadsNoLetters(
            _("A coordinator lets people in and reads no letters: one person is not both in one city.")
        )
    if (Role.OFFICER in given) != (officer is not None):
        raise CardNeedsOfficer(_("Choose the card of the officer together with the role of officer."))
    if officer and not cards_free_for(whom).filter(pk=officer.pk, city=city).exists():
        raise CardIsTaken(_("This card belongs to somebody else: take it from them first."))
    elsewhere = Officer.objects.filter(user=whom, is_training=False).exclude(city=city)
    if officer and whom and not officer.is_training and elsewhere.exists():
        raise CardIsTaken(_("This person is an officer in another city: one account has one card."))


def cards_free_for(whom: User | None) -> QuerySet[Officer]:
    """Cards that nobody signs in with yet, and the person's own."""
    return Officer.objects.filter(Q(user=None) | Q(user=whom) if whom else Q(user=None))
