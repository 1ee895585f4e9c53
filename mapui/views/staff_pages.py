"""Pages of text of a city, or of the whole site: edited in both languages, looked at, published, put back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from geo.labels import SITE
from geo.models import City
from mapui.letter_readers import reader
from mapui.lists import page_of
from mapui.page_forms import FollowForm, PageForm
from mapui.page_texts import FACTS, sides_of
from mapui.permissions import staff_of_city_or_site
from mapui.words_changed import lines_changed
from people.models import HelpLine, Membership, PageVersion, Proposal
from people.page_proposals import place_of
from people.pages import BadPageText, PageText, PublishedMeanwhile, behind, pages_of, publish

Kind = PageVersion.Kind
COORDINATOR = Membership.Role.COORDINATOR
VERSIONS_SHOWN = 20


@require_safe
@never_cache
@staff_of_city_or_site(COORDINATOR)
def pages(request: HttpRequest, city: City | None) -> HttpResponse:
    """Show every page and whose text it reads."""
    return render(request, "mapui/staff/pages/list.html", _place(city) | {"pages": pages_of(city)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city_or_site(COORDINATOR)
def page(request: HttpRequest, city: City | None, kind: str) -> HttpResponse:
    """Show the texts of a page to be changed, and who changed them before; the button says what is done with them."""
    name = _kind(kind)
    versions = PageVersion.objects.of(city, name)
    newest = versions.first()
    if request.method != "POST":
        text = pages_of(city, [name])[0]
        form = PageForm(initial={"uk": text.uk, "en": text.en, "after": newest.number if newest else 0})
        return _editor(request, city, name, form)
    deed = request.POST.get("to", "")
    form = FollowForm(request.POST) if "follow" in request.POST else PageForm(request.POST)
    if not form.is_valid() or deed == "edit":
        return _editor(request, city, name, form, status=422 if form.errors else 200)
    if deed == "publish":
        given = {key: form.cleaned_data[key] for key in ("uk", "en", "after")}
        try:
            published = publish(by=reader(request), city=city, kind=name, at=timezone.now(), **given)
        except PublishedMeanwhile as refusal:
            return _editor(request, city, name, form, refusal=str(refusal), theirs=newest, status=409)
        except BadPageText as refusal:
            return _editor(request, city, name, form, refusal=str(refusal), status=422)
        told = _("Published: everybody reads the new text now.") if published else _("Nothing was changed.")
        messages.success(request, told)
        return redirect("staff_page", *_slug(city), name)
    return _preview(request, city, name, form)


@require_safe
@never_cache
@staff_of_city_or_site(COORDINATOR)
def version(request: HttpRequest, city: City | None, kind: str, number: int) -> HttpResponse:
    """Show one version: who published it, and what it changed."""
    name = _kind(kind)
    versions = PageVersion.objects.of(city, name).select_related("by")
    found = get_object_or_404(versions, number=number)
    before = versions.filter(number=number - 1).first()
    newest = versions.values_list("number", flat=True)[0]
    context = _place(city) | {
        "kind": name,
        "version": found,
        "newest": newest,
        "changed": _changed(_texts(before, name, city), _texts(found, name, city)),
    }
    return render(request, "mapui/staff/pages/version.html", context)


def _editor(
    request: HttpRequest,
    city: City | None,
    kind: PageVersion.Kind,
    form: PageForm,
    *,
    refusal: str = "",
    theirs: PageVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form with the history below; after a meeting of two, what the other has changed, and the way on."""
    versions = PageVersion.objects.of(city, kind).select_related("by")
    newest = versions.first()
    context = _place(city) | {"kind": kind, "form": form, "refusal": refusal, "newest": newest, "facts": FACTS.items()}
    if theirs:
        read = PageVersion.objects.of(city, kind).filter(number=form.cleaned_data["after"]).first()
        context["theirs"] = theirs
        context["changed"] = _changed(_texts(read, kind, city), _texts(theirs, kind, city))
        given = {"uk": form.cleaned_data["uk"], "en": form.cleaned_data["en"], "after": theirs.number}
        context["form"] = PageForm(initial=given)
    context["page"] = page_of(request, versions, size=VERSIONS_SHOWN)
    about = Proposal.objects.waiting().filter(city=city).about(Proposal.Kind.PAGE, place_of(kind))
    context["waiting"] = about.select_related("by")
    return render(request, "mapui/staff/pages/edit.html", context, status=status)


def _preview(request: HttpRequest, city: City | None, kind: PageVersion.Kind, form: PageForm) -> HttpResponse:
    """Show both languages exactly as everybody would read them."""
    uk, en = form.cleaned_data["uk"], form.cleaned_data["en"]
    follows = isinstance(form, FollowForm)
    text = behind(kind, city) if follows else PageText(kind, uk.strip(), en.strip())
    context = _place(city) | {
        "kind": kind,
        "title": kind.label,
        "form": form,
        "follows": follows,
        "sides": sides_of(text, city),
        "help_lines": HelpLine.objects.shown_in(city),
    }
    return render(request, "mapui/staff/pages/preview.html", context)


def _texts(found: PageVersion | None, kind: PageVersion.Kind, city: City | None) -> PageText:
    """Return what a version reads; none, and one without texts, as what stands behind it reads now."""
    if found is None or found.follows:
        return behind(kind, city)
    return PageText(kind, found.text_uk, found.text_en)


def _changed(before: PageText, after: PageText) -> list[dict[str, Any]]:
    return [
        {"lang": "uk", "words": lines_changed(before.uk, after.uk)},
        {"lang": "en", "words": lines_changed(before.en, after.en)},
    ]


def _place(city: City | None) -> dict[str, Any]:
    """Return whose pages they are, for a template: `slug` stands in addresses, `on_site` whether the public sees it."""
    on_site = city is None or (city.stage in City.PAGE_STAGES and not city.is_copy)
    return {"city": city, "slug": city.slug if city else SITE, "on_site": on_site}


def _slug(city: City | None) -> tuple[str]:
    return (city.slug if city else SITE,)


def _kind(kind: str) -> PageVersion.Kind:
    if kind not in Kind.values:
        raise Http404
    return Kind(kind)
