"""The rows of statistics: a template takes longest for what there are hundreds of."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from mapui.templatetags.mapui_tags import whole

register = template.Library()


@register.filter
def figure_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return rows of figures, each with its name and the words of its cells."""
    return mark_safe("".join(map(_row, rows)))  # noqa: S308 - each part is escaped below


def _row(row: Mapping[str, Any]) -> str:
    few = f'<span class="figures__few soft small">{escape(row["few"])}</span>' if row["few"] else ""
    cells = (f'<td data-label="{escape(label)}"><div>{escape(words)}</div></td>' for label, words in row["cells"])
    return f'<tr><th scope="row">{escape(whole(row["name"]))}{few}</th>{"".join(cells)}</tr>'
