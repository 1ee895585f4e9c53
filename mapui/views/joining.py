"""The other end of an invitation: whoever holds the link joins the staff of a city."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mapui.staff_forms import FirstPasswordForm
from people.inviting import InvitationUnusable, choose_new_password, join, join_as, open_invitation
from people.models import Invitation, Membership, User, invitation_key_hash
from people.rights import StaffDeedRefused
from people.sign_in import sign_in_with_new_password

IN_SESSION = "invitation"
"""What a session keeps of the link: the hash, as the database does."""


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Choose a password, or accept with the account one has; the second factor follows.

    The key leaves the address at once, for history and logs; opening the link uses nothing up (mail programs open
    links too).
    """
    if "key" in request.GET:
        request.session[IN_SESSION] = invitation_key_hash(request.GET["key"])
        return redirect("invitation")
    try:
        found = open_invitation(request.session.get(IN_SESSION, ""), at=timezone.now())
        if found.whom:
            return _new_password(request, found, found.whom)
        if isinstance(request.user, User):
            return _accept_signed_in(request, request.user, found)
        if User.objects.filter(email__iexact=found.email).exists():
            return _page(request, found, known=True)
        return _choose_password(request, found)
    except InvitationUnusable as refusal:
        return render(request, "mapui/invitation_closed.html", {"why": str(refusal)}, status=410)


def _choose_password(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = FirstPasswordForm(request.POST or None, user=User(email=found.email, first_name=found.name))
    if form.is_valid():
        try:
            user = join(key_hash=found.key_hash, password=form.cleaned_data["password"], at=timezone.now())
        except InvitationUnusable:
            raise
        except StaffDeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            del request.session[IN_SESSION]
            sign_in_with_new_password(request, user)
            return redirect("mfa_activate_totp")
    return _page(request, found, form=form, status=422 if form.errors else 200)


def _new_password(request: HttpRequest, found: Invitation, whom: User) -> HttpResponse:
    form = FirstPasswordForm(request.POST or None, user=whom)
    if form.is_valid():
        choose_new_password(key_hash=found.key_hash, password=form.cleaned_data["password"], at=timezone.now())
        del request.session[IN_SESSION]
        messages.success(request, _("The password is new. Sign in with it."))
        return redirect("account_login")
    return _page(request, found, form=form, status=422 if form.errors else 200)


def _accept_signed_in(request: HttpRequest, user: User, found: Invitation) -> HttpResponse:
    if request.method == "POST":
        try:
            join_as(user, key_hash=found.key_hash, at=timezone.now())
        except InvitationUnusable:
            raise
        except StaffDeedRefused as refusal:
            messages.error(request, str(refusal))
        else:
            del request.session[IN_SESSION]
            messages.success(request, _("You have joined."))
            return redirect("staff_home")
    return _page(request, found)


def _page(
    request: HttpRequest,
    found: Invitation,
    *,
    form: FirstPasswordForm | None = None,
    known: bool = False,
    status: int = 200,
) -> HttpResponse:
    roles = [Membership.Role(role).label for role in found.roles]
    context = {"invitation": found, "roles": roles, "form": form, "known": known}
    return render(request, "mapui/invitation.html", context, status=status)
