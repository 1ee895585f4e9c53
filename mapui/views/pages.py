"""Pages of text for everybody: of the whole site, and of a city where it has words of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from geo.models import City
from mapui.page_texts import DESCRIPTIONS, shown
from people.models import HelpLine, PageVersion, Station
from people.pages import page_of

Kind = PageVersion.Kind


@require_safe
def page(request: HttpRequest, kind: str, slug: str | None = None) -> HttpResponse:
    """Show a page of a city, or of the whole site."""
    city = get_object_or_404(City.objects.visible_on_site(), slug=slug) if slug else None
    return render(request, "mapui/pages/page.html", page_context(Kind(kind), city))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the notice to whoever writes a letter: the history of the browser tells its address and no title of its
    own, as of every page of letters.
    """
    return render(request, "mapui/pages/privacy_of_letters.html", page_context(Kind.PRIVACY, None))


def page_context(kind: PageVersion.Kind, city: City | None) -> dict[str, Any]:
    """Return what a page shows."""
    text = page_of(kind, city)
    return {
        "city": city,
        "kind": kind,
        "title": kind.label,
        "description": DESCRIPTIONS[kind],
        "since": text.since,
        "help_lines": HelpLine.objects.shown_in(city),
        "stations": Station.objects.filter(city=city, is_duty=True).exclude(phone="") if city else (),
        **shown(text, city),
    }
