"""Prevention: hotspots of a reader's districts, measures there, and what came of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.models import Measure
from analysis.past import ask_for_evaluation
from analysis.prevention import deeds
from analysis.prevention.errors import MeasureRefused, NotTheirs
from analysis.prevention.places import districts_served, hotspots_now, serves_in
from geo.models import City, District
from geo.moments import local_day
from mapui.letter_readers import reader, reader_of_counted_letters
from mapui.permissions import has_role
from mapui.prevention.forms import ChangeForm, CommentForm, MeasureForm
from mapui.prevention.page import Search, place_facts, places_of, prevention_page
from people.models import Membership


@require_safe
@never_cache
@reader_of_counted_letters
def prevention(request: HttpRequest, city: City) -> HttpResponse:
    """Show hotspots, what was done at them, and before and after."""
    user, now = reader(request), timezone.now()
    context = prevention_page(city, user, request.GET, at=now) | {
        "city": city,
        "records": serves_in(user, city, on=local_day(now)),
    }
    return render(request, "mapui/staff/prevention/page.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reader_of_counted_letters
def record(request: HttpRequest, city: City, number: int | None = None) -> HttpResponse:
    """Plan or record a measure: at the hotspot of today that holds `cell`, or at the place of a number."""
    user, now = reader(request), timezone.now()
    today = local_day(now)
    if not serves_in(user, city, on=today):
        raise PermissionDenied
    places = places_of(city, user, on=today)
    place = next((each for each in places if each.number == number), None)
    if number is not None and place is None:
        raise Http404
    search = Search.read(request.POST or request.GET, today=today)
    cell = _whole((request.POST or request.GET).get("cell", ""))
    form = MeasureForm(request.POST or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"draft": form.draft, "key": form.cleaned_data["key"], "by": user, "at": now}
        try:
            if place:
                deeds.record_measure(place=place, **given)
            else:
                deeds.record_at_hotspot(city=city, filters=search.filters, cell=cell, **given)
        except NotTheirs as refusal:
            raise PermissionDenied from refusal
        except MeasureRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The measure is recorded."))
            return redirect("staff_prevention", city.slug)
    context = {
        "city": city,
        "form": form,
        "place": place and place_facts(place),
        "hotspot": None if place else _hotspot(city, request, search, cell),
        "search": search,
        "cell": cell,
    }
    return render(request, "mapui/staff/prevention/record.html", context)


@require_safe
@never_cache
@reader_of_counted_letters
def measure(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Show one measure whole: what it is, every version of it, what was said to it."""
    return _page(request, city, _measure(request, city, pk))


@never_cache
@require_POST
@reader_of_counted_letters
def deed(request: HttpRequest, city: City, pk: int, name: str) -> HttpResponse:
    """Change, withdraw, put back, comment or erase; what is refused is told beside what was filled in."""
    found = _measure(request, city, pk)
    form: ChangeForm | CommentForm | None = None
    given: dict[str, Any] = {"measure": found, "by": reader(request), "at": timezone.now()}
    after = _whole(request.POST.get("after", ""))
    refused = ""
    try:
        match name:
            case "change":
                form = ChangeForm(request.POST)
                if form.is_valid():
                    deeds.change_measure(draft=form.draft, after=after, **given)
            case "comment":
                form = CommentForm(request.POST)
                if form.is_valid():
                    deeds.comment_on(text=form.cleaned_data["text"], key=form.cleaned_data["key"], **given)
            case "withdraw":
                deeds.withdraw_measure(after=after, **given)
            case "put-back":
                deeds.put_back(number=_whole(request.POST.get("number", "")), after=after, **given)
            case "erase":
                deeds.erase_words(**given)
            case _:
                raise Http404
    except NotTheirs as refusal:
        raise PermissionDenied from refusal
    except MeasureRefused as refusal:
        refused = str(refusal)
    if refused or (form and form.errors):
        return _page(request, city, _measure(request, city, pk), failed=form, refused=refused)
    messages.success(request, _("Saved."))
    return redirect("staff_measure", city.slug, pk)


@never_cache
@require_POST
@reader_of_counted_letters
def evaluate(request: HttpRequest, city: City) -> HttpResponse:
    """Let the past of the city be evaluated anew, because its supervisor asks."""
    if not has_role(reader(request), city, Membership.Role.SUPERVISOR):
        raise PermissionDenied
    ask_for_evaluation(city)
    messages.success(request, _("It is being computed. Open this page again in a minute."))
    return redirect("staff_prevention", city.slug)


def _page(
    request: HttpRequest,
    city: City,
    found: Measure,
    *,
    failed: ChangeForm | CommentForm | None = None,
    refused: str = "",
) -> HttpResponse:
    user, today = reader(request), local_day(timezone.now())
    versions = list(found.versions.all())
    context = {
        "city": city,
        "measure": found,
        "now": versions[-1],
        "versions": versions[::-1],
        "comments": found.comments.all(),
        "place": place_facts(found.place),
        "records": District.objects.filter(districts_served(user, on=today), pk=found.place.district_id).exists(),
        "form": failed if isinstance(failed, ChangeForm) else ChangeForm.of(versions[-1]),
        "comment_form": failed if isinstance(failed, CommentForm) else CommentForm(),
        "failed": failed,
        "refused": refused,
    }
    return render(request, "mapui/staff/prevention/measure.html", context, status=422 if failed or refused else 200)


def _measure(request: HttpRequest, city: City, pk: int) -> Measure:
    today = local_day(timezone.now())
    found = Measure.objects.visible_to(reader(request), on=today).filter(place__city=city, pk=pk).whole().first()
    if found is None:
        raise Http404
    return found


def _hotspot(city: City, request: HttpRequest, search: Search, cell: int) -> Any:
    """Return the hotspot of today that holds a cell, or None."""
    _found, hotspots = hotspots_now(city, reader(request), search.filters, at=timezone.now(), resamples=0)
    return next((each for each in hotspots if cell in each.cells), None)


def _whole(text: str) -> int:
    """Read a whole number below 2^63; anything else is 0, which is nothing's number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
