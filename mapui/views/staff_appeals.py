"""The officer's office: what waits today, my letters on a list and a map, one letter and its answer."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from appeals import services
from appeals.access import as_staff
from appeals.errors import LetterRefused
from appeals.models import Appeal, AppealQuerySet, reads_letters_in
from appeals.workflow import Move
from geo.models import City
from geo.moments import local_day
from mapui.letter_forms import TurnForm
from mapui.permissions import has_role
from people.models import Membership, User

NUMBER = re.compile(r"(\d{4})-(\d{5,9})")
PAGE_SIZE = 50
CityView = Callable[..., HttpResponse]


def reader_of_letters(view: CityView) -> CityView:
    """Open `view(request, city, …)`, routed by `slug`, to whoever reads letters of that city today; else 403.

    The view runs under their eyes, and what it did is committed before its page is sent.
    """

    @wraps(view)
    @login_required
    def opened(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        city = get_object_or_404(City.objects.visible_on_site(), slug=slug)
        user = request.user
        if not isinstance(user, User) or not reads_letters_in(user, city):
            raise PermissionDenied
        with as_staff(user):
            return view(request, city, *args, **kwargs)

    return opened


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where to begin: every city of the signed-in person (all of them for a superuser), with what waits there."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required let nobody else in
    cities = City.objects.all() if user.is_superuser else City.objects.filter(memberships__user=user).distinct()
    shown = set(City.objects.visible_on_site())
    with as_staff(user):
        offices = [
            {
                "city": city,
                "roles": user.memberships.filter(city=city),
                "runs": has_role(user, city, Membership.Role.COORDINATOR, Membership.Role.SUPERVISOR),
                "facts": _facts(_letters(request, city)) if city in shown and reads_letters_in(user, city) else None,
            }
            for city in cities
        ]
    return render(request, "mapui/staff/home.html", {"offices": offices})


@require_safe
@never_cache
@reader_of_letters
def appeals(request: HttpRequest, city: City) -> HttpResponse:
    """The list and the map of my letters: what waits, or all."""
    letters = _letters(request, city)
    shows_all = request.GET.get("show") == "all"
    shown = (letters if shows_all else letters.waiting()).with_names().most_urgent_first()
    today = local_day(timezone.now())
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"appeal": appeal, "is_overdue": appeal.is_overdue_on(today)} for appeal in page]
    facts = _facts(letters)
    context = {"city": city, "rows": rows, "page": page, "shows_all": shows_all, "today": today, "facts": facts}
    return render(request, "mapui/staff/appeals/list.html", context)


@require_safe
@never_cache
@reader_of_letters
def appeal(request: HttpRequest, city: City, number: str) -> HttpResponse:
    """One letter: text, place, conversation, and what can be done. That it was opened is written down."""
    letter = _letter(request, city, number)
    services.open_letter(appeal=letter, user=_reader(request), at=timezone.now())
    return _letter_page(request, city, letter, TurnForm.fresh())


@never_cache
@sensitive_post_parameters()
@require_POST
@reader_of_letters
def reply(request: HttpRequest, city: City, number: str) -> HttpResponse:
    """Answer the writer."""
    letter = _letter(request, city, number)
    form = TurnForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.reply(
                appeal=letter, author=_reader(request), body=data["body"], sent_at=timezone.now(), key=data["key"]
            )
        except LetterRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The answer is sent. The writer reads it with the receipt."))
            return redirect("staff_appeal", city.slug, number)
    return _letter_page(request, city, letter, form)


DEEDS: dict[str, Callable[..., Appeal]] = {
    Move.ACCEPT: services.accept,
    Move.CLOSE: services.close,
    Move.MARK_SPAM: services.mark_spam,
    Move.NOT_SPAM: services.not_spam,
}


@never_cache
@require_POST
@reader_of_letters
def move(request: HttpRequest, city: City, number: str, name: str) -> HttpResponse:
    """Do one move of the table with a letter."""
    letter = _letter(request, city, number)
    deed = DEEDS.get(name)
    if deed is None:
        raise Http404
    try:
        said = {"reason": request.POST.get("reason", "")} if name == Move.CLOSE else {}
        deed(appeal=letter, by=_reader(request), at=timezone.now(), **said)
    except LetterRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("staff_appeal", city.slug, number)


def _reader(request: HttpRequest) -> User:
    """Return who reads: `reader_of_letters` let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _letters(request: HttpRequest, city: City) -> AppealQuerySet:
    """Return the letters of a city that the signed-in person may read."""
    letters: AppealQuerySet = Appeal.objects.visible_to(request.user).filter(city=city)
    return letters


def _letter(request: HttpRequest, city: City, number: str) -> Appeal:
    written = NUMBER.fullmatch(number)
    if written is None:
        raise Http404
    letters = (
        _letters(request, city).with_names().with_key().select_related("edition").prefetch_related("messages__author")
    )
    return get_object_or_404(letters, year=int(written[1]), number=int(written[2]))


def _letter_page(request: HttpRequest, city: City, letter: Appeal, form: TurnForm) -> HttpResponse:
    form.fields["body"].label = _("Your answer")
    context = {
        "city": city,
        "appeal": letter,
        "form": form,
        "moves": [str(each) for each in letter.moves],
        "can_reply": Move.ANSWER in letter.moves or Move.ACCEPT in letter.moves,
        "is_overdue": letter.is_overdue_on(local_day(timezone.now())),
    }
    return render(request, "mapui/staff/appeals/letter.html", context)


def _facts(letters: AppealQuerySet) -> dict[str, int]:
    today = local_day(timezone.now())
    return {
        "waiting": letters.waiting().count(),
        "due_today": letters.waiting().filter(answer_due_on=today).count(),
        "overdue": letters.overdue_on(today).count(),
    }
