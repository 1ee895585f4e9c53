"""The month of leaves: a template takes longest for what there are hundreds of."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mapui.templatetags.mapui_tags import icon, whole

register = template.Library()

NOTHING = mark_safe('<td class="month__cell"></td>')
MARKED = (
    '<td class="month__cell month__cell--{}">'
    '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></td>'
)


@register.filter
def month_heads(heads: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the heads of the days of a month."""
    today = format_html('<span class="visually-hidden">{} </span>', _("today"))
    return format_html_join(
        "",
        '<th scope="col" class="month__day{}{}">{}{}</th>',
        (
            (
                " month__day--free" if head["is_free"] else "",
                " month__day--today" if head["is_today"] else "",
                today if head["is_today"] else "",
                head["day"].day,
            )
            for head in heads
        ),
    )


@register.filter
def month_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return rows of a month: of districts that nobody serves ("away"), of officers "away" or who "acts" for others."""
    nobody = {"": NOTHING, "away": format_html(MARKED, "nobody", "!", _("nobody answers"))}
    officer = {
        "": NOTHING,
        "away": format_html(MARKED, "away", "×", _("away")),
        "acts": format_html(MARKED, "acts", "+", _("stands in")),
    }
    of_district = format_html("{} ", icon("user-x"))
    return format_html_join(
        "",
        '<tr><th scope="row">{}{}</th>{}</tr>',
        (
            (
                of_district if row["is_district"] else "",
                whole(row["name"]),
                _cells(row["cells"], nobody if row["is_district"] else officer),
            )
            for row in rows
        ),
    )


def _cells(cells: Iterable[str], drawn: Mapping[str, SafeString]) -> SafeString:
    return mark_safe("".join(drawn[cell] for cell in cells))  # noqa: S308 - of cells drawn above
