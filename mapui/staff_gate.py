"""What a sign-in is worth: nothing without a second factor, nothing after it has ended."""

import datetime
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from appeals.uploads import keep_photos_in_memory
from geo.problems import problem
from people.sessions import SessionLimits, passed_second_factor, see_session, session_has_ended

OPEN_WITHOUT_SECOND_FACTOR = {
    "account_logout", "account_reauthenticate", "language",
    "mfa_activate_totp", "mfa_add_webauthn",
}  # fmt: skip
"""Names of what a person may open who has shown a password alone."""
OFFICE = "/staff/"
PAGES = (OFFICE, "/admin/", "/account/")
API = ("/api/v1/staff/", "/api/v1/analysis/")
TYPED_AT_LEAST = 20
"""Shorter words are typed again sooner than copied, and what is one word alone is a key of the form."""


class StaffGate:
    """End sessions that are too old, and treat a sign-in without a second factor as nobody's.

    Nobody's everywhere, so that no address can be forgotten here; `PAGES` and `API` only say what to do next.
    A visitor without a session's cookie costs nothing, and gets answers that caches may keep.
    """

    clock: Callable[[], datetime.datetime] = staticmethod(timezone.now)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.limits = SessionLimits(idle=settings.STAFF_IDLE_LIMIT, absolute=settings.STAFF_SESSION_LIMIT)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Everything is decided once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Sign out what has ended; lead whoever has no second factor to set one up; else write the visit down."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        now = self.clock()
        if session_has_ended(request.session, now=now, limits=self.limits):
            logout(request)
            keep_photos_in_memory(request)  # whatever comes with the words that are given back
            return _give_back(request) if request.method == "POST" else None
        see_session(request.session, now=now)
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in OPEN_WITHOUT_SECOND_FACTOR or passed_second_factor(request):
            if request.path_info.startswith(OFFICE) and request.method in {"GET", "HEAD"}:
                request.user.fetch_roles()  # a deed asks anew: it may wait for a lock while a role is taken away
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


def _give_back(request: HttpRequest) -> HttpResponse | None:
    """Show what was typed to whoever sends it after the end: the sign-in page alone would lose it."""
    typed = [
        value
        for name, values in request.POST.lists()
        for value in values
        if len(value) >= TYPED_AT_LEAST and len(value.split()) > 1 and "password" not in name
    ]
    if not request.path_info.startswith(PAGES) or not typed:
        return None
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    back = urlsplit(came_from)._replace(scheme="", netloc="").geturl() if is_ours else reverse("staff_home")
    sign_in = f"{reverse('account_login')}?{urlencode({'next': back})}"
    page = render(request, "mapui/session_ended.html", {"typed": typed, "sign_in": sign_in}, status=403)
    add_never_cache_headers(page)
    return page
