"""The numbers of the supervisor's board: a template takes longest for what there are a hundred of."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from appeals.filters import Due
from geo.models import City

register = template.Library()
HURRIED = {Due.OVERDUE: " board__count--overdue", Due.TODAY: " board__count--today"}
NONE = mark_safe('<span class="soft">0</span>')


@register.simple_tag
def board_cells(cells: Iterable[Mapping[str, Any]], *, of: str, city: City) -> SafeString:
    """Return the numbers of a row of `mapui.board.cells_of`, each a way into its letters; `of` names the row."""
    letters = reverse("staff_appeals", args=[city.slug])
    rows = ((cell["name"], _number(cell, of=of, letters=letters) if cell["n"] else NONE) for cell in cells)
    return format_html_join("", '<td class="board__number" data-label="{}">{}</td>', rows)


def _number(cell: Mapping[str, Any], *, of: str, letters: str) -> SafeString:
    return format_html(
        '<a class="board__count{}" href="{}?{}">{}<span class="visually-hidden"> {}: {}</span></a>',
        HURRIED.get(cell["due"], ""), letters, cell["query"], cell["n"], cell["name"], of,
    )  # fmt: skip
