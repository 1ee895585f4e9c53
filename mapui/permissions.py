"""Who may open a page of the staff."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from appeals.access import as_staff
from geo.models import City
from people.models import Membership, User

CityView = Callable[..., HttpResponse]
"""A view that takes the request and the city: `view(request, city, …)`."""


def staff_of_city(*roles: Membership.Role) -> Callable[[CityView], CityView]:
    """Open `view(request, city, …)`, routed by `slug`, to members of the city in one of the roles, and superusers.

    Without a sign-in the visitor goes to the sign-in page; without the role, 403; there is no such city: 404.
    """

    def decorate(view: CityView) -> CityView:
        @wraps(view)
        @login_required
        def opened(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            city = get_object_or_404(City, slug=slug)
            user = request.user
            if not (isinstance(user, User) and has_role(user, city, *roles)):
                raise PermissionDenied
            return view(request, city, *args, **kwargs)

        return opened

    return decorate


def under_own_eyes(view: CityView) -> CityView:
    """Run a view of the staff in one transaction that sees the letters its reader may see: `appeals.access`.

    What it did is committed before its page is sent. Stands inside of what lets the reader in.
    """

    @wraps(view)
    def seeing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)  # noqa: S101 - a sign-in was asked for
        with as_staff(request.user):
            return view(request, *args, **kwargs)

    return seeing


def has_role(user: User, city: City, *roles: Membership.Role) -> bool:
    """Whether a person has one of the roles in the city; a superuser has them all."""
    return user.is_active and (user.is_superuser or user.memberships.filter(city=city, role__in=roles).exists())
