"""The cells of the month of leaves: a template takes longest for what there are hundreds of."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

NOTHING = mark_safe('<td class="month__cell"></td>')
MARKED = (
    '<td class="month__cell month__cell--{}">'
    '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></td>'
)


@register.filter
def cells_of_officer(cells: Iterable[str]) -> SafeString:
    """Return the days of somebody who is "away", or "acts" for another, or neither."""
    drawn = {
        "": NOTHING,
        "away": format_html(MARKED, "away", "×", _("away")),
        "acts": format_html(MARKED, "acts", "+", _("stands in")),
    }
    return format_html_join("", "{}", ((drawn[cell],) for cell in cells))


@register.filter
def cells_of_district(cells: Iterable[str]) -> SafeString:
    """Return the days of a district that nobody serves: "away"."""
    nobody = format_html(MARKED, "nobody", "!", _("nobody answers"))
    return format_html_join("", "{}", ((nobody if cell else NOTHING,) for cell in cells))
