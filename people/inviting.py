"""Invitations: a coordinator makes a link, hands it over, and whoever holds it joins the staff, once."""

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from geo.models import City
from people.managing import Deed, record, roles_in, set_roles
from people.models import INVITATION_LASTS, Invitation, Officer, User, invitation_key_hash, new_invitation_key
from people.rights import (
    NotAdministrators,
    NotYourself,
    StaffDeedRefused,
    refuse_account,
    refuse_owning,
    refuse_roles,
    refuse_stranger,
)


class InvitationUnusable(StaffDeedRefused):
    """The link is unknown, used, withdrawn or too old."""


class AccountExists(StaffDeedRefused):
    """Somebody with this e-mail signs in already: they accept while signed in."""


@transaction.atomic
def invite(
    *, by: User, city: City, email: str, name: str, roles: Sequence[str], officer: Officer | None, at: datetime.datetime
) -> tuple[Invitation, str]:
    """Return a new invitation and the key of its link, which is kept nowhere. Earlier links to the e-mail end.

    Raises a StaffDeedRefused.
    """
    refuse_stranger(by=by, city=city)
    if email.lower() == by.email.lower():
        raise NotYourself(_("Nobody changes their own account here: ask another coordinator or the administrator."))
    refuse_roles(roles, officer=officer, city=city)
    Invitation.objects.open_at(at).filter(city=city, email__iexact=email, whom=None).update(withdrawn_at=at)
    key = new_invitation_key()
    invitation = Invitation.objects.create(
        city=city,
        email=email,
        name=name,
        roles=list(roles),
        officer=officer,
        key_hash=invitation_key_hash(key),
        invited_by=by,
        invited_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    record(Deed.INVITED, by=by, whom=None, email=email, city=city, at=at, after=roles)
    return invitation, key


@transaction.atomic
def offer_new_password(*, by: User, whom: User, city: City, at: datetime.datetime) -> tuple[Invitation, str]:
    """Return an invitation to choose a new password, and the key of its link. The second factor stays as it is.

    Raises a StaffDeedRefused.
    """
    list(User.objects.select_for_update().filter(pk=whom.pk))
    refuse_account(by=by, whom=whom, city=city)
    refuse_owning(by=by, whom=whom, other=Deed.RESET, at=at)
    Invitation.objects.open_at(at).filter(whom=whom).update(withdrawn_at=at)
    key = new_invitation_key()
    invitation = Invitation.objects.create(
        city=city,
        email=whom.email,
        name=str(whom),
        roles=[],
        whom=whom,
        key_hash=invitation_key_hash(key),
        invited_by=by,
        invited_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    record(Deed.PASSWORD, by=by, whom=whom, city=city, at=at)
    return invitation, key


@transaction.atomic
def choose_new_password(*, key_hash: str, password: str, at: datetime.datetime) -> User:
    """Take the link of `offer_new_password`: the password is new, every session ends. Raises InvitationUnusable."""
    whom = _taken(key_hash, at=at, joins=False).whom
    assert whom is not None  # noqa: S101 - a constraint: who does not join has a new password to choose
    whom.set_password(password)
    whom.save(update_fields=["password"])
    return whom


@transaction.atomic
def withdraw(*, by: User, invitation: Invitation, at: datetime.datetime) -> None:
    """End an invitation that nobody has accepted. Raises a StaffDeedRefused."""
    refuse_stranger(by=by, city=invitation.city)
    if not Invitation.objects.open_at(at).filter(pk=invitation.pk).update(withdrawn_at=at):
        raise InvitationUnusable(_("This invitation is no longer open."))
    record(Deed.WITHDRAWN, by=by, whom=None, email=invitation.email, city=invitation.city, at=at)


def open_invitation(key_hash: str, *, at: datetime.datetime) -> Invitation:
    """Return the invitation of a link's key, by its hash. Raises InvitationUnusable."""
    found = Invitation.objects.open_at(at).filter(key_hash=key_hash).select_related("city", "officer", "whom").first()
    if found is None:
        raise InvitationUnusable(_("This link no longer works: it was used, withdrawn, or is older than three days."))
    return found


@transaction.atomic
def join(*, key_hash: str, password: str, at: datetime.datetime) -> User:
    """Accept an invitation as somebody new, who signs in with this password from now on.

    Raises InvitationUnusable, AccountExists, or the StaffDeedRefused of roles that cannot be given any more.
    """
    invitation = _taken(key_hash, at=at, joins=True)
    try:
        with transaction.atomic():
            if _known(invitation.email):
                raise IntegrityError
            user = User.objects.create_user(invitation.email, password, first_name=invitation.name)
    except IntegrityError as error:
        raise AccountExists(_("This e-mail has an account already: sign in with it to accept.")) from error
    return _welcome(user, invitation, at=at)


@transaction.atomic
def join_as(user: User, *, key_hash: str, at: datetime.datetime) -> User:
    """Accept an invitation with the account that is signed in. Raises as `join` does."""
    invitation = _taken(key_hash, at=at, joins=True)
    if user.email.lower() != invitation.email.lower():
        raise InvitationUnusable(_("This invitation is for somebody else. Sign out, then open the link again."))
    if user.is_superuser:
        raise NotAdministrators(_("An administrator's account is not changed here."))
    return _welcome(user, invitation, at=at)


def _taken(key_hash: str, *, at: datetime.datetime, joins: bool) -> Invitation:
    """Take an invitation to join, or to a new password: of two at once one comes through, the other finds it used."""
    list(Invitation.objects.select_for_update().filter(key_hash=key_hash, whom__isnull=joins))
    invitation = open_invitation(key_hash, at=at)
    if (invitation.whom is None) is not joins:
        raise InvitationUnusable(_("This link is for something else."))
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    return invitation


def _welcome(user: User, invitation: Invitation, *, at: datetime.datetime) -> User:
    """Give what was promised, beside the roles the person has; write down that they joined."""
    city = invitation.city
    before = roles_in(city, user)
    roles = [*before, *(role for role in invitation.roles if role not in before)]
    officer = invitation.officer or Officer.objects.filter(city=city, user=user).first()
    refuse_roles(roles, officer=officer, city=city, whom=user)
    set_roles(whom=user, city=city, roles=roles, officer=officer)
    record(Deed.JOINED, by=user, whom=user, city=city, at=at, before=before, after=roles_in(city, user))
    return user


def _known(email: str) -> User | None:
    """Who signs in with this e-mail."""
    return User.objects.filter(email__iexact=email).first()
