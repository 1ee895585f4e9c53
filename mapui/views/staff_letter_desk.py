"""The desk beside the letters: one told by phone or brought on paper, who opened which, one opened for a reason."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from appeals import services
from appeals.errors import LetterRefused
from appeals.models import Opening
from geo.models import City
from mapui.letter_desk_forms import EnterForm, ReasonToOpenForm
from mapui.letter_photos import takes_photos
from mapui.letter_readers import NUMBER, city_read_by, letters_of, reader, supervisor_of_letters
from mapui.lists import LogForm, long_page_of
from mapui.permissions import recently_confirmed
from mapui.spelling import qr


@takes_photos
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down a letter for somebody who called or came, and print its receipt: it is shown here once."""
    city = city_read_by(request, slug)
    form = EnterForm(request.POST or None, request.FILES or None, city=city)
    if request.method == "POST" and form.is_valid():
        try:
            # Committed when it returns: the receipt is never printed for a letter that could still be lost.
            sent = services.submit_appeal(
                city=city,
                draft=form.draft,
                idempotency_key=form.cleaned_data["key"],
                received_at=timezone.now(),
                source=form.cleaned_data["source"],
                entered_by=reader(request),
                photos=form.files_given(request),
            )
        except LetterRefused as refusal:
            if not form.refuse_photos(refusal):
                form.refuse(refusal)
        else:
            context = {"city": city, "sent": sent, "qr": qr(sent.receipt)}
            return render(request, "mapui/staff/appeals/entered.html", context)
    is_open = services.letters_open_in(city)
    return render(request, "mapui/staff/appeals/enter.html", {"city": city, "form": form, "is_open": is_open})


@require_safe
@never_cache
@supervisor_of_letters
def openings(request: HttpRequest, city: City) -> HttpResponse:
    """Who opened which letter, for the supervisor: the last opening first; `until` is the last day that is read."""
    seen = Opening.objects.of_letters(letters_of(request, city)).select_related("user", "appeal__sealed_by")
    form = LogForm(request.GET)
    page = long_page_of(request, seen.filter(opened_at__lte=form.end) if form.end else seen)
    return render(request, "mapui/staff/appeals/openings.html", {"city": city, "page": page, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recently_confirmed
def open_for_reason(request: HttpRequest, slug: str) -> HttpResponse:
    """Let an administrator read one letter for an hour; the supervisor sees who, when and why."""
    if not reader(request).is_superuser:
        raise PermissionDenied
    city = get_object_or_404(City.objects.visible_on_site(), slug=slug)
    form = ReasonToOpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
        written = NUMBER.fullmatch(number)
        if written and services.open_for_reason(
            city=city, year=int(written[1]), number=int(written[2]),
            user=reader(request), at=timezone.now(), reason=reason,
        ):  # fmt: skip
            return redirect("staff_appeal", city.slug, number)
        form.add_error("number", _("There is no letter of this number. It looks like 2026-00012."))
    return render(request, "mapui/staff/appeals/open_for_reason.html", {"city": city, "form": form})
