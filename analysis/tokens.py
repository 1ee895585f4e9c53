"""Deeds on tokens: making one, revoking it, using it."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from analysis.models import HOLDERS, LASTS_AT_MOST, Token, new_token, token_hash
from geo.models import City
from geo.moments import local_day
from people.models import Membership, User


class TokenRefused(Exception):
    """A deed on a token that the rules do not allow, or a token that opens nothing; the message is a sentence."""


class NotForTokens(TokenRefused):
    """The person has no role in the city that may have tokens, or not of this kind."""


class LastsTooLong(TokenRefused):
    """A token lives for a year at most."""


class NotYourToken(TokenRefused):
    """Neither its owner nor a supervisor of its city."""


class DeadToken(TokenRefused):
    """The token is unknown, too old or revoked, or its owner has no right to it any more."""


def kinds_open_to(user: User, city: City) -> list[Token.Kind]:
    """Return the kinds of numbers for which a person may have tokens in a city today; none without a role for it."""
    roles = user.roles_in(city).intersection(HOLDERS)
    if not user.is_active or user.is_superuser or not roles:
        return []
    return [Token.Kind.RELEASES, *([Token.Kind.LIVE] if Membership.Role.SUPERVISOR in roles else [])]


def sees_all_tokens(user: User, city: City) -> bool:
    """Whether a person sees everybody's tokens and exports of a city: its supervisors."""
    return user.is_active and user.has_role(city, Membership.Role.SUPERVISOR)


@transaction.atomic
def make_token(
    *, owner: User, city: City, name: str, kinds: Sequence[str], lasts: datetime.timedelta, at: datetime.datetime
) -> tuple[Token, str]:
    """Return a new token and what a script has to show, which is kept nowhere. Raises NotForTokens, LastsTooLong."""
    owner = User.objects.select_for_update().get(pk=owner.pk)
    if not kinds or not set(kinds) <= set(kinds_open_to(owner, city)):
        raise NotForTokens(_("Tokens are for analysts and supervisors of the city, live counts for supervisors alone."))
    if lasts > LASTS_AT_MOST:
        raise LastsTooLong(_("A token lives for a year at most."))
    text = new_token()
    token = Token.objects.create(
        city=city,
        owner=owner,
        name=name,
        kinds=list(kinds),
        key_hash=token_hash(text),
        sign_outs=owner.sign_outs,
        made_at=at,
        expires_at=at + lasts,
    )
    return token, text


def revoke_token(*, token: Token, by: User, at: datetime.datetime) -> None:
    """End a token at once; one that is revoked stays as it is. Raises NotYourToken."""
    if token.owner_id != by.pk and not sees_all_tokens(by, token.city):
        raise NotYourToken(_("A token is revoked by its owner or by a supervisor of the city."))
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at, revoked_by=by)


def show_token(text: str, *, at: datetime.datetime) -> Token:
    """Return the living token that a script shows, and note the day of its use. Raises DeadToken."""
    found = Token.objects.alive_at(at).filter(key_hash=token_hash(text)).select_related("owner", "city").first()
    if found is not None:
        found.owner.fetch_roles()
    if found is None or not set(found.kinds) & set(kinds_open_to(found.owner, found.city)):
        raise DeadToken(
            _("This token opens nothing: it is wrong, too old or revoked, or its owner lost the right to it.")
        )
    if found.last_used_on != (today := local_day(at)):
        Token.objects.filter(pk=found.pk).update(last_used_on=today)
    return found
