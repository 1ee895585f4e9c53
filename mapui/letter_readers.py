"""Who may open a page of letters, and which letters it shows: whoever asks sees under their own eyes alone."""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse

from analysis.released import reads_releases_of
from appeals.access import as_staff
from appeals.models import Appeal, AppealQuerySet, reads_letters_in
from appeals.whole import letter_read_by
from geo.models import City
from geo.prepared_queries import PreparedQuery, given
from mapui.permissions import first_or_404, has_role
from people.models import Membership, User

NUMBER = re.compile(r"(\d{4})-(\d{5,9})")
CityView = Callable[..., HttpResponse]
CITY_WITH_OFFICE: Final = PreparedQuery(
    lambda: City.objects.with_office().filter(slug=given("slug", "text")).order_by()
)
CITY_ON_SITE: Final = PreparedQuery(
    lambda: City.objects.visible_on_site().filter(slug=given("slug", "text")).order_by()
)


def reader_of_letters(view: CityView) -> CityView:
    """Open `view(request, city, …)`, routed by `slug`, to whoever reads letters of that city today; else 403.

    The view runs under their eyes, and what it did is committed before its page is sent.
    """

    @wraps(view)
    @login_required
    def opened(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        with as_staff(reader(request)):
            return view(request, city_read_by(request, slug), *args, **kwargs)

    return opened


def supervisor_of_letters(view: CityView) -> CityView:
    """Open `view(request, city, …)`, routed by `slug`, to the supervisors of that city alone; else 403.

    The view runs under their eyes: a letter that is kept from one of them is not there for that one.
    """

    @wraps(view)
    def opened(request: HttpRequest, city: City, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(reader(request), city, Membership.Role.SUPERVISOR):
            raise PermissionDenied
        return view(request, city, *args, **kwargs)

    return reader_of_letters(opened)


def reader_of_counted_letters(view: CityView) -> CityView:
    """As `reader_of_letters`, for pages about numbers and places: a training copy has none of them, 404."""

    @wraps(view)
    def counted(request: HttpRequest, city: City, *args: Any, **kwargs: Any) -> HttpResponse:
        if city.is_copy or city.stage not in City.PAGE_STAGES:
            raise Http404
        return view(request, city, *args, **kwargs)

    return reader_of_letters(counted)


def reader_of_counts(view: CityView) -> CityView:
    """Open `view(request, city, live=…)`, routed by `slug`, to who reads letters or releases of that city; else 403.

    `live` says whether they read letters, and so live counts, today. The view runs under their eyes.
    """

    @wraps(view)
    @login_required
    def opened(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        with as_staff(reader(request)):
            city = _city_on_site(slug)
            live = reads_letters_in(request.user, city)
            if not (live or reads_releases_of(request.user, city)):
                raise PermissionDenied
            return view(request, city, live=live, **kwargs)

    return opened


def reader_of_letter(view: CityView) -> CityView:
    """Open `view(request, city, letter)`, routed by `slug` and `number`, to whoever may read the letter; else 404.

    An administrator gets in too where they opened that letter for a reason; else 403.
    """

    @wraps(view)
    @login_required
    def opened(request: HttpRequest, slug: str, number: str, **kwargs: Any) -> HttpResponse:
        user = reader(request)
        with as_staff(user):
            city = _city(slug)
            letter = letter_of(request, city, number)
            if letter is None and not reads_letters_in(user, city):  # an administrator reads none but what they opened
                raise PermissionDenied
            if letter is None:
                raise Http404
            return view(request, city, letter, **kwargs)

    return opened


def city_read_by(request: HttpRequest, slug: str) -> City:
    """Return a city whose letters the signed-in person reads today. Raises Http404, PermissionDenied."""
    city = _city(slug)
    if not reads_letters_in(request.user, city):
        raise PermissionDenied
    return city


def _city(slug: str) -> City:
    return first_or_404(CITY_WITH_OFFICE.rows(slug=slug))


def _city_on_site(slug: str) -> City:
    return first_or_404(CITY_ON_SITE.rows(slug=slug))


def reader(request: HttpRequest) -> User:
    """Return the signed-in person, where the page let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def letters_of(request: HttpRequest, city: City) -> AppealQuerySet:
    """Return the letters of a city that the signed-in person may read."""
    letters: AppealQuerySet = Appeal.objects.visible_to(request.user).filter(city=city)
    return letters


def letter_of(request: HttpRequest, city: City, number: str) -> Appeal | None:
    """Return the letter of a public number, where the signed-in person may read it."""
    written = NUMBER.fullmatch(number)
    if written is None:
        return None
    return letter_read_by(reader(request), city=city, year=int(written[1]), number=int(written[2]))


def numbered(letters: AppealQuerySet, numbers: Iterable[str]) -> AppealQuerySet:
    """Return those of some letters of one city that have these public numbers."""
    found = Q(pk__in=[])
    for written in filter(None, map(NUMBER.fullmatch, numbers)):
        found |= Q(year=int(written[1]), number=int(written[2]))
    return letters.filter(found)
