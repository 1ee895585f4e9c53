"""Cards and texts that the public reads, for the staff: all of them, one to change, its history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appeals.card_reports import ReportRefused, take_up
from appeals.models import CardReport
from appeals.topics import CATEGORY
from geo.labels import in_counting_order
from geo.models import City
from mapui.change_forms import WhyForm, form_for
from mapui.change_words import Line, Wording
from mapui.letter_readers import reader
from mapui.lists import SearchForm, page_of
from mapui.page_texts import FACTS
from mapui.permissions import has_role, staff_of_city, under_own_eyes
from people.models import Membership, Page, Proposal
from people.page_proposals import PAGE, pages_now
from people.proposal_rules import ChangedMeanwhile, ProposalRefused, can_be_undone, may_decide, may_propose
from people.proposing import change, propose
from people.subjects import DISTRICT, OFFICER, STATION, city_of, subject_called, subject_of, values_of

Role = Membership.Role
STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.MODERATOR, Role.COORDINATOR)
KEEP = (Role.SUPERVISOR, Role.MODERATOR, Role.COORDINATOR)
HISTORY_SHOWN = 20
CARDS_SHOWN = 60
PK_DIGITS = 19
"""Longer numbers are no keys."""


@require_safe
@never_cache
@staff_of_city(*KEEP)
def cards(request: HttpRequest, city: City) -> HttpResponse:
    """What can be changed of a city, one kind at a time, each with the way to it; `q` finds some by their name."""
    _no_copy(city)
    kinds = {
        OFFICER: _("Officers"), STATION: _("Stations"), DISTRICT: _("Districts"), CATEGORY: _("Categories"),
        PAGE: _("Pages of text"),
    }  # fmt: skip
    user = reader(request)
    roles = user.roles_in(city)
    kinds = {
        each: name for each, name in kinds.items()
        if user.is_superuser or roles & {*each.deciders, *each.proposers}
    }  # fmt: skip
    subject = next((each for each in kinds if each.kind == request.GET.get("kind")), OFFICER)
    form = SearchForm(request.GET)
    sought = form.cleaned_data["q"] if form.is_valid() else ""
    rows: Any
    if subject is PAGE:
        rows = [each for each in pages_now(city) if sought.casefold() in each.name.casefold()]
    else:
        rows = subject.model._default_manager.filter(**({"city": city} if subject.is_of_city else {}))
        if sought:
            rows = rows.filter(Q(name_uk__icontains=sought) | Q(name_en__icontains=sought))
    if subject is DISTRICT:
        rows = sorted(rows, key=lambda each: in_counting_order(each.code))
    page = page_of(request, rows, size=CARDS_SHOWN)
    waiting = Proposal.objects.waiting().filter(city=city, kind=subject.kind, subject_pk__in=[row.pk for row in page])
    waits = set(waiting.values_list("subject_pk", flat=True))
    context = {
        "city": city,
        "kinds": [(each.kind, name, each is subject) for each, name in kinds.items()],
        "kind": subject.kind,
        "name": kinds[subject],
        "form": form,
        "sought": sought,
        "page": page,
        "rows": [(row, row.pk in waits) for row in page],
    }
    return render(request, "mapui/staff/changes/cards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(*STAFF)
@under_own_eyes
def card(request: HttpRequest, city: City, kind: str, pk: int) -> HttpResponse:
    """One card or text: change it, or propose a change where somebody else decides."""
    user = reader(request)
    row = _row(city, kind, pk)
    if not may_propose(user, row, city):
        raise PermissionDenied
    decides = may_decide(user, row)
    if decides and isinstance(row, Page):  # with a preview, and every version
        return redirect("staff_page", city.slug, row.kind)
    report = _report(request, city)
    clash: list[Line] = []
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form, why = form_for(_row(city, kind, pk), *posted), WhyForm(*posted[:1])
    if posted and form.is_valid() and why.is_valid():
        typed = form.changes()
        given: dict[str, Any] = {
            "by": user, "city": city, "row": row, "changes": typed, "why": why.cleaned_data["why"],
            "shown": form.seen, "at": timezone.now(),
        }  # fmt: skip
        try:
            with transaction.atomic():
                done = change(**given) if decides else propose(**given)
                if report:
                    take_up(by=user, report=report, proposal=done)
        except (ProposalRefused, ReportRefused, ValidationError) as refusal:
            form.give_back()
            form.add_error(None, sentences(refusal))
            if isinstance(refusal, ChangedMeanwhile):
                clash = Wording(city).lines(kind, values_of(row), typed)
        else:
            said = _("It is changed.") if decides else _("Your proposal waits for a decision. You see it here.")
            messages.success(request, said)
            return redirect("staff_mistake" if report else "staff_change", city.slug, (report or done).pk)
    context = {
        "city": city, "kind": Proposal.Kind(kind), "row": row, "form": form, "why": why, "decides": decides,
        "clash": clash, "report": report, "facts": FACTS.items(),
        "waiting": Proposal.objects.shown_to(user, city).waiting().about(Proposal.Kind(kind), pk).select_related("by"),
    }  # fmt: skip
    return render(request, "mapui/staff/changes/card.html", context, status=422 if form.errors or why.errors else 200)


@require_safe
@never_cache
@staff_of_city(*STAFF)
def history(request: HttpRequest, city: City, kind: str, pk: int) -> HttpResponse:
    """Every change of one card or text: what, by whom, when and why, the newest first."""
    user = reader(request)
    row = _row(city, kind, pk)
    if not may_propose(user, row, city):
        raise PermissionDenied
    done = Proposal.objects.carried_out().about(Proposal.Kind(kind), pk).select_related("by", "decided_by", "undoes")
    if subject_of(row).is_of_city:  # a page of text has one key in every city
        done = done.filter(city=city)
    page = page_of(request, done, size=HISTORY_SHOWN)
    wording, decides = Wording(city), may_decide(user, row)
    context = {
        "city": city,
        "kind": Proposal.Kind(kind),
        "row": row,
        "page": page,
        "changes": [
            {
                "change": each,
                "lines": wording.done(each),
                # What every city has may have been changed from another one: what, and nobody's name.
                "is_foreign": not user.is_superuser and each.city_id not in (None, city.pk),
                "may_undo": decides and can_be_undone(each, row),
            }
            for each in page
        ],
    }
    return render(request, "mapui/staff/changes/history.html", context)


def sentences(refusal: ProposalRefused | ReportRefused | ValidationError) -> list[str]:
    """Say why something was refused."""
    return refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]


def _report(request: HttpRequest, city: City) -> CardReport | None:
    """The report because of which the card is changed, where one is named and still open."""
    key = request.POST.get("report") or request.GET.get("report", "")
    if not (key.isascii() and key.isdigit() and len(key) < PK_DIGITS and has_role(reader(request), city, *KEEP)):
        return None
    return CardReport.objects.open().filter(city=city, pk=int(key)).first()


def _row(city: City, kind: str, pk: int) -> Model:
    """Return a card or text of a city, or one of every city. Raises Http404."""
    _no_copy(city)
    subject = subject_called(kind)
    row = subject.row(pk, city) if subject else None
    if row is None or city_of(row) not in (None, city):
        raise Http404
    return row


def _no_copy(city: City) -> None:
    """Cards of a training copy come from its city, and are changed there. Raises Http404."""
    if city.is_copy:
        raise Http404
