"""The officer's office: what waits today in each city, and my letters on a list and a map."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appeals.access import as_staff
from appeals.filters import ALL_THAT_WAIT, WAITING, BadFilter, Due, LetterFilters, due_of
from appeals.listed import listed, waiting_keys
from geo.models import City
from geo.moments import local_day
from mapui.letter_filters import FilterForm
from mapui.letter_readers import letter_of, letters_of, reader, reader_of_letters
from mapui.lists import SearchForm, long_page_of, page_of
from mapui.offices import facts_in, most_urgent_first, offices_of, sums_of

OFFICES_SHOWN = 6
"""Cities of a page: an administrator has all of them."""


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where to begin: every city of the signed-in person (all of them for a superuser), with what waits there.

    Cities with overdue letters come first, and above them stands what waits in all of them.
    """
    user = reader(request)
    with as_staff(user):
        offices = most_urgent_first(offices_of(user, on=local_day(timezone.now())))
    form = SearchForm(request.GET)
    sought = form.cleaned_data["q"].casefold() if form.is_valid() else ""
    found = [office for office in offices if sought in f"{office['city'].name_uk} {office['city'].name_en}".casefold()]
    page = page_of(request, found, size=OFFICES_SHOWN)
    context = {
        "page": page,
        "form": form,
        "sought": sought,
        "is_long": len(offices) > OFFICES_SHOWN,
        "sums": sums_of(offices),
    }
    return render(request, "mapui/staff/home.html", context)


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
        problem, filters = str(bad), ALL_THAT_WAIT
    shown = filters.applied(letters, today=today)
    building = letter_of(request, city, request.GET["building"]) if "building" in request.GET else None
    if "building" in request.GET:
        shown = shown.repeats_of(building, at=timezone.now()) if building else shown.none()
    is_filtered, facts = (
        filters != ALL_THAT_WAIT or building is not None,
        facts_in(city, reader(request), on=today),
    )
    is_whole = not is_filtered and "building" not in request.GET
    count = facts["waiting"] if is_whole else None
    ordered = waiting_keys(reader(request), city) if is_whole else filters.in_order(shown)
    page = long_page_of(request, ordered, load=listed, count=count, by_index=filters.is_settled)
    context = {
        "city": city,
        "form": form,
        "problem": problem,
        "building": building,
        "is_filtered": is_filtered,
        "page": page,
        "rows": [{"appeal": each, "due": due_of(each, on=today)} for each in page],
        "today": today,
        "facts": facts,
        "query": _without_page(query),
        "due_kinds": Due,
    }
    return render(request, "mapui/staff/appeals/list.html", context)


def _without_page(query: QueryDict) -> str:
    """Return the filters as they stand in an address, for the map."""
    query.pop("page", None)
    return query.urlencode()
