"""The rows of statistics: a template takes longest for what there are hundreds of."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mapui.templatetags.mapui_tags import whole

register = template.Library()

ROW = '<tr><th scope="row">{}{}</th>{}</tr>'
CELL = '<td data-label="{}"><div>{}</div></td>'
FEW = '<span class="figures__few soft small">{}</span>'


@register.filter
def figure_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return rows of figures, each with its name and the words of its cells."""
    return format_html_join(
        "",
        ROW,
        (
            (
                whole(row["name"]),
                format_html(FEW, row["few"]) if row["few"] else "",
                format_html_join("", CELL, row["cells"]),
            )
            for row in rows
        ),
    )
