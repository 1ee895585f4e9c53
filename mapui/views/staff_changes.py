"""Changes of cards and texts: what waits for a decision, what was decided, one of them side by side, undoing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from geo.models import City
from mapui.change_forms import DeclineForm, TextForm, form_for
from mapui.change_words import Wording, labels_of
from mapui.letter_readers import reader
from mapui.lists import Queue, list_address
from mapui.page_texts import sides_of
from mapui.permissions import has_role, staff_of_city
from mapui.views.staff_cards import KEEP, STAFF, sentences
from people import proposing
from people.models import HelpLine, Page, PageVersion, Proposal
from people.pages import PageText
from people.proposal_rules import ProposalRefused, can_be_undone, may_decide_about, may_propose
from people.subjects import found


@require_safe
@never_cache
@staff_of_city(*STAFF)
def changes(request: HttpRequest, city: City) -> HttpResponse:
    """What waits, the oldest first; or what was decided, the newest first."""
    shown = Proposal.objects.shown_to(reader(request), city).select_related("by", "decided_by")
    decided = shown.exclude(state=Proposal.State.WAITING).order_by("-decided_at", "-pk")
    queue = Queue(request, waiting=shown.waiting().order_by("at", "pk"), done=decided)
    context = {
        "city": city,
        "queue": queue,
        "changes": [_told(each) for each in queue.page],
        "keeps": has_role(reader(request), city, *KEEP),
    }
    return render(request, "mapui/staff/changes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(*STAFF)
def one(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """One change, old beside new; the button says what is done with it."""
    user = reader(request)
    about = get_object_or_404(Proposal.objects.shown_to(user, city).select_related("by", "decided_by"), pk=pk)
    about.city = city
    row = found(about)
    decides = may_decide_about(user, about, row)
    deed = request.POST.get("to", "")
    form = _edit_form(request, about, row) if decides and about.state == Proposal.State.WAITING else None
    decline = DeclineForm(request.POST if deed == "decline" else None)
    problem = ""
    if deed in DEEDS:
        try:
            say, leads = DEEDS[deed](request, city, about, form)
        except (ProposalRefused, ValidationError) as refusal:
            problem = " ".join(sentences(refusal))
        else:
            messages.success(request, say)
            return redirect(list_address(request, *leads))
    if request.method == "POST":
        about.refresh_from_db()
    wording, waits = Wording(city), about.state == Proposal.State.WAITING
    lines = wording.proposal(about, row) if waits else wording.done(about)
    context = {
        "city": city, "change": about, "row": row, "lines": lines, "waits": waits, "problem": problem,
        "is_stale": waits and any(line.now for line in lines),
        "decides": decides, "form": form, "decline": decline, "is_open": deed == "edit",
        "may_look": row is not None and may_propose(user, row, city),
        "asked": wording.lines(about.kind, about.was, about.proposed) if about.is_edited else [],
        "may_undo": decides and about.state == Proposal.State.APPROVED and can_be_undone(about, row),
        "was_undone": about.undone_by.exists(),
    } | (_as_read(row, about) if waits and isinstance(row, Page) else {})  # fmt: skip
    return render(request, "mapui/staff/changes/change.html", context, status=422 if problem else 200)


def _approve(request: HttpRequest, city: City, about: Proposal, form: TextForm | None) -> tuple[str, tuple[Any, ...]]:
    """As it was proposed."""
    shown = request.POST.get("shown", "")
    proposing.approve(by=reader(request), proposal=about, shown=shown, at=timezone.now())
    return _("Approved: the public reads it now."), ("staff_change", city.slug, about.pk)


def _edit(request: HttpRequest, city: City, about: Proposal, form: TextForm | None) -> tuple[str, tuple[Any, ...]]:
    """As the one who decides has edited it."""
    if form is None:
        return _approve(request, city, about, form)
    if not form.is_valid():
        raise ProposalRefused(_("Look at the fields below: something is not right yet."))
    try:
        proposing.approve(
            by=reader(request), proposal=about, shown=form.seen, at=timezone.now(), changes=form.changes()
        )
    except (ProposalRefused, ValidationError):
        form.give_back()
        raise
    return _("Approved: the public reads it now."), ("staff_change", city.slug, about.pk)


def _decline(request: HttpRequest, city: City, about: Proposal, form: TextForm | None) -> tuple[str, tuple[Any, ...]]:
    proposing.decline(
        by=reader(request), proposal=about, reason=request.POST.get("reason", "")[:500], at=timezone.now()
    )
    return _("Declined: the proposer reads why."), ("staff_changes", city.slug)


def _withdraw(request: HttpRequest, city: City, about: Proposal, form: TextForm | None) -> tuple[str, tuple[Any, ...]]:
    proposing.withdraw(by=reader(request), proposal=about, at=timezone.now())
    return _("You have taken your proposal back."), ("staff_changes", city.slug)


def _undo(request: HttpRequest, city: City, about: Proposal, form: TextForm | None) -> tuple[str, tuple[Any, ...]]:
    back = proposing.undo(by=reader(request), city=city, done=about, at=timezone.now())
    return _("Put back as it was. This is a change of its own."), ("staff_change", city.slug, back.pk)


Deed = Callable[[HttpRequest, City, Proposal, TextForm | None], tuple[str, tuple[Any, ...]]]
DEEDS: dict[str, Deed] = {
    "approve": _approve, "edit": _edit, "decline": _decline, "withdraw": _withdraw, "undo": _undo,
}  # fmt: skip


def _edit_form(request: HttpRequest, about: Proposal, row: Model | None) -> TextForm | None:
    """The card as it would be, to be edited before it is approved."""
    own = found(about) if row is not None else None
    if own is None:
        return None
    posted = (request.POST, request.FILES) if request.POST.get("to") == "edit" else ()
    return form_for(own, *posted, initial=dict(about.proposed))


def _as_read(page: Page, about: Proposal) -> dict[str, Any]:
    """A page as everybody would read it once its change is approved, in both languages."""
    kind = PageVersion.Kind(page.kind)
    texts = {"text_uk": page.text_uk, "text_en": page.text_en} | about.proposed
    return {
        "kind": kind,
        "title": kind.label,
        "sides": sides_of(PageText(kind, texts["text_uk"], texts["text_en"]), page.city),
        "help_lines": HelpLine.objects.shown_in(page.city),
    }


def _told(about: Proposal) -> dict[str, Any]:
    changed = about.proposed if about.became is None else about.became
    return {"change": about, "fields": labels_of(about.kind, changed)}
