"""Tags and filters of the pages: icons, the city menu, plain words for distances, phones and languages."""

import datetime
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from geo.basemaps import is_allowed
from geo.models import City
from geo.names import in_current_language, short_name
from mapui.markdown import as_line
from mapui.numbers import number_words
from mapui.silhouettes import Silhouette, silhouettes_of
from people.models import PageVersion

register = template.Library()

register.filter("short_name", short_name)

_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def _icon_shapes(name: str) -> str:
    """Return what stands inside the `<svg>` of an icon of lucide; raise FileNotFoundError for an unknown name."""
    source = Path(settings.ICONS_DIR, f"{name}.svg").read_text(encoding="utf-8")
    shapes = _SHAPES.search(source)
    return " ".join(shapes.group(1).split()) if shapes else ""


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Return an inline SVG icon: hidden from assistive technology, or named when it carries the meaning alone."""
    return _icon(name, format_html('role="img" aria-label="{}"', label), css) if label else _hidden_icon(name, css)


@cache
def _hidden_icon(name: str, css: str) -> SafeString:
    return _icon(name, mark_safe('aria-hidden="true"'), css)


def _icon(name: str, naming: SafeString, css: str) -> SafeString:
    shapes = mark_safe(_icon_shapes(name))  # noqa: S308 - a file of the lucide package, chosen by a template
    return format_html(
        '<svg class="icon{}" {} viewBox="0 0 24 24" width="24" height="24" focusable="false">{}</svg>',
        f" {css}" if css else "", naming, shapes,
    )  # fmt: skip


@register.inclusion_tag("mapui/_city_menu.html")
def city_menu(city: City | None = None) -> dict[str, Any]:
    """Show the cities of the site; `city` is where the reader is.

    It stands on every page, and a template takes longest for rows: they are put together here.
    """
    training = format_html(' <span class="tag">{}</span>', _("training"))
    here = mark_safe(' aria-current="true"')
    cities = City.objects.visible_on_site().values_list("slug", "name_uk", "name_en", "stage")
    rows = [
        (
            reverse("city", args=[slug]),
            here if city and slug == city.slug else "",
            in_current_language(name_uk, name_en),
            training if stage == City.Stage.TRAINING else "",
        )
        for slug, name_uk, name_en, stage in cities
    ]
    return {"choices": format_html_join("", '<li><a href="{}"{}>{}{}</a></li>', rows), "city": city or None}


@register.simple_tag
def pages_of_text(city: City | None = None) -> list[dict[str, str]]:
    """Return address and title of each page of text: of the city where the reader is, where it has a page."""
    here = city if isinstance(city, City) and city.stage in City.PAGE_STAGES and not city.is_copy else None
    return [
        {
            "url": reverse("city_page", kwargs={"slug": here.slug, "kind": kind})
            if here
            else reverse("page", kwargs={"kind": kind}),
            "title": str(kind.label),
        }
        for kind in PageVersion.Kind
    ]


@register.simple_tag
def basemap_of(city: City | None = None) -> dict[str, str]:
    """Return address and attribution (HTML) of the tiles below a city's districts; no address: there are none.

    The city's own, where the operator allows its host still; else the operator's.
    """
    if isinstance(city, City) and is_allowed(city.basemap_url):
        return {"url": city.basemap_url, "attribution": as_line(city.basemap_attribution)}
    return {"url": settings.BASEMAP_URL, "attribution": settings.BASEMAP_ATTRIBUTION}


@register.simple_tag
def with_silhouettes(cities: Iterable[City]) -> list[tuple[City, Silhouette | None]]:
    """Return each city with its districts as a small picture."""
    return silhouettes_of(cities, timezone.now())


@register.filter
def metres(distance_m: float | None) -> str:
    """Return a distance in words: metres under one kilometre, else kilometres with one decimal."""
    if distance_m is None:
        return ""
    if distance_m < 1:
        return _("less than 1 m")
    if distance_m < 995:
        told = _("%(n)s m") % {"n": round(distance_m) if distance_m < 100 else round(distance_m / 10) * 10}
    else:
        told = _("%(n)s km") % {"n": number_format(distance_m / 1000, 1)}
    return told.replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def language_names(codes: tuple[str, ...]) -> str:
    """Return the names of languages in the language that is active; an unknown code stays as it is."""
    names = []
    for code in codes:
        try:
            names.append(str(get_language_info(code)["name_translated"]).lower())
        except KeyError:
            names.append(code)
    return ", ".join(names)


@register.filter
def number(value: float) -> str:
    """Write a whole number with its thousands apart."""
    return number_words(value)


@register.filter
def whole(name: str) -> str:
    """Keep the number sign and its number on one line, and let no line begin with a dot between two names."""
    for parted, joined in (
        ("№ ", "№\N{NO-BREAK SPACE}"),
        ("No. ", "No.\N{NO-BREAK SPACE}"),
        (" · ", "\N{NO-BREAK SPACE}· "),
    ):
        name = name.replace(parted, joined)
    return name


@register.filter
def whole_numbers(text: str) -> str:
    """Keep each phone number of a text on one line: 0 800 500 335."""
    return re.sub(r"(?<=\d) (?=\d)", "\N{NO-BREAK SPACE}", text)


@register.filter
def month_inside(day: datetime.date) -> str:
    """Return month and year as they stand in the middle of a sentence: Ukrainian writes them small there."""
    words = date_format(day, "F Y")
    return words if get_language() == "en" else words.lower()


@register.filter
def bare(field: BoundField) -> BoundField:
    """Return a field without the placeholder that a library's form gives it: the label says the same, and stays."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.simple_tag
def finder_texts() -> dict[str, str]:
    """Return every sentence the map and the field may say by script, in the language that is active."""
    return {
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "map_help": _("Map. Arrow keys move it, plus and minus zoom, Enter asks about the place in the centre."),
        "districts_help": _("Districts on the map. Arrow keys go to the neighbouring district, Enter opens it."),
        "in_centre": _("In the centre: {name}"),
        "centre_outside": _("In the centre: outside the districts"),
        "suggested": _("Addresses found: {n}. Arrow keys choose one."),
        "nothing_suggested": _("Nothing found. Check the spelling, or show the place on the map."),
        "was": _("was: {name}"),
        "today": _("{was} is today {label}"),
        "looking": _("Looking for the officer…"),
        "map_failed": _("The map could not be loaded. Everything else on this page works."),
        "locating": _("Finding where you are…"),
        "location_denied": _(
            "Your browser does not let this site see your location. Allow it in the browser's settings, or "
            "choose the place on the map of the city."
        ),
        "location_unavailable": _(
            "Your device could not tell where it is. Type the address, or choose the place on the map of the city."
        ),
        "location_timeout": _(
            "Your device took too long to find its location. Try once more, or choose the place on the map of the city."
        ),
        "location_coarse": _(
            "Your device knows its location only within {distance}: too roughly to name the officer. "
            "Type your address, or choose your house on the map of the city."
        ),
        "location_rough": _("Your location is known within about {distance}. Check that the district is right."),
        "metres": _("{n} m"),
        "kilometres": _("{n} km"),
        "offline": _("No connection. Try again when you are online; in danger call 102."),
        "failed": _("Something went wrong on our side. Try once more in a minute; in danger call 102."),
        "copied": _("The link is copied."),
        "not_copied": _("Could not copy. The link is in the address bar."),
        "expand": _("Show more"),
        "collapse": _("Show less"),
    }
