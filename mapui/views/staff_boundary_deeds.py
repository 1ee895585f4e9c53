"""What a coordinator decides on an edition: accept a finding, reject, put in force, withdraw, roll back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from geo.boundaries.activation import ActivationRefused, activate_edition, roll_back, withdraw_activation
from geo.boundaries.importing import accept_finding, reject_edition
from geo.models import BoundaryEdition, City
from mapui.permissions import staff_of_city
from mapui.views.staff_boundaries import CHANGE, StartForm, actor, edition_page, render_report


@require_POST
@edition_page(*CHANGE)
def accept(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """Accept one named error with a reason, on record."""
    key = request.POST.get("key", "")
    try:
        accept_finding(edition, key, by=actor(request), reason=request.POST.get("reason", "")[:500], now=timezone.now())
    except KeyError:
        messages.error(request, _("This finding is accepted already, or no longer in the report."))
    except ValueError as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Accepted on record."))
    return redirect(f"{reverse('staff_boundary_report', args=[city.slug, edition.number])}#finding-{key[:16]}")


@require_POST
@edition_page(*CHANGE)
def reject(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """Reject an edition that was never in force."""
    try:
        reject_edition(edition, by=actor(request), now=timezone.now())
    except ValueError as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Edition %(number)d is rejected.") % {"number": edition.number})
    return redirect("staff_boundary_report", city.slug, edition.number)


@require_POST
@edition_page(*CHANGE)
def activate(request: HttpRequest, city: City, edition: BoundaryEdition) -> HttpResponse:
    """Put an edition in force now or from a day."""
    form, now = StartForm(request.POST), timezone.now()
    if form.is_valid():
        starts_at = form.moment(now)
        try:
            activate_edition(edition, by=actor(request), now=now, starts_at=starts_at)
        except ActivationRefused as refusal:
            form.add_error("starts_on" if starts_at else None, str(refusal))
        else:
            told = _("Edition %(number)d waits for its day.") if starts_at else _("Edition %(number)d is in force.")
            messages.success(request, told % {"number": edition.number})
            return redirect("staff_boundaries", city.slug)
    return render_report(request, city, edition, start=form, status=422)


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def withdraw(request: HttpRequest, city: City) -> HttpResponse:
    """Withdraw the edition that waits."""

    def deed() -> str:
        withdrawal = withdraw_activation(city, by=actor(request), now=timezone.now())
        return _("Edition %(number)d no longer waits.") % {"number": withdrawal.edition.number}

    return _do(request, city, deed)


@require_POST
@never_cache
@staff_of_city(*CHANGE)
def back(request: HttpRequest, city: City) -> HttpResponse:
    """Put the earlier edition in force again."""

    def deed() -> str:
        period = roll_back(city, by=actor(request), now=timezone.now())
        return _("Edition %(number)d is in force again.") % {"number": period.edition.number}

    return _do(request, city, deed)


def _do(request: HttpRequest, city: City, deed: Callable[[], str]) -> HttpResponse:
    """Do what returns the sentence to say, or raises ActivationRefused."""
    try:
        messages.success(request, deed())
    except ActivationRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("staff_boundaries", city.slug)
