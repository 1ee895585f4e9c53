"""The staff of a city for its coordinators: who is in, inviting, roles, lost second factors, leavers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geo.models import City
from mapui.deed_words import lines_of, sentence_of
from mapui.leaves import card_names, deed_words
from mapui.lists import PAGE_SIZE, LogForm, SearchForm, long_page_of, page_of
from mapui.permissions import recently_confirmed, staff_of_city
from mapui.staff_forms import InvitationForm, MemberForm
from mapui.templatetags.people_tags import Member
from people import inviting, managing
from people.models import INVITATION_LASTS, Invitation, Membership, Officer, StaffDeed, User
from people.rights import StaffDeedRefused, may_manage, refuse_account, refuse_person

Role = Membership.Role
LOOKS_ON = (Role.COORDINATOR, Role.SUPERVISOR)
"""Supervisors see who was let in and by whom: that keeps coordinators honest."""
DEED_FIELDS = ("at", "deed", "facts", "roles_before", "roles_after", "whom_email")
DEEDS_SHOWN = 25
"""The newest, on the page of the staff; the log has them all."""


@require_safe
@never_cache
@staff_of_city(*LOOKS_ON)
def people(request: HttpRequest, city: City) -> HttpResponse:
    """Members with roles, last sign-in and second factor; open invitations; what was done."""
    return _people_page(request, city, InvitationForm(city=city))


@require_safe
@never_cache
@staff_of_city(*LOOKS_ON)
def deeds(request: HttpRequest, city: City) -> HttpResponse:
    """All that was done on accounts, leaves and the city, with what was and what became; `until` as in every log."""
    found = _deeds(city)
    form = LogForm(request.GET)
    page = long_page_of(request, found.filter(at__lte=form.end) if form.end else found)
    names = card_names(city)
    rows = [
        {
            "deed": each,
            "leave": deed_words(each, names) if each.deed == StaffDeed.Deed.LEAVE else "",
            "words": sentence_of(each),
            "lines": lines_of(each),
        }
        for each in page
    ]
    return render(request, "mapui/staff/people/deeds.html", {"city": city, "page": page, "rows": rows, "form": form})


@require_POST
@never_cache
@staff_of_city(Role.COORDINATOR)
@recently_confirmed
def invite(request: HttpRequest, city: City) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    form = InvitationForm(request.POST, city=city)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("email", "name", "roles", "officer")}
        try:
            invitation, key = inviting.invite(by=_actor(request), city=city, at=timezone.now(), **given)
        except StaffDeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _link_page(request, city, invitation, key)
    return _people_page(request, city, form, status=422)


@require_POST
@never_cache
@staff_of_city(Role.COORDINATOR)
@recently_confirmed
def withdraw(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """End an open invitation."""
    invitation = get_object_or_404(Invitation, pk=pk, city=city)
    try:
        inviting.withdraw(by=_actor(request), invitation=invitation, at=timezone.now())
    except StaffDeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is withdrawn: its link no longer works."))
    return redirect("staff_people", city.slug)


@require_http_methods(["GET", "HEAD"])
@never_cache
@staff_of_city(Role.COORDINATOR)
def person(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """One member: their roles, and what can be done."""
    whom = _member(city, pk)
    card = Officer.objects.filter(city=city, user=whom).first()
    form = MemberForm(city=city, whom=whom, initial={"roles": managing.roles_in(city, whom), "officer": card})
    return _person_page(request, city, whom, form)


@require_POST
@never_cache
@staff_of_city(Role.COORDINATOR)
@recently_confirmed
def change_roles(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Give a member exactly the roles that were chosen."""
    whom = _member(city, pk)
    form = MemberForm(request.POST, city=city, whom=whom)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("roles", "officer")}
        try:
            managing.change_roles(by=_actor(request), whom=whom, city=city, at=timezone.now(), **given)
        except StaffDeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The roles are changed."))
            return redirect("staff_people", city.slug)
    return _person_page(request, city, whom, form, status=422)


@require_POST
@never_cache
@staff_of_city(Role.COORDINATOR)
@recently_confirmed
def new_password(request: HttpRequest, city: City, pk: int) -> HttpResponse:
    """Make a link by which a member chooses a new password, and show it, this once."""
    whom = _member(city, pk)
    try:
        invitation, key = inviting.offer_new_password(by=_actor(request), whom=whom, city=city, at=timezone.now())
    except StaffDeedRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff_person", city.slug, pk)
    return _link_page(request, city, invitation, key)


DEEDS: dict[str, tuple[Callable[..., None], Any]] = {
    "reset": (
        managing.reset_second_factor,
        gettext_lazy("The second factor is reset: at the next sign-in a new one is set up."),
    ),
    "disable": (managing.disable, gettext_lazy("The account is disabled and signed out everywhere.")),
    "enable": (managing.enable, gettext_lazy("The account is enabled again.")),
}


@require_POST
@never_cache
@staff_of_city(Role.COORDINATOR)
@recently_confirmed
def deed(request: HttpRequest, city: City, pk: int, name: str) -> HttpResponse:
    """Do one deed on a member's account."""
    whom = _member(city, pk)
    if name not in DEEDS:
        raise Http404
    do, words = DEEDS[name]
    try:
        do(by=_actor(request), whom=whom, city=city, at=timezone.now())
    except StaffDeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("staff_person", city.slug, pk)


def _actor(request: HttpRequest) -> User:
    """Who is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _member(city: City, pk: int) -> User:
    return get_object_or_404(managing.staff_of(city), pk=pk)


def _link_page(request: HttpRequest, city: City, invitation: Invitation, key: str) -> HttpResponse:
    """Show a link: it leaves this answer and is kept nowhere."""
    link = request.build_absolute_uri(f"{reverse('invitation')}?key={key}")
    context = {"city": city, "invitation": invitation, "link": link, "hours": INVITATION_LASTS.days * 24}
    return render(request, "mapui/staff/people/invited.html", context)


def _people_page(request: HttpRequest, city: City, form: InvitationForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    actor = _actor(request)
    roles = managing.roles_by_member(city)
    search = SearchForm(request.GET)
    sought = search.cleaned_data["q"] if search.is_valid() else ""
    members = managing.called_like(managing.staff_of(city), sought)
    page = page_of(request, members, count=None if sought else len(roles))
    context = {
        "city": city,
        "page": page,
        "rows": [Member(whom, roles.get(whom.pk, []), is_me=whom == actor) for whom in page],
        "search": search,
        "sought": sought,
        "is_long": len(roles) > PAGE_SIZE,
        "form": form,
        "may_manage": may_manage(actor, city),
        "invitations": Invitation.objects.open_at(now).filter(city=city, whom=None),
        "deeds": [{"at": each.at, "words": sentence_of(each)} for each in _deeds(city)[:DEEDS_SHOWN]],
    }
    return render(request, "mapui/staff/people/list.html", context, status=status)


def _deeds(city: City) -> QuerySet[StaffDeed]:
    """What was done in a city, with the names of whoever did it and of those it was done to."""
    named = [f"{who}__{name}" for who in ("by", "whom") for name in ("first_name", "last_name", "email")]
    return StaffDeed.objects.filter(city=city).select_related("by", "whom").only(*DEED_FIELDS, *named)


def _person_page(request: HttpRequest, city: City, whom: User, form: MemberForm, status: int = 200) -> HttpResponse:
    context = {
        "city": city,
        "person": whom,
        "form": form,
        "closed": _refusal(refuse_person, request, city, whom),
        "closed_account": _refusal(refuse_account, request, city, whom),
    }
    return render(request, "mapui/staff/people/person.html", context, status=status)


def _refusal(refuse: Callable[..., None], request: HttpRequest, city: City, whom: User) -> str:
    """Why a deed is not allowed; empty when it is."""
    try:
        refuse(by=_actor(request), whom=whom, city=city)
    except StaffDeedRefused as refusal:
        return str(refusal)
    return ""
