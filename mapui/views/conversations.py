"""Coming back to a letter with its receipt, by POST alone: read the answer, write again."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from appeals.errors import LetterRefused, UnknownReceipt
from appeals.services import add_writer_message, appeal_by_receipt
from appeals.workflow import State
from geo.api import caller
from geo.limits import FixedWindow
from mapui import visits
from mapui.letter_forms import ReceiptForm, TurnForm

TRIES_PER_MINUTE = 30
_tries = FixedWindow()


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Open a conversation with its receipt, and write again. One address for everything.

    What comes again from a browser's history after the writer has left opens the beginning.
    """
    if request.method != "POST" or not visits.is_of_visit(request):
        return _receipt_page(request, ReceiptForm())
    form = ReceiptForm(request.POST)
    if _tries.take(caller(request), limit=TRIES_PER_MINUTE, now_s=time.monotonic()).is_spent:
        form.add_error("receipt", _("Too many tries. Wait a minute and try again."))
        return _receipt_page(request, form, status=429)
    if not form.is_valid():
        return _receipt_page(request, form)
    receipt = form.cleaned_data["receipt"]
    turn = TurnForm(request.POST) if "body" in request.POST else None
    context: dict[str, Any] = {"receipt": receipt, "turn": turn or TurnForm.fresh()}
    try:
        if turn and turn.is_valid():
            data = turn.cleaned_data
            add_writer_message(receipt=receipt, body=data["body"], sent_at=timezone.now(), key=data["key"])
            context |= {"turn": TurnForm.fresh(), "added": True}
    except UnknownReceipt:
        pass  # told below, as for any receipt
    except LetterRefused as refusal:
        if turn:
            turn.refuse(refusal)
    try:
        appeal = appeal_by_receipt(receipt)
    except UnknownReceipt as unknown:
        form.add_error("receipt", str(unknown))
        return _receipt_page(request, form)
    context |= {"appeal": appeal, "can_write": appeal.state not in {State.CLOSED, State.SPAM}}
    return _shown(request, "mapui/letters/conversation.html", context | {"step": "talk"})


def _receipt_page(request: HttpRequest, form: ReceiptForm, status: int = 200) -> HttpResponse:
    is_of_visit = visits.is_of_visit(request)
    context = {"form": form, "unsent": request.POST.get("body", "") if is_of_visit else "", "step": "receipt"}
    return _shown(request, "mapui/letters/receipt.html", context, status)


def _shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    visit = visits.visit_of(request)
    response = render(request, template, context | {"visit": visit}, status=status)
    visits.go_on(request, response, visit)
    return response
