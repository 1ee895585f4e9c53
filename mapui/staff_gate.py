"""What a sign-in is worth: nothing without a second factor, nothing after it has ended."""

import datetime
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.problems import problem
from people.sessions import SessionLimits, passed_second_factor, see_session, session_has_ended

OPEN_WITHOUT_SECOND_FACTOR = {
    "account_logout", "account_reauthenticate", "language",
    "mfa_activate_totp", "mfa_add_webauthn",
}  # fmt: skip
"""Names of what a person may open who has shown a password alone."""
PAGES = ("/staff/", "/admin/", "/account/")
API = ("/api/v1/staff/", "/api/v1/analysis/")


class StaffGate:
    """End sessions that are too old, and treat a sign-in without a second factor as nobody's.

    Nobody's everywhere, so that no address can be forgotten here; `PAGES` and `API` only say what to do next.
    """

    clock: Callable[[], datetime.datetime] = staticmethod(timezone.now)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.limits = SessionLimits(idle=settings.STAFF_IDLE_LIMIT, absolute=settings.STAFF_SESSION_LIMIT)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A visitor without a session's cookie costs nothing, and gets answers that caches may keep."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = self.clock()
            if session_has_ended(request.session, now=now, limits=self.limits):
                logout(request)
            else:
                see_session(request.session, now=now)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead whoever has no second factor to set one up."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in OPEN_WITHOUT_SECOND_FACTOR or passed_second_factor(request):
            return None
        request.user = AnonymousUser()
        if request.path_info.startswith(PAGES):
            return redirect("mfa_activate_totp")
        if request.path_info.startswith(API):
            return problem(
                HTTPStatus.FORBIDDEN,
                "second-factor-needed",
                _("Set up a second factor first."),
                set_up=request.build_absolute_uri(reverse("mfa_activate_totp")),
            )
        return None
