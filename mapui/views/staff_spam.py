"""The moderator's second look at suspected spam: the queue, and one letter's text with two buttons."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appeals import services
from appeals.errors import LetterRefused
from appeals.models import Appeal, AppealQuerySet
from appeals.moderated import SUSPECTED, TO_PUBLISH
from geo.models import City
from mapui.letter_readers import NUMBER, reader
from mapui.lists import DONE, Queue, list_address
from mapui.permissions import staff_of_city, under_own_eyes
from mapui.views.staff_moderation import MODERATORS, count_words

DEEDS = {"not_spam": services.give_back, "spam": services.confirm_spam, "undo": services.doubt_spam}


@require_safe
@never_cache
@staff_of_city(*MODERATORS)
@under_own_eyes
def suspected(request: HttpRequest, city: City) -> HttpResponse:
    """What waits for a second look, the oldest first; or what is spam."""
    moderator = reader(request)
    keys, confirmed = SUSPECTED.keys(city=city, moderator=moderator), _letters(request, city).confirmed_as_spam()
    context = {
        "city": city,
        "queue": Queue(
            request, waiting=keys, done=confirmed, load=partial(SUSPECTED.rows, city=city, moderator=moderator)
        ),
        "to_prepare": count_words(TO_PUBLISH.count_some(city=city, moderator=moderator)),
    }
    return render(request, "mapui/staff/moderation/spam.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(*MODERATORS)
@under_own_eyes
def suspect(request: HttpRequest, city: City, number: str) -> HttpResponse:
    """The text of one suspected letter, and what is done with it. Whoever opens it is written down."""
    written = NUMBER.fullmatch(number)
    user, now, deed, problem = reader(request), timezone.now(), request.POST.get("to", ""), ""
    asked = {"year": int(written[1]), "number": int(written[2])} if written else {}
    letter = SUSPECTED.letter(city=city, moderator=user, **asked) if asked else None
    if letter is None and deed not in DEEDS:
        raise Http404
    if letter is None:
        return _decided_meanwhile(request, city)
    if deed in DEEDS:
        try:
            DEEDS[deed](appeal=letter, by=user, at=now)
        except LetterRefused as refusal:
            if not _letters(request, city).filter(pk=letter.pk).exists():
                return _decided_meanwhile(request, city)
            problem = str(refusal)
        else:
            return _onwards(request, city, letter, deed)
    services.open_as_moderator(appeal=letter, user=user, at=now)
    context = {"city": city, "letter": letter, "problem": problem}
    return render(request, "mapui/staff/moderation/suspect.html", context, status=422 if problem else 200)


def _decided_meanwhile(request: HttpRequest, city: City) -> HttpResponse:
    """Say that the letter is no longer a moderator's, and go to those that are."""
    messages.warning(request, _("Somebody has decided about this letter meanwhile."))
    return redirect(list_address(request, "staff_spam", city.slug))


def _letters(request: HttpRequest, city: City) -> AppealQuerySet:
    letters: AppealQuerySet = Appeal.objects.suspected_in_cities_of(reader(request)).filter(city=city)
    return letters.select_related("district", "category")


def _onwards(request: HttpRequest, city: City, letter: Appeal, deed: str) -> HttpResponse:
    """Say what was done. Go on to the next letter that waits, or back to the list of spam; after an undoing stay."""
    said = {
        "not_spam": _("Letter № {number} is back with its officer. Its term has run on."),
        "spam": _('Letter № {number} is spam. You find it <a href="{spam}">in the list</a>, and can undo it there.'),
        "undo": _("Undone: letter № {number} waits for a second look."),
    }
    spam = reverse("staff_spam", args=[city.slug], query={"show": DONE})
    messages.success(request, format_html(said[deed], number=letter.public_number, spam=spam))
    if deed == "undo":
        return redirect(list_address(request, "staff_suspect", city.slug, letter.public_number))
    following = _letters(request, city).awaiting_second_look().first()
    if following is None or request.GET.get("show") == DONE:
        return redirect(list_address(request, "staff_spam", city.slug))
    return redirect(list_address(request, "staff_suspect", city.slug, following.public_number))
