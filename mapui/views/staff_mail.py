"""Mail that did not arrive: what happened to each notice, and sending it again."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appeals.models import Appeal, Notice
from appeals.notices import NothingToSendAgain, send_again
from appeals.undelivered import mail_of
from geo.models import City
from mapui.letter_readers import reader
from mapui.lists import list_address, page_of
from mapui.permissions import staff_of_city, under_own_eyes
from people.models import Membership

STAFF = (Membership.Role.SUPERVISOR, Membership.Role.COORDINATOR)


@require_safe
@never_cache
@staff_of_city(*STAFF)
@under_own_eyes
def mail(request: HttpRequest, city: City) -> HttpResponse:
    """Notices that were not sent, or perhaps. Numbers of letters stand only where the reader may open the letter."""
    shown = mail_of(city, shown_to=reader(request))
    facts = _facts(shown.by_state)
    page = page_of(request, shown.undelivered, count=facts["failed"] + facts["unknown"])
    about = [notice.appeal_id for notice in page if notice.appeal_id]
    may_read = set(about) if shown.is_of_readable else _readable(request, about)
    context = {
        "city": city,
        "page": page,
        "rows": [{"notice": notice, "may_read": notice.appeal_id in may_read} for notice in page],
        "facts": facts,
    }
    return render(request, "mapui/staff/mail.html", context)


@never_cache
@require_POST
@staff_of_city(*STAFF)
@under_own_eyes
def again(request: HttpRequest, city: City, number: int) -> HttpResponse:
    """Send one of them again."""
    notice = get_object_or_404(Notice.objects.shown_to(reader(request), city), pk=number)
    try:
        send_again(notice=notice, at=timezone.now())
    except NothingToSendAgain:
        messages.warning(
            request, _("Notice %(number)d needs nothing more: it was decided about before.") % {"number": number}
        )
    else:
        messages.success(request, _("Notice %(number)d goes out again in a minute.") % {"number": number})
    return redirect(list_address(request, "staff_mail", city.slug))


def _readable(request: HttpRequest, letters: list[int]) -> set[int]:
    return set(Appeal.objects.visible_to(request.user).filter(pk__in=letters).values_list("pk", flat=True))


def _facts(by_state: Mapping[str, int]) -> dict[str, int]:
    waiting = by_state.get(Notice.State.WAITING, 0) + by_state.get(Notice.State.SENDING, 0)
    return {
        "waiting": waiting,
        "failed": by_state.get(Notice.State.FAILED, 0),
        "unknown": by_state.get(Notice.State.UNKNOWN, 0),
    }
