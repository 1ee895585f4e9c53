"""A city of its staff: adding one, its settings and texts, its promise."""

from django.conf import settings as site_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from appeals.models import PROMISE_MAX
from appeals.promises import promise, promise_of
from geo.models import City
from mapui.city_forms import CityForm, LogoForm, NewCityForm, PromiseForm
from mapui.letter_readers import reader
from mapui.permissions import recently_confirmed, staff_of_city
from people.cities import add_city_with_coordinator, change_logo, change_settings, review_texts
from people.models import INVITATION_LASTS, HelpLine, Membership, Station
from people.pages import unread_pages
from people.photos import PhotoRefused
from people.rights import StaffDeedRefused

COORDINATOR = Membership.Role.COORDINATOR


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@recently_confirmed
def add(request: HttpRequest) -> HttpResponse:
    """Add a city in draft, and show the link of its first coordinator, this once."""
    user = reader(request)
    if not user.is_superuser:
        raise PermissionDenied
    form = NewCityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.fields}
        try:
            invitation, key = add_city_with_coordinator(by=user, at=timezone.now(), **given)
        except StaffDeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            link = request.build_absolute_uri(f"{reverse('invitation')}?key={key}")
            hours = INVITATION_LASTS.days * 24
            context = {"city": invitation.city, "invitation": invitation, "link": link, "hours": hours}
            return render(request, "mapui/staff/people/invited.html", context)
    return render(request, "mapui/staff/city/add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(COORDINATOR)
def settings(request: HttpRequest, city: City) -> HttpResponse:
    """Show the settings of the city, or change them."""
    if request.method != "POST":
        return _page(request, city, CityForm(instance=city))
    form = CityForm(request.POST, instance=City.objects.get(pk=city.pk))
    if form.is_valid():
        try:
            change_settings(by=reader(request), city=city, changes=form.changes(), at=timezone.now())
        except StaffDeedRefused as refusal:
            form.add_error("takes_letters", str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("staff_city", city.slug)
    return _page(request, city, form, status=422)


@require_POST
@never_cache
@staff_of_city(COORDINATOR)
def make_promise(request: HttpRequest, city: City) -> HttpResponse:
    """Promise answers within so many working days."""
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return _page(request, city, CityForm(instance=city), promise_form=form, status=422)
    promise(by=reader(request), city=city, days=form.cleaned_data["days"], at=timezone.now())
    messages.success(request, _("The promise holds for letters from now on."))
    return redirect("staff_city", city.slug)


@require_POST
@never_cache
@staff_of_city(COORDINATOR)
def texts_read(request: HttpRequest, city: City) -> HttpResponse:
    """Write down that the texts were read today."""
    review_texts(by=reader(request), city=city, at=timezone.now())
    messages.success(request, _("Written down: you have read the texts today."))
    return redirect("staff_city", city.slug)


@require_POST
@never_cache
@staff_of_city(COORDINATOR)
def logo(request: HttpRequest, city: City) -> HttpResponse:
    """Give the city the logo that was uploaded, or take it away; the button says which."""
    now = timezone.now()
    if request.POST.get("to") == "remove":
        change_logo(by=reader(request), city=city, upload=None, at=now)
        messages.success(request, _("The logo is taken away."))
        return redirect("staff_city", city.slug)
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            change_logo(by=reader(request), city=city, upload=form.cleaned_data["logo"], at=now)
        except PhotoRefused as refusal:
            form.add_error("logo", str(refusal))
        else:
            messages.success(request, _("The logo is saved."))
            return redirect("staff_city", city.slug)
    return _page(request, city, CityForm(instance=city), logo_form=form, status=422)


def _page(
    request: HttpRequest,
    city: City,
    form: CityForm,
    *,
    promise_form: PromiseForm | None = None,
    logo_form: LogoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "city": city,
        "form": form,
        "promise_form": promise_form or PromiseForm(initial={"days": promise_of(city)}),
        "promise_max": PROMISE_MAX,
        "logo_form": logo_form or LogoForm(),
        "basemap_hosts": site_settings.BASEMAP_HOSTS,
        "help_lines": HelpLine.objects.shown_in(city),
        "duty": Station.objects.filter(city=city, is_duty=True).first(),
        "changed": unread_pages(city) if city.texts_reviewed_on else [],
        "on_site": City.objects.visible_on_site().filter(pk=city.pk).exists(),
    }
    return render(request, "mapui/staff/city/settings.html", context, status=status)
