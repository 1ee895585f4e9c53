"""Phones that the public sees: which of them nobody has checked for long, and the help lines."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geo.labels import SITE
from geo.models import City
from geo.moments import local_day
from mapui.letter_readers import reader
from mapui.lists import page_of
from mapui.permissions import has_role, staff_of_city_or_site
from mapui.phone_forms import LineForm
from people.findings import STALE_AFTER_DAYS
from people.models import KEEPERS, HelpLine, Membership
from people.phones import NoSuchPhone, check_phone, phones_of, remove_line, save_line

COORDINATOR = Membership.Role.COORDINATOR


@require_safe
@never_cache
@staff_of_city_or_site(*KEEPERS)
def phones(request: HttpRequest, city: City | None) -> HttpResponse:
    """Show every phone, those checked longest ago first, and the help lines that are kept here."""
    shown = phones_of(city, on=local_day(timezone.now()))
    context = {
        "city": city,
        "slug": _slug(city),
        "page": page_of(request, shown),
        "stale": sum(phone.is_stale for phone in shown),
        "stale_days": STALE_AFTER_DAYS,
        "lines": HelpLine.objects.filter(city=city),
        "may_change": city is None or has_role(reader(request), city, COORDINATOR),
    }
    return render(request, "mapui/staff/phones/list.html", context)


@require_POST
@never_cache
@staff_of_city_or_site(*KEEPERS)
def checked(request: HttpRequest, city: City | None) -> HttpResponse:
    """Write down that a phone was checked today."""
    try:
        phone = check_phone(
            by=reader(request), city=city, key=request.POST.get("phone", ""), number=request.POST.get("number", ""),
            at=timezone.now(),
        )  # fmt: skip
    except NoSuchPhone as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Checked today: %(number)s, %(name)s.") % {"number": phone.number, "name": phone.name}
        )
    return redirect("staff_phones", _slug(city))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city_or_site(COORDINATOR)
def line(request: HttpRequest, city: City | None, pk: int | None = None) -> HttpResponse:
    """Add a help line, change it, or take it away; the button says which."""
    found = get_object_or_404(HelpLine, city=city, pk=pk) if pk else None
    form = LineForm(request.POST if request.method == "POST" else None, instance=found)
    try:
        if found and request.POST.get("to") == "remove":
            remove_line(by=reader(request), city=city, line=found, at=timezone.now())
            messages.success(request, _("The help line is taken away."))
            return redirect("staff_phones", _slug(city))
        if request.method == "POST" and form.is_valid():
            save_line(by=reader(request), city=city, line=found, values=form.values(), at=timezone.now())
            messages.success(request, _("The help line is saved."))
            return redirect("staff_phones", _slug(city))
    except NoSuchPhone as refusal:  # somebody has taken it away meanwhile
        messages.error(request, str(refusal))
        return redirect("staff_phones", _slug(city))
    except ValidationError as error:
        form.add_error(None, error)
    context = {"city": city, "slug": _slug(city), "line": found, "form": form}
    return render(request, "mapui/staff/phones/line.html", context, status=422 if form.errors else 200)


def _slug(city: City | None) -> str:
    return city.slug if city else SITE
