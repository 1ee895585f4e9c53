"""The officer's office: what waits today in each city, and my letters on a list and a map."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.released import reads_releases_of
from appeals.access import as_staff
from appeals.filters import WAITING, BadFilter, Due, LetterFilters, due_of
from appeals.models import Appeal, AppealQuerySet, Notice, reads_letters_in
from geo.models import City
from geo.moments import local_day
from mapui.letter_filters import FilterForm
from mapui.letter_readers import letter_of, letters_of, reader, reader_of_letters
from mapui.permissions import has_role
from people.models import Membership, User

PAGE_SIZE = 50


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where to begin: every city of the signed-in person (all of them for a superuser), with what waits there."""
    user = reader(request)
    cities = City.objects.all() if user.is_superuser else City.objects.filter(memberships__user=user).distinct()
    shown, on_site = set(City.objects.with_office()), set(City.objects.visible_on_site())
    with as_staff(user):
        offices = [
            {
                "city": city,
                "roles": user.memberships.filter(city=city),
                "runs": runs,
                "coordinates": runs and has_role(user, city, Membership.Role.COORDINATOR),
                "moderates": moderates,
                "to_prepare": _to_prepare(user, city) if moderates else 0,
                "undelivered": Notice.objects.shown_to(user, city).undelivered().count() if runs else 0,
                "opens_for_a_reason": user.is_superuser and city in shown,
                "supervises": city in shown
                and user.memberships.filter(city=city, role=Membership.Role.SUPERVISOR).exists(),
                "facts": facts_of(letters_of(request, city))
                if city in shown and reads_letters_in(user, city)
                else None,
                "counts": city in on_site and (reads_letters_in(user, city) or reads_releases_of(user, city)),
            }
            for city in cities
            for runs in [has_role(user, city, Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR)]
            for moderates in [user.memberships.filter(city=city, role=Membership.Role.MODERATOR).exists()]
        ]
    return render(request, "mapui/staff/home.html", {"offices": offices})


@require_safe
@never_cache
@reader_of_letters
def appeals(request: HttpRequest, city: City) -> HttpResponse:
    """The list and the map of my letters: what waits, the most urgent first, or what the filters let through."""
    letters, today = letters_of(request, city), local_day(timezone.now())
    query = request.GET.copy()
    query.setdefault("state", WAITING)
    form, problem = FilterForm(query), ""
    try:
        filters = LetterFilters.read(query)
    except BadFilter as bad:
        problem, filters = str(bad), LetterFilters(state=WAITING)
    shown = filters.applied(letters, today=today)
    building = letter_of(request, city, request.GET["building"]) if "building" in request.GET else None
    if "building" in request.GET:
        shown = shown.repeats_of(building, at=timezone.now()) if building else shown.none()
    page = Paginator(shown.with_names().most_urgent_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "city": city,
        "form": form,
        "problem": problem,
        "building": building,
        "is_filtered": filters != LetterFilters(state=WAITING) or building is not None,
        "page": page,
        "rows": [{"appeal": each, "due": due_of(each, on=today)} for each in page],
        "today": today,
        "facts": facts_of(letters, today=today),
        "query": _without_page(query),
        "due_kinds": Due,
    }
    return render(request, "mapui/staff/appeals/list.html", context)


def _to_prepare(user: User, city: City) -> int:
    """Count the letters that wait for a moderator to prepare them for the site."""
    letters: AppealQuerySet = Appeal.objects.publishable_in_cities_of(user).filter(city=city)
    return letters.with_publishing().awaiting_text().count()


def facts_of(letters: AppealQuerySet, *, today: Any = None) -> dict[str, int]:
    """Count what waits, what is due today and what is overdue, in one question."""
    today = today or local_day(timezone.now())
    return letters.waiting().aggregate(
        waiting=Count("pk"),
        due_today=Count("pk", filter=Q(answer_due_on=today)),
        overdue=Count("pk", filter=Q(answer_due_on__lt=today)),
    )


def _without_page(query: QueryDict) -> str:
    """Return the filters as they stand in an address: for the map, and for the next page of the list."""
    query.pop("page", None)
    return query.urlencode()
