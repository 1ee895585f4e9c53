"""Writing a letter: where, what, how to answer, a last look, and the receipt. All of it under one neutral address.

What was given so far travels in the fields of each page; nothing rests in a session, in an address, or on our side
before the letter is sent.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from appeals.doors import LETTERS, RECEIPTS, receipt_tried
from appeals.errors import (
    KeyUsedForAnotherLetter,
    LetterRefused,
    NeedsIdentity,
    NobodyAbove,
    PlaceInAnotherDistrict,
    TextMissing,
    UnknownAddressee,
    UnknownCategory,
)
from appeals.models import Appeal, Category, Stance
from appeals.receipts import LENGTH, NotAReceipt, normalise
from appeals.services import conversation_by_receipt, letters_open_in, submit_appeal
from appeals.telling import photos_of
from geo.models import BoundaryEdition, City
from mapui import visits
from mapui.forms import PlaceForm
from mapui.letter_doors import turned_away
from mapui.letter_photos import PhotosForm, takes_photos
from mapui.letter_places import cities_taking_letters, district_of, districts_to_choose
from mapui.letter_steps import FIELDS, FORMS, Letter, Step, StepForm
from mapui.spelling import qr, spelled
from people.lookup import Answer, UnknownDistrict, district_answer
from people.models import HelpLine

REFUSED_AT = {
    PlaceInAnotherDistrict: Step.WHERE,
    UnknownAddressee: Step.WHERE,
    UnknownCategory: Step.WHAT,
    TextMissing: Step.WHAT,
    NeedsIdentity: Step.HOW,
    NobodyAbove: Step.HOW,
}
"""The step that mends a refusal; any other is told beside the button."""


@takes_photos
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str = "", code: str = "") -> HttpResponse:
    """Write a letter. A district's own address opens the same page with its district; then there is only one address.

    What comes again from a browser's history after the writer has left opens the beginning.
    """
    if visits.FIELD in request.POST:
        return _turn(request) if visits.is_of_visit(request) else redirect("write_letter")
    if slug:
        get_object_or_404(City.objects.visible_on_site(), slug=slug)
    given = {"city": slug, "district": code} if slug else request.POST
    return _page(request, Letter({name: given.get(name, "")[:200] for name in FIELDS[Step.WHERE]}), Step.WHERE)


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Leave at once, for a page that says nothing: what was posted is forgotten."""
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL)
    visits.leave(response)
    return response


def _turn(request: HttpRequest) -> HttpResponse:
    """Go one step on, back, or aside: `at` is the page that was posted, `to` the button that was pressed."""
    letter = Letter(request.POST)
    at, to = request.POST.get("at", ""), request.POST.get("to", "")
    if to == "done":
        return _asked_back(request)
    if to in FORMS:
        return _page(request, letter, Step(to))
    name, _colon, value = to.partition(":")
    if name in {"elsewhere", "unmark", "district"}:
        aside = {"elsewhere": FIELDS[Step.WHERE][1:], "unmark": ("lat", "lon"), "district": ()}[name]
        letter.given |= dict.fromkeys(aside, "") | ({"district": value} if value else {})
        return _page(request, letter, Step.WHERE)
    if at == Step.WHERE and not letter.given["district"]:
        return _found(request, letter)
    refusal = _turned_away(request, letter) if to == "send" else None
    return refusal or _gone_on(request, letter)


def _gone_on(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Show what is still to be done, or do what the button of the last page says."""
    at, to = request.POST.get("at", ""), request.POST.get("to", "")
    step, form = letter.first_unfinished()
    if form is not None:
        was_seen = step == at or any(letter.given[field] for field in FIELDS[step] if field != "shared")
        return _page(request, letter, step, form if was_seen else None)
    return _sent(request, letter) if to == "send" else _page(request, letter, Step.PREVIEW)


def _found(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Find the district of an address, or take the one that was picked from the list."""
    city = letter.city
    picked = request.POST.get("picked", "")
    if city and picked and not request.POST.get("q"):
        letter.given["district"] = picked
        return _page(request, letter, Step.WHERE)
    if city is None:
        letter.given["city"] = ""
        typed = PlaceForm(initial={"q": request.POST.get("q", "")[:200]})
        return _page(request, letter, Step.WHERE, finder=typed, is_city_missing=True)
    found, finder = district_of(city, request.POST, timezone.now())
    letter.given |= found
    return _page(request, letter, Step.WHERE, finder=finder)


def _sent(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Send it: the answer comes after the letter is committed. The same page sent again gives the same receipt."""
    if request.POST.get("website"):
        return _page(
            request, letter, Step.PREVIEW, told=_("Leave the field “Website” empty: it is there for programs.")
        )
    if not letter.is_older_than(settings.LETTERS_MIN_FILL_S):
        return _page(
            request,
            letter,
            Step.PREVIEW,
            told=_("That was faster than people write. Please press the button once more."),
        )
    if letter.city is None:
        raise Http404
    photos = PhotosForm(request.POST, request.FILES)
    photos.full_clean()
    try:
        files = photos.files_given(request, of_letter=letter.key)
        sent = submit_appeal(
            city=letter.city,
            draft=letter.draft(),
            idempotency_key=letter.key,
            received_at=timezone.now(),
            photos=files,
        )
    except KeyUsedForAnotherLetter:
        letter.take_new_key()
        told = _("Your earlier letter was sent. Send again if this is another letter.")
        return _page(request, letter, Step.PREVIEW, told=told)
    except LetterRefused as refusal:
        return _refused(request, letter, refusal, photos)
    return _receipt_page(request, sent.receipt, sent.appeal, photos=len(files))


def _refused(request: HttpRequest, letter: Letter, refusal: LetterRefused, photos: PhotosForm) -> HttpResponse:
    """Show the step that mends a refusal, and why."""
    if photos.refuse_photos(refusal):
        return _page(request, letter, Step.PREVIEW, photos_form=photos)
    step = REFUSED_AT.get(type(refusal), Step.PREVIEW)
    more: dict[str, Any] = {"told": str(refusal)}
    if isinstance(refusal, PlaceInAnotherDistrict):
        more["elsewhere"] = refusal
    if isinstance(refusal, NobodyAbove):
        more["bodies"] = refusal.bodies
    return _page(request, letter, step, **more)


def _turned_away(request: HttpRequest, letter: Letter) -> HttpResponse | None:
    """Count the letter before anything else is asked; a page that was open for long has waited."""
    return turned_away(
        request,
        LETTERS,
        subject=letter.key,
        waited=letter.is_older_than(settings.BUSY_WAIT_S),
        changed={"key": letter.given["key"]},
    )


def _asked_back(request: HttpRequest) -> HttpResponse:
    """Ask once whether the receipt was written down, by its last four characters; then the visit is over."""
    receipt, last = request.POST.get("receipt", ""), request.POST.get("last", "")
    try:
        is_kept = normalise("0" * (LENGTH - 4) + last)[-4:] == normalise(receipt)[-4:]
    except NotAReceipt:
        is_kept = False
    if not is_kept:
        # It shows what the receipt opens: a try like any other.
        refusal = turned_away(request, RECEIPTS, subject=receipt_tried(receipt))
        return refusal or _receipt_page_again(request, receipt)
    response = render(request, "mapui/letters/done.html", {"step": "done"})
    visits.leave(response)
    return response


def _receipt_page_again(request: HttpRequest, receipt: str) -> HttpResponse:
    try:
        appeal = conversation_by_receipt(receipt)
    except LetterRefused:
        return redirect("write_letter")
    return _receipt_page(request, receipt, appeal, photos=len(photos_of(appeal, None)), is_wrong=True)


def _receipt_page(
    request: HttpRequest, receipt: str, appeal: Appeal, *, photos: int, is_wrong: bool = False
) -> HttpResponse:
    """Show a receipt with what its letter says of itself; `photos`: how many came with the letter."""
    context = {
        "step": "sent",
        "receipt": receipt,
        "appeal": appeal,
        "city": appeal.city,
        "photos": photos,
        "is_wrong": is_wrong,
        "spelled": spelled(receipt),
        "qr": qr(receipt),
        "visit": visits.visit_of(request),
    }
    return render(request, "mapui/letters/sent.html", context)


def _page(request: HttpRequest, letter: Letter, step: Step, form: StepForm | None = None, **more: Any) -> HttpResponse:
    """Show a step: `form` with its errors, or as it was filled in before."""
    now = timezone.now()
    cities = cities_taking_letters()
    city = letter.city
    answer = _answer(city, letter.given["district"]) if city else None
    if answer is None:
        step = Step.WHERE  # nobody to write to yet
        letter.given |= dict.fromkeys(FIELDS[Step.WHERE][1:], "")
        city = city or (cities[0] if len(cities) == 1 else None)
    visit = visits.visit_of(request)
    context: dict[str, Any] = {
        "step": step,
        "steps": list(FORMS),
        "form": form or (letter.form(step, check=False) if step in FORMS else None),
        "given": letter.given,
        "photos_are_lost": PhotosForm(request.POST, request.FILES).photos_are_lost,
        "carried": letter.carried(step),
        "visit": visit,
        "city": city,
        "cities": cities,
        "answer": answer,
        "is_open": letters_open_in(city) if city else bool(cities),
        "protected": Category.objects.filter(protected=True).values_list("slug", flat=True),
        "help_lines": HelpLine.objects.shown_in(city).filter(purpose=HelpLine.Purpose.EMERGENCY),
        "violence_lines": HelpLine.objects.shown_in(city).filter(purpose=HelpLine.Purpose.VIOLENCE),
    }
    if step == Step.WHERE and city:
        context["districts"] = districts_to_choose(city, now)
        context["is_undrawn"] = not BoundaryEdition.objects.in_force_at(now).filter(city=city).exists()
    if step == Step.PREVIEW:
        draft = letter.draft()
        context |= {"draft": draft, "category": letter.category}
        context |= {"stance": Stance(draft.stance).label, "photos_form": PhotosForm()}
        context["challenge"] = LETTERS.challenge_while_busy(letter.key, at=now)
    response = render(request, "mapui/letters/write.html", context | more)
    visits.go_on(request, response, visit)
    return response


def _answer(city: City, code: str) -> Answer | None:
    try:
        return district_answer(city=city, code=code, at=timezone.now()) if code else None
    except UnknownDistrict:
        return None
