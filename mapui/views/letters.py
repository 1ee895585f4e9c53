"""The writer's pages: write, keep the receipt, come back. A receipt and a place travel by POST only."""

import time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from appeals.drafts import Draft
from appeals.errors import KeyUsedForAnotherLetter, LetterRefused, PlaceInAnotherDistrict, UnknownReceipt
from appeals.models import AnswerBy, Appeal, Category
from appeals.services import add_writer_message, appeal_by_receipt, letters_open_in, submit_appeal
from appeals.workflow import State
from geo.api import caller
from geo.limits import FixedWindow
from geo.models import BoundaryEdition, City
from mapui.letter_forms import ReceiptForm, TurnForm, WriteForm
from people.lookup import Answer, UnknownDistrict, district_answer
from people.models import HelpLine

TRIES_PER_MINUTE = 30
_tries = FixedWindow()


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Write to the officer of a district; a POST without a key only opens the form with the place it brings."""
    city = get_object_or_404(City.objects.visible_on_site(), slug=slug)
    try:
        answer = district_answer(city=city, code=code, at=timezone.now())
    except UnknownDistrict as unknown:
        raise Http404(str(unknown)) from unknown
    if "key" not in request.POST:
        form = WriteForm.fresh(lat=request.POST.get("lat", "")[:40], lon=request.POST.get("lon", "")[:40])
        return _write_page(request, city, answer, form)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return _write_page(request, city, answer, form)
    data = form.cleaned_data
    try:
        sent = submit_appeal(
            city=city,
            draft=Draft(
                district=code,
                place=form.place,
                category=data["category"].slug,
                text=data["text"],
                answer_by=AnswerBy.EMAIL if data["email"] else AnswerBy.RECEIPT,
                name=data["name"],
                email=data["email"],
            ),
            idempotency_key=data["key"],
            received_at=timezone.now(),
        )
    except PlaceInAnotherDistrict as elsewhere:
        form.add_error(None, str(elsewhere))
        return _write_page(request, city, answer, form, elsewhere=elsewhere)
    except KeyUsedForAnotherLetter:
        form.with_new_key()
        form.add_error(None, _("Your earlier letter was sent. Send again if this is another letter."))
        return _write_page(request, city, answer, form)
    except LetterRefused as refusal:
        form.add_error(None, str(refusal))
        return _write_page(request, city, answer, form)
    return render(request, "mapui/letters/sent.html", {"city": city, "sent": sent, "appeal": sent.appeal})


def _write_page(
    request: HttpRequest,
    city: City,
    answer: Answer,
    form: WriteForm,
    elsewhere: PlaceInAnotherDistrict | None = None,
) -> HttpResponse:
    context = {
        "city": city,
        "answer": answer,
        "form": form,
        "elsewhere": elsewhere,
        "is_open": letters_open_in(city),
        "is_undrawn": not BoundaryEdition.objects.in_force_at(timezone.now()).filter(city=city).exists(),
        "categories": Category.objects.all(),
        "help_lines": HelpLine.objects.filter(purpose=HelpLine.Purpose.EMERGENCY),
    }
    return render(request, "mapui/letters/write.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Open a conversation with its receipt, and write again. One address for everything, by POST."""
    if request.method != "POST":
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
        appeal: Appeal = appeal_by_receipt(receipt)
    except UnknownReceipt as unknown:
        form.add_error("receipt", str(unknown))
        return _receipt_page(request, form)
    context |= {"appeal": appeal, "can_write": appeal.state not in {State.CLOSED, State.SPAM}}
    return render(request, "mapui/letters/conversation.html", context)


def _receipt_page(request: HttpRequest, form: ReceiptForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "unsent": request.POST.get("body", "")}
    return render(request, "mapui/letters/receipt.html", context, status=status)
