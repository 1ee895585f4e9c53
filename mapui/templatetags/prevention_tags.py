"""The panel beside every map of letters: how well the city's past told its future; and what was done at a place."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from analysis.hotspots.forecast import YEAR
from analysis.past import FEWEST, LEAST_BEFORE, LEAST_TOLD, is_being_evaluated, latest_of
from appeals.models import reads_letters_in, rights_by_key
from geo.models import City
from mapui.prevention.words import past_words
from mapui.templatetags.mapui_tags import icon
from people.models import User

register = template.Library()


@register.inclusion_tag("mapui/staff/prevention/_past.html", takes_context=True)
def past_of(context: RequestContext, city: City, user: User) -> dict[str, Any]:
    """Show the latest evaluation to those who read the city's letters, and to others why there is none for them."""
    shown: dict[str, Any] = {"city": city, "csrf_token": context.get("csrf_token")}
    if not reads_letters_in(user, city):
        return shown | {"reads_letters": False}
    _own, supervised = rights_by_key(user)
    may_ask = city.pk in supervised
    past = latest_of(city)
    return (
        shown
        | (past_words(past) if past else {})
        | {
            "reads_letters": True,
            "may_ask": may_ask,
            "is_asked": may_ask and is_being_evaluated(city),
            "fewest_letters": FEWEST,
            "least_weeks": LEAST_BEFORE + LEAST_TOLD,
            "more_weeks": 2 * YEAR + LEAST_TOLD,
        }
    )


@register.simple_tag
def measure_rows(measures: Iterable[Mapping[str, Any]], city: City) -> SafeString:
    """Return the rows of the measures of a place, each with its day, its state and its few words."""
    row = (
        '<li><a class="measure" href="{}"><span><strong>{}</strong>, {}</span> <span class="tag{}">{}</span>{}</a></li>'
    )
    return format_html_join("", row, (_measure(each, city) for each in measures))


def _measure(told: Mapping[str, Any], city: City) -> tuple[str, ...]:
    now, is_late = told["now"], told["is_late"]
    return (
        reverse("staff_measure", args=[city.slug, told["measure"].pk]),
        capfirst(now.get_kind_display()),
        date_format(now.on, "SHORT_DATE_FORMAT"),
        " tag--notice" if is_late else "",
        _("was planned: is it done?") if is_late else now.get_state_display(),
        format_html(' <span class="measure__text">{}</span>', now.text) if now.text else "",
    )


@register.filter
def comparison_cards(comparisons: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return what came of a deed, beside others: a sentence, and the numbers it rests on."""
    heads = format_html(
        '<table class="small"><thead><tr><th scope="col">{}</th><th scope="col" class="number">{}</th>'
        '<th scope="col" class="number">{}</th></tr></thead>',
        _("Letters"), _("here"), _("there"),
    )  # fmt: skip
    card = '<div class="comparison stack stack--small"><p class="comparison__title">{}</p>{}</div>'
    return format_html_join(
        "",
        card,
        ((_("Beside %(others)s") % {"others": each["others"]}, _compared(each, heads)) for each in comparisons),
    )


def _compared(told: Mapping[str, Any], heads: SafeString) -> SafeString:
    if told["verdict"] == "few":
        return format_html('<p class="soft">{}</p>', told["words"])
    cells = '<tr><th scope="row">{}</th><td class="number">{}</td><td class="number">{}</td></tr>'
    rows = format_html_join("", cells, ((row["name"], row["here"], row["there"]) for row in told["rows"]))
    found, direction = "", told["direction"]
    sign: str = mark_safe("")
    if direction:
        found, sign = mark_safe(' class="comparison__found"'), format_html("{} ", icon(_TRENDS[direction]))
    return format_html("<p{}>{}{}</p>{}<tbody>{}</tbody></table>", found, sign, told["words"], heads, rows)


_TRENDS = {-1: "trending-down", 1: "trending-up"}
