"""Who may open a page of the staff, and what asks for a fresh confirmation."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from appeals.access import as_staff
from geo.labels import SITE
from geo.models import City
from geo.prepared_queries import PreparedQuery, given
from people.models import Membership, User
from people.sign_in import is_confirmed

CITY: Final = PreparedQuery(lambda: City.objects.defer("outline").filter(slug=given("slug", "text")).order_by())
CityView = Callable[..., HttpResponse]
"""A view that takes the request and the city (None: the whole site): `view(request, city, …)`."""


def first_or_404(cities: list[City]) -> City:
    """Return the one city that was found. Raises Http404."""
    if not cities:
        raise Http404
    return cities[0]


def staff_of_city(*roles: Membership.Role) -> Callable[[CityView], CityView]:
    """Open `view(request, city, …)`, routed by `slug`, to members of the city in one of the roles, and superusers.

    Without a sign-in the visitor goes to the sign-in page; without the role, 403; there is no such city: 404.
    """

    def decorate(view: CityView) -> CityView:
        @wraps(view)
        @login_required
        def opened(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            city = first_or_404(CITY.rows(slug=slug))
            user = request.user
            if not (isinstance(user, User) and has_role(user, city, *roles)):
                raise PermissionDenied
            return view(request, city, *args, **kwargs)

        return opened

    return decorate


def staff_of_city_or_site(*roles: Membership.Role) -> Callable[[CityView], CityView]:
    """As `staff_of_city`; where an address says SITE in place of a city, to superusers, as `view(request, None, …)`."""

    def decorate(view: CityView) -> CityView:
        of_city = staff_of_city(*roles)(view)

        @wraps(view)
        @login_required
        def opened(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if slug != SITE:
                return of_city(request, *args, slug=slug, **kwargs)
            if not (request.user.is_active and request.user.is_superuser):
                raise PermissionDenied
            return view(request, None, *args, **kwargs)

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


def recently_confirmed(view: CityView) -> CityView:
    """Open a view to whoever has shown password or second factor within 15 minutes.

    Anybody else is asked first (allauth keeps what was posted, and goes on with it afterwards). It stands below the
    decorator that asks who they are.
    """

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_confirmed(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return confirmed


def has_role(user: User, city: City, *roles: Membership.Role) -> bool:
    """Whether a person has one of the roles in the city; a superuser has them all."""
    return user.is_active and (user.is_superuser or user.has_role(city, *roles))
