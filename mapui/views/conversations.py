"""Coming back to a letter with its receipt, by POST alone: read, write, correct, withdraw, rate, upgrade, erase."""

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from appeals import services
from appeals.doors import RECEIPTS, receipt_tried
from appeals.errors import LetterRefused, UnknownPhoto, UnknownReceipt
from appeals.models import Appeal, Message, Rating, Writer
from appeals.workflow import OPEN_STATES, REOPEN_DAYS, Lane, Move, Side, State, allowed_from
from geo.moments import local_day
from mapui import visits
from mapui.letter_doors import TICKET, WORK, turned_away
from mapui.letter_forms import ReceiptForm, TurnForm, UpgradeForm
from mapui.letter_photos import takes_photos

WITH_WORDS: Final[dict[str, tuple[Callable[..., Message], Any]]] = {
    "write": (services.add_writer_message, gettext_lazy("Your message is added.")),
    "correct": (services.correct, gettext_lazy("Your correction is added.")),
    "reopen": (services.reopen, gettext_lazy("The letter is open again.")),
    "complete": (services.complete, gettext_lazy("The letter is sent again.")),
}
"""What the writer does by writing: the deed, and what the page says then."""
WITHOUT_WORDS: Final[dict[str, tuple[Callable[..., Appeal], Any]]] = {
    "withdraw": (services.withdraw, gettext_lazy("The letter is withdrawn: nobody owes you an answer any more.")),
    "publish": (
        services.allow_publishing,
        gettext_lazy(
            "A moderator prepares the text. You see it here first, and nothing is published before you agree."
        ),
    ),
    "unpublish": (
        services.forbid_publishing,
        gettext_lazy("Nothing of the letter is published any more."),
    ),
    "erase": (
        services.erase_own_contacts,
        gettext_lazy("Your name and contacts are erased. You read answers here, with the receipt alone."),
    ),
}
"""What the writer does by pressing a button."""
ABOUT_A_VERSION: Final[dict[str, tuple[Callable[..., object], Any]]] = {
    "agree": (services.agree_to_version, gettext_lazy("It is published, exactly as you have seen it.")),
    "decline": (
        services.decline_version,
        gettext_lazy("It is not published so. A moderator may prepare another text."),
    ),
}
"""What the writer decides about the version, by its number, that they were shown."""


@takes_photos
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Open a conversation with its receipt, and do something in it. One address for everything.

    What comes again from a browser's history after the writer has left opens the beginning.
    """
    if request.method != "POST" or not visits.is_of_visit(request):
        return _receipt_page(request, ReceiptForm())
    if refusal := turned_away(request, RECEIPTS, subject=receipt_tried(request.POST.get("receipt", ""))):
        return refusal
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _receipt_page(request, form)
    receipt = form.cleaned_data["receipt"]
    context: dict[str, Any] = {"receipt": receipt, "turn": TurnForm.fresh(), "upgrade": UpgradeForm()}
    context |= {"shown_at_the_door": [(name, request.POST[name]) for name in (WORK, TICKET) if request.POST.get(name)]}
    try:
        if request.POST.get("to", "").startswith("photo:"):
            return _photo(request, receipt)
        context |= _done(request, receipt)
        appeal = services.read_by_writer(receipt=receipt, at=timezone.now())
    except UnknownReceipt as unknown:
        form.add_error("receipt", str(unknown))
        return _receipt_page(request, form)
    return _shown(request, "mapui/letters/conversation.html", context | _conversation(appeal))


def _done(request: HttpRequest, receipt: str) -> dict[str, Any]:
    """Do what the button that was pressed says, and return what the page shows of it. Raises UnknownReceipt."""
    name, _colon, value = request.POST.get("to", "write" if "body" in request.POST else "").partition(":")
    now = timezone.now()
    try:
        if name in WITH_WORDS:
            return _said(request, receipt, name)
        if name in WITHOUT_WORDS:
            deed, told = WITHOUT_WORDS[name]
            deed(receipt=receipt, at=now)
            return {"added": told}
        if name in ABOUT_A_VERSION:
            return _decided(receipt, name, value)
        if name == "rate":
            services.rate(receipt=receipt, rating=value, at=now)
            return {"added": _("Thank you: that is written down.")}
        return _upgraded(request, receipt) if name == "upgrade" else {}
    except UnknownReceipt:
        raise
    except LetterRefused as refusal:
        return {"told": str(refusal)}


def _decided(receipt: str, name: str, number: str) -> dict[str, Any]:
    """Agree to the version of that number, or decline it."""
    deed, told = ABOUT_A_VERSION[name]
    deed(receipt=receipt, number=int(number) if number.isdecimal() else 0, at=timezone.now())
    return {"added": told}


def _said(request: HttpRequest, receipt: str, name: str) -> dict[str, Any]:
    turn = TurnForm(request.POST, request.FILES)
    deed, told = WITH_WORDS[name]
    if not turn.is_valid():
        return {"turn": turn}
    try:
        deed(
            receipt=receipt,
            body=turn.cleaned_data["body"],
            sent_at=timezone.now(),
            key=turn.cleaned_data["key"],
            photos=turn.files_given(request),
        )
    except UnknownReceipt:
        raise
    except LetterRefused as refusal:
        turn.refuse(refusal)
        return {"turn": turn}
    return {"added": told}


def _photo(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show one photo whole, inside a page of this address: no address is the picture's own, so no history names it.

    Raises UnknownReceipt.
    """
    _name, _colon, key = request.POST["to"].partition(":")
    try:
        photo = services.photo_by_receipt(receipt=receipt, pk=uuid.UUID(key))
    except (ValueError, UnknownPhoto):
        raise Http404 from None
    return _shown(request, "mapui/letters/photo.html", {"receipt": receipt, "photo": photo, "step": "photo"})


def _upgraded(request: HttpRequest, receipt: str) -> dict[str, Any]:
    form = UpgradeForm(request.POST)
    if not form.is_valid():
        return {"upgrade": form}
    data = form.cleaned_data
    writer = Writer(name=data["name"], residence=data["residence"], email=data["email"], phone=str(data["phone"]))
    try:
        services.upgrade(receipt=receipt, writer=writer, at=timezone.now())
    except UnknownReceipt:
        raise
    except LetterRefused as refusal:
        form.add_error(None, str(refusal))
        return {"upgrade": form}
    return {"added": _("It is a formal appeal now: the law’s term runs from today.")}


def _conversation(appeal: Appeal) -> dict[str, Any]:
    """Return what the page shows of a letter, and what its writer may do now."""
    state = State(appeal.state)
    moves = allowed_from(state, by=Side.WRITER, lane=Lane(appeal.lane))
    answered_on = appeal.answered_on
    in_time = answered_on is not None and (local_day(timezone.now()) - answered_on).days <= REOPEN_DAYS
    anew = not (appeal.is_erased or appeal.has_lost_its_name)
    deeds = {
        "write": state in OPEN_STATES or (Move.ASK_AGAIN in moves and anew),
        "correct": state in OPEN_STATES,
        "reopen": Move.REOPEN in moves and in_time and anew,
        "complete": Move.COMPLETE in moves and anew,
    }
    return {
        "step": "talk",
        "appeal": appeal,
        "deeds": [name for name, is_open in deeds.items() if is_open],
        "can_withdraw": Move.WITHDRAW in moves and not appeal.is_erased,
        "can_upgrade": Move.UPGRADE in moves,
        "ratings": Rating.choices if answered_on and not appeal.is_erased else [],
        "held": services.held_about(appeal),
        "publishing": services.publishing_of(appeal),
    }


def _receipt_page(request: HttpRequest, form: ReceiptForm) -> HttpResponse:
    unsent = request.POST.get("body", "") if visits.is_of_visit(request) else ""
    return _shown(request, "mapui/letters/receipt.html", {"form": form, "unsent": unsent, "step": "receipt"})


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    visit = visits.visit_of(request)
    response = render(request, template, context | {"visit": visit})
    visits.go_on(request, response, visit)
    return response
