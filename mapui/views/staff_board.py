"""The supervisor's board: what is due and overdue, where nobody answers, what is kept from whom; letters reassigned."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from appeals import services
from appeals.board import board, left_behind
from appeals.filters import ALL_THAT_WAIT, WAITING, BadFilter, LetterFilters, due_of
from appeals.listed import listed, waiting_keys
from appeals.models import Addressee, AppealQuerySet
from geo.models import City
from geo.moments import local_day
from mapui.board import ReassignForm, cells_of, district_rows, officer_rows
from mapui.letter_readers import letters_of, numbered, reader, supervisor_of_letters
from mapui.lists import PAGE_SIZE, page_of

ABOVE_SHOWN = 20
"""Letters of the supervisors that stand on the board itself; the list has them all."""
AT_ONCE = 50
"""Letters that are shown to be reassigned together."""


@require_safe
@never_cache
@supervisor_of_letters
def board_page(request: HttpRequest, city: City) -> HttpResponse:
    """Show what waits, by district or by officer; `all` puts every row on one page, to be printed."""
    today = local_day(timezone.now())
    counted = board(city, reader(request), on=today)
    shown_above = _above(letters_of(request, city)) if counted.above.waiting else ()
    by_officer = request.GET.get("by") == "officer"
    listed: Sequence[Any] = counted.officers if by_officer else counted.districts
    page = page_of(request, listed, size=max(len(listed), 1) if "all" in request.GET else PAGE_SIZE)
    context = {
        "city": city,
        "today": today,
        "board": counted,
        "total": cells_of(counted.total),
        "by_officer": by_officer,
        "page": page,
        "rows": officer_rows(page) if by_officer else district_rows(page),
        "above": [{"appeal": each, "due": due_of(each, on=today)} for each in shown_above],
        "above_all": counted.above.waiting,
    }
    return render(request, "mapui/staff/board/page.html", context)


def _above(letters: AppealQuerySet) -> AppealQuerySet:
    """Return the most urgent of what the supervisors answer themselves."""
    above = letters.waiting().filter(addressee=Addressee.SUPERVISOR).with_names().most_urgent_first()
    return above.select_related("recused_officer", "recused_supervisor")[:ABOVE_SHOWN]


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@supervisor_of_letters
def reassign(request: HttpRequest, city: City) -> HttpResponse:
    """Choose letters that wait, to whom they go, and why; they are shown as the filters of the address say."""
    now = timezone.now()
    query = request.GET.copy()
    query["state"] = WAITING
    try:
        filters, problem = LetterFilters.read(query), ""
    except BadFilter as bad:
        filters, problem = ALL_THAT_WAIT, str(bad)
    letters = letters_of(request, city)
    if filters == ALL_THAT_WAIT:
        shown = listed(waiting_keys(reader(request), city)[: AT_ONCE + 1])
    else:
        shown = listed(filters.in_order(filters.applied(letters, today=local_day(now)))[: AT_ONCE + 1])
    there_are_more, shown = len(shown) > AT_ONCE, shown[:AT_ONCE]
    if request.method == "POST":  # a more urgent letter that came meanwhile pushes none out that was ticked
        ticked_too = numbered(letters.waiting(), request.POST.getlist("letters")[:AT_ONCE])
        shown += [each for each in listed(ticked_too.most_urgent_first()) if each not in shown]
    # Whoever comes from the row of somebody who left means the letters counted there, not those they still answer.
    left = left_behind(city, shown, on=local_day(now)) if filters.officer else []
    ticked = [each.public_number for each in left]
    form = ReassignForm(request.POST or None, city=city, shown=shown, initial={"letters": ticked})
    if request.method == "POST" and form.is_valid():
        done = services.reassign(
            appeals=form.chosen, to=form.district, by=reader(request), at=now, reason=form.cleaned_data["reason"]
        )
        _tell(request, done)
        # What stays is shown again, with the same filters.
        return redirect(request.get_full_path() if done.refused else reverse("staff_board", args=[city.slug]))
    context = {
        "city": city,
        "today": local_day(now),
        "form": form,
        "problem": problem,
        "rows": [{"appeal": each, "due": due_of(each, on=local_day(now))} for each in shown],
        "there_are_more": there_are_more,
        "at_once": AT_ONCE,
    }
    return render(request, "mapui/staff/board/reassign.html", context, status=422 if form.errors else 200)


def _tell(request: HttpRequest, done: services.Reassigned) -> None:
    n = len(done.handed)
    if n:
        told = ngettext("%(n)s letter is handed over.", "%(n)s letters are handed over.", n) % {"n": n}
        messages.success(request, told)
    for appeal, refusal in done.refused:
        messages.warning(request, _("№ %(number)s stays: %(why)s") % {"number": appeal.public_number, "why": refusal})
