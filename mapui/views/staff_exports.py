"""Taking numbers away: files with the filters of the heatmap, tokens for scripts, the log of who took what."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analysis.asking import Asker
from analysis.exports.files import FORMATS
from analysis.models import Export, Token
from analysis.tokens import TokenRefused, kinds_open_to, make_token, revoke_token, sees_all_tokens
from appeals.models import Category
from geo.models import City
from mapui.export_forms import TokenForm
from mapui.exports import asked_words, files_for, filters_shown
from mapui.letter_readers import reader, reader_of_counts
from mapui.lists import LogForm, long_page_of
from mapui.permissions import recently_confirmed, staff_of_city
from people.models import Membership
from people.sign_in import is_confirmed

Role = Membership.Role


@require_safe
@never_cache
@reader_of_counts
def exports(request: HttpRequest, city: City, *, live: bool) -> HttpResponse:
    """What can be taken away with the filters of the address, and the tokens."""
    return _page(request, city, TokenForm(open_kinds=kinds_open_to(reader(request), city)))


@require_safe
@never_cache
@reader_of_counts
def export(request: HttpRequest, city: City, what: str, *, live: bool) -> HttpResponse:
    """Lead to the file of the API; whoever has not confirmed lately does so first, and comes back to the page."""
    asker, query = Asker(request.user), request.GET.copy()
    if not (asker.exports_live(city) if what == "cells" else asker.reads_releases(city)):
        raise PermissionDenied
    if not is_confirmed(request):
        messages.info(request, _("Confirm that it is you, then download the file."))
        query.pop("format", None)
        back = f"{reverse('staff_exports', args=[city.slug])}?{query.urlencode()}"
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
    query["city"], query["what"] = city.slug, what
    query.setdefault("format", next(iter(FORMATS)))
    return redirect(f"{reverse('api-export')}?{query.urlencode()}")


@require_safe
@never_cache
@staff_of_city(Role.SUPERVISOR)
def log(request: HttpRequest, city: City) -> HttpResponse:
    """Who took what away, the last first; `until` is the last day that is read."""
    if request.user.is_superuser:
        raise PermissionDenied
    taken = Export.objects.filter(city=city).select_related("by", "token")
    form = LogForm(request.GET)
    page = long_page_of(request, taken.filter(at__lte=form.end) if form.end else taken)
    topics = {topic.slug: str(topic.name) for topic in Category.objects.all()}
    rows = [{"export": each, "asked": asked_words(each.asked, topics)} for each in page]
    return render(request, "mapui/staff/exports/log.html", {"city": city, "page": page, "rows": rows, "form": form})


@require_POST
@never_cache
@staff_of_city(Role.ANALYST, Role.SUPERVISOR)
@recently_confirmed
def make(request: HttpRequest, city: City) -> HttpResponse:
    """Make a token and show it, this once."""
    owner = reader(request)
    kinds = kinds_open_to(owner, city)
    if not kinds:
        raise PermissionDenied
    form = TokenForm(request.POST, open_kinds=kinds)
    if form.is_valid():
        try:
            token, text = make_token(owner=owner, city=city, at=timezone.now(), **form.cleaned_data)
        except TokenRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {
                "city": city,
                "token": token,
                "text": text,
                "example": request.build_absolute_uri(reverse("api-export")),
                "what": "areas" if Token.Kind.RELEASES in token.kinds else "cells",
                "ogc": request.build_absolute_uri(reverse("ogc-landing")),
            }
            return render(request, "mapui/staff/exports/made.html", context)
    return _page(request, city, form, status=422)


@require_POST
@never_cache
@staff_of_city(Role.ANALYST, Role.SUPERVISOR)
def revoke(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """End a token: one's own, or as a supervisor anybody's. It asks for no confirmation, so that nothing delays it."""
    token = get_object_or_404(Token, pk=pk, city=city)
    try:
        revoke_token(token=token, by=reader(request), at=timezone.now())
    except TokenRefused as refusal:
        raise PermissionDenied from refusal
    messages.success(request, _("The token is revoked: it opens nothing any more."))
    return redirect("staff_exports", city.slug)


def _page(request: HttpRequest, city: City, form: TokenForm, status: int = 200) -> HttpResponse:
    user, now = reader(request), timezone.now()
    supervises, kinds = sees_all_tokens(user, city), kinds_open_to(user, city)
    tokens = Token.objects.kept_at(now).filter(city=city).select_related("owner")
    living = set(Token.objects.alive_at(now).filter(city=city).values_list("pk", flat=True))
    context: dict[str, Any] = {
        "city": city,
        "files": files_for(Asker(user), city, request.GET),
        "filters": filters_shown(city, request.GET),
        "query": request.GET.urlencode(),
        "form": form if kinds else None,
        "tokens": [
            {"token": each, "lives": each.pk in living, "is_mine": each.owner_id == user.pk}
            for each in (tokens if supervises else tokens.filter(owner=user))
        ],
        "supervises": supervises,
    }
    return render(request, "mapui/staff/exports/page.html", context, status=status)
