"""Sign-in rules: accounts are given by a coordinator, nobody signs up; what a sign-in writes into its session."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.second_factor import FACTORS, has_second_factor
from people.sessions import begin_session, forget_second_factor, recently_confirmed


class ConfirmFirst(Exception):
    """The deed asks for a fresh word of who is there; the message says where to give it."""


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth without public registration, without a second question to whoever has just signed in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many wrong tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many wrong tries. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody can sign up: staff are invited."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where one begins."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a second factor is changed, but not within minutes of the last time."""
        return not is_confirmed(self.request)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has shown password or second factor within CONFIRMATION_LASTS."""
    return recently_confirmed(request, now=timezone.now(), within=settings.CONFIRMATION_LASTS)


def require_confirmation(request: HttpRequest) -> None:
    """Raise ConfirmFirst unless the person has shown password or second factor a short while ago."""
    if not is_confirmed(request):
        raise ConfirmFirst(_("Confirm first that it is you: open /account/confirm/, then ask again."))


def sign_in_with_new_password(request: HttpRequest, user: User) -> None:
    """Sign somebody in who has just chosen a password: the second factor comes next."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, "password")


def keyed_hash(key: str, key_prefix: str, version: int) -> str:
    """Return the key under which tries to sign in are counted: allauth's own names the address they come from."""
    return salted_hmac("people.sign_in", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()


def start_clocks(*, request: HttpRequest, **_kwargs: Any) -> None:
    """At every sign-in: both limits of the session begin to run."""
    begin_session(request.session, now=timezone.now())


def second_factor_was_set_up(*, request: HttpRequest, user: User, authenticator: Any, **_kwargs: Any) -> None:
    """Whoever has just set a second factor up has shown it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def second_factor_was_removed(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Whoever has removed the last one is led to set up another."""
    if not has_second_factor(user):
        forget_second_factor(request)


def connect() -> None:
    """Listen to allauth and Django."""
    user_logged_in.connect(start_clocks, dispatch_uid="people.start_clocks")
    authenticator_added.connect(second_factor_was_set_up, sender=Authenticator, dispatch_uid="people.set_up")
    authenticator_removed.connect(second_factor_was_removed, sender=Authenticator, dispatch_uid="people.removed")
