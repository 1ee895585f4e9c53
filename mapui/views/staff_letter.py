"""One letter: what was said, where, why here, what was done; the reply with its preview, and every other deed."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from appeals import services, telling
from appeals.errors import LetterRefused, PhotoNotTaken, TooManyPhotos, UnknownPhoto
from appeals.filters import due_of
from appeals.models import Appeal
from appeals.retracing import Trace, retraced
from appeals.services.history import side_of
from appeals.uploads import picture_response
from appeals.whole import AROUND_SHOWN, count_repeats, letters_around, load_whole, openings_of
from appeals.workflow import Move, Side
from geo.models import City
from geo.moments import local_day
from mapui.letter_deeds import DEEDS, DeedForm, open_deeds
from mapui.letter_forms import ReplyForm
from mapui.letter_photos import takes_photos
from mapui.letter_readers import letter_of, reader, reader_of_letter, reader_of_letters
from mapui.lists import list_address
from mapui.trace_words import trace_words


@require_safe
@never_cache
@reader_of_letter
def appeal(request: HttpRequest, city: City, letter: Appeal) -> HttpResponse:
    """Open one letter."""
    return _page(request, city, letter)


@require_safe
@never_cache
@reader_of_letter
def picture(request: HttpRequest, city: City, letter: Appeal, photo: uuid.UUID) -> HttpResponse:
    """Show one photo of a letter whole, to whoever may read the letter; that they see it is written down with it."""
    try:
        found = services.open_photo(appeal=letter, pk=photo, user=reader(request), at=timezone.now())
    except UnknownPhoto:
        raise Http404 from None
    return picture_response(found)


@takes_photos
@never_cache
@sensitive_post_parameters()
@require_POST
@reader_of_letters
def reply(request: HttpRequest, city: City, number: str) -> HttpResponse:
    """Take a template, look the answer over, go back to it, or send it: `step` says which."""
    letter = _letter(request, city, number)
    form = ReplyForm(request.POST, request.FILES, letter=letter)
    step = request.POST.get("step", "send")
    if step == "template":
        return _page(request, city, letter, reply_form=form.with_template(letter))
    if form.is_valid() and step != "edit":
        data = form.cleaned_data
        if step == "preview":
            return _preview(request, city, letter, form)
        try:
            services.reply(
                appeal=letter,
                author=reader(request),
                body=data["body"],
                sent_at=timezone.now(),
                key=data["key"],
                photos=form.files_given(request),
            )
        except (PhotoNotTaken, TooManyPhotos) as refusal:
            form.refuse(refusal)
            return _preview(request, city, letter, form)
        except LetterRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The answer is sent. The writer reads it with the receipt."))
            return redirect(list_address(request, "staff_appeal", city.slug, number))
    return _page(request, city, letter, reply_form=form)


@never_cache
@sensitive_post_parameters()
@require_POST
@reader_of_letters
def deed(request: HttpRequest, city: City, number: str, name: str) -> HttpResponse:
    """Do one deed of the table; what is refused is told beside what was filled in."""
    letter, row = _letter(request, city, number), DEEDS.get(name)
    if row is None:
        raise Http404
    form = row.form(request.POST, letter=letter)
    if form.is_valid():
        try:
            form.do(row, by=reader(request))
        except LetterRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(row.done))
            if letter_of(request, city, number):
                return redirect(list_address(request, "staff_appeal", city.slug, number))
            return redirect(list_address(request, "staff_appeals", city.slug))
    return _page(request, city, _letter(request, city, number), failed={name: form})


def _preview(request: HttpRequest, city: City, letter: Appeal, form: ReplyForm) -> HttpResponse:
    """Show the answer as the writer will read it; photos are chosen here, since browsers forget them between pages."""
    sent = form.data
    context = {"city": city, "appeal": letter, "form": form, "body": sent.get("body"), "key": sent.get("key")}
    return render(request, "mapui/staff/appeals/preview.html", context)


def _letter(request: HttpRequest, city: City, number: str) -> Appeal:
    letter = letter_of(request, city, number)
    if letter is None:
        raise Http404
    return letter


def _page(
    request: HttpRequest,
    city: City,
    letter: Appeal,
    *,
    reply_form: ReplyForm | None = None,
    failed: dict[str, DeedForm] | None = None,
) -> HttpResponse:
    """Show the letter whole, and write down that it was: also where a form comes back with a mistake in it."""
    user, now = reader(request), timezone.now()
    load_whole(letter)
    services.open_letter(appeal=letter, user=user, at=now)
    today, side = local_day(now), side_of(user, letter)
    failed = failed or {}
    deeds = [] if user.is_superuser else open_deeds(letter, side)
    offered: list[dict[str, Any]] = [
        {"deed": each, "form": failed.get(each.name) or each.form(letter=letter), "is_open": each.name in failed}
        for each in deeds
    ]
    refused = [form for name, form in failed.items() if name not in {each.name for each in deeds}]
    similar = letters_around(letter, read_by=user)
    moves = letter.moves_of(side)
    again = retraced(letter) if request.GET.get("replay") == "1" and not letter.is_erased else None
    can_reply = not (user.is_superuser or letter.is_erased) and bool({Move.ANSWER, Move.ACCEPT} & set(moves))
    form = reply_form or (ReplyForm.to(letter) if can_reply else None)
    context = {
        "city": city,
        "appeal": letter,
        "history": telling.history(letter),
        "due": due_of(letter, on=today),
        "today": today,
        "form": form,
        "can_reply": can_reply,
        "buttons": [each for each in offered if not each["deed"].asks],
        "forms": [each for each in offered if each["deed"].asks and each["deed"].name != "note"],
        "note_form": next((each["form"] for each in offered if each["deed"].name == "note"), None),
        "refused": refused,
        "repeats": count_repeats(letter, read_by=user, at=now),
        "similar": similar[:AROUND_SHOWN],
        "has_more_similar": len(similar) > AROUND_SHOWN,
        "openings": openings_of(letter) if side == Side.SUPERVISOR else None,
        "trace": trace_words(letter, Trace.of(letter)),
        "retraced": again,
        "differences": trace_words(letter, again.now) if again and again.now else None,
        "templates": form.templates if form else [],
    }
    return render(request, "mapui/staff/appeals/letter.html", context)
