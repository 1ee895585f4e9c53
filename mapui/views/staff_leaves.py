"""Leaves of a city's officers as a calendar, with who stands in: looked over before a district is left empty."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from psycopg.types.range import DateRange

from geo.models import City
from geo.moments import local_day
from geo.prepared_queries import PreparedQuery, answers_of, given, keep_as_prefetched
from mapui.leaves import LeaveForm, Month, card_names, days_words, deed_words, month_table, warnings_of
from mapui.letter_readers import reader
from mapui.permissions import staff_of_city
from people import leaves as deeds
from people.foreseeing import empty_districts, foresee
from people.importing.plan import Days
from people.leaves import KEEP_LEAVES, LeaveRefused
from people.models import Leave, Membership, Posting, StaffDeed

DEEDS_SHOWN = 20


def _named() -> "QuerySet[Posting]":
    return Posting.objects.select_related("officer").only("leave", "during", "officer__name_uk", "officer__name_en")


AWAY: Final = PreparedQuery(
    lambda: (
        Leave.objects.filter(officer__city=given("city", "bigint"), during__overlap=given("since", "daterange"))
        .select_related("officer")
        .only("during", "officer__name_uk", "officer__name_en")
        .order_by("during")
    )
)
IN_THEIR_PLACE: Final = PreparedQuery(
    lambda: _named().filter(
        leave__officer__city=given("city", "bigint"), leave__during__overlap=given("since", "daterange")
    )
)
ACTING: Final = PreparedQuery(
    lambda: (
        _named()
        .filter(officer__city=given("city", "bigint"), role=Posting.Role.ACTING)
        .filter(during__overlap=given("month", "daterange"))
        .order_by()
    )
)
DEEDS: Final = PreparedQuery(
    lambda: StaffDeed.objects.filter(city=given("city", "bigint"), deed=StaffDeed.Deed.LEAVE).select_related("by")[
        :DEEDS_SHOWN
    ]
)


@require_safe
@never_cache
@staff_of_city(*KEEP_LEAVES)
def leaves(request: HttpRequest, city: City) -> HttpResponse:
    """Show a month: who is away, who stands in, where nobody answers; what is to come, and what was done."""
    today = local_day(timezone.now())
    month = Month.read(request.GET.get("month", ""), today=today)
    some = {"city": city.pk, "since": DateRange(month.first, None)}
    away, in_their_place, acting, done = answers_of(
        AWAY.asked(**some),
        IN_THEIR_PLACE.asked(**some),
        ACTING.asked(city=city.pk, month=DateRange(*month.span.bounds)),
        DEEDS.asked(city=city.pk),
    )
    for leave in away:
        keep_as_prefetched(leave, "substitutes", [each for each in in_their_place if each.leave_id == leave.pk])
    told = [_told(each) for each in away]
    in_month = [each["leave"] for each in told if each["span"].overlaps(month.span)]
    empty = empty_districts(city, within=month.span)
    names = card_names(city)
    context = {
        "city": city,
        "today": today,
        "month": month,
        "supervises": reader(request).has_role(city, Membership.Role.SUPERVISOR),
        "table": month_table(month, in_month, acting, empty, today=today),
        "empty": [{"district": each.district.name, "days": days_words(each.days)} for each in empty],
        "leaves": told,
        "deeds": [
            {"deed": each, "words": deed_words(each, names), "may_undo": _is_newest(each, done)} for each in done
        ],
    }
    return render(request, "mapui/staff/leaves/page.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_city(*KEEP_LEAVES)
def new(request: HttpRequest, city: City) -> HttpResponse:
    """Put a leave down; where it would leave something undone, that is said first."""
    now = timezone.now()
    form = LeaveForm(request.POST or None, city=city, on=local_day(now))

    def put_down() -> object:
        officer = form.cleaned_data["officer"]
        return deeds.put_down(by=reader(request), officer=officer, absence=form.absence, at=now)

    return _answer(request, city, form, put_down, leave=None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_of_city(*KEEP_LEAVES)
def change(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Change days or substitute of a leave."""
    now = timezone.now()
    leave = _leave(city, pk)
    if request.method == "POST":
        form = LeaveForm(request.POST, city=city, on=local_day(now), leave=leave)
    else:
        form = LeaveForm.of(leave, city=city, on=local_day(now))

    def do() -> object:
        return deeds.change(by=reader(request), leave=_leave(city, pk), absence=form.absence, at=now)

    return _answer(request, city, form, do, leave=leave)


@require_POST
@never_cache
@staff_of_city(*KEEP_LEAVES)
def end(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Let an officer be back today, or take back a leave that has not begun."""
    return _done(request, city, lambda: deeds.end(by=reader(request), leave=_leave(city, pk), at=timezone.now()))


@require_POST
@never_cache
@staff_of_city(*KEEP_LEAVES)
def undo(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Put a leave back as it stood before a deed."""
    deed = get_object_or_404(StaffDeed, pk=pk, city=city, deed=StaffDeed.Deed.LEAVE)
    return _done(request, city, lambda: deeds.undo(by=reader(request), deed=deed, at=timezone.now()))


def _answer(
    request: HttpRequest, city: City, form: LeaveForm, do: Callable[[], object], *, leave: Leave | None
) -> HttpResponse:
    """Do what the form says, unless it has to be looked over first."""
    warnings: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            if "anyway" not in request.POST:
                warnings = warnings_of(foresee(do, city=city, absence=form.absence))
            if not warnings:
                do()
        except LeaveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not warnings:
                messages.success(request, _("The leave is put down."))
                return redirect("staff_leaves", city.slug)
    context = {"city": city, "form": form, "warnings": warnings, "leave": leave}
    return render(request, "mapui/staff/leaves/leave.html", context, status=422 if form.errors or warnings else 200)


def _done(request: HttpRequest, city: City, do: Callable[[], object]) -> HttpResponse:
    try:
        do()
    except LeaveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. It stands below among what was done."))
    return redirect("staff_leaves", city.slug)


def _leave(city: City, pk: int) -> Leave:
    return get_object_or_404(Leave.objects.select_related("officer__city"), pk=pk, officer__city=city)


def _told(leave: Leave) -> dict[str, Any]:
    """A leave with its days and its substitute, from what is loaded with it."""
    acting = sorted(leave.substitutes.all(), key=lambda each: each.during.lower, reverse=True)
    days = Days.between(leave.during.lower, leave.during.upper)
    return {"leave": leave, "days": days_words(days), "substitute": acting[0].officer if acting else None, "span": days}


def _is_newest(deed: StaffDeed, done: list[StaffDeed]) -> bool:
    """Whether no later deed of those shown was about the same leave."""
    return next(each for each in done if each.facts.get("leave") == deed.facts.get("leave")) == deed
