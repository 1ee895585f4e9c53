"""The rows of the supervisor's board: a template takes longest for what there are a hundred of."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appeals.filters import Due
from geo.models import City
from mapui.templatetags.mapui_tags import icon, whole

register = template.Library()
Row = Mapping[str, Any]
HURRIED = {Due.OVERDUE: " board__count--overdue", Due.TODAY: " board__count--today"}
NONE = mark_safe('<span class="soft">0</span>')
ROW = '<tr{}><th scope="row">{}</th><td data-label="{}"><div>{}</div></td>{}</tr>'
VACANT = mark_safe(' class="staffing__vacant"')


@register.simple_tag
def rows_by_district(rows: Iterable[Row], *, city: City) -> SafeString:
    """Return the rows of `mapui.board.district_rows`: who answers there today, and the numbers."""
    letters, label = escape(reverse("staff_appeals", args=[city.slug])), _("Answers today")
    acting = format_html(' <span class="tag">{}</span>', _("acting"))
    nobody = format_html('<span class="staffing__nobody">{}{}</span>', icon("user-x"), pgettext("answers", "Nobody"))
    return format_html_join(
        "",
        ROW,
        (
            (
                "" if row["officer"] else VACANT,
                format_html(
                    '<span class="staffing__code">{}</span> {}', row["district"].code, whole(row["district"].name)
                ),
                label,
                format_html("{}{}", row["officer"].name, acting if row["is_acting"] else "")
                if row["officer"]
                else nobody,
                _cells(row["cells"], of=row["district"].name, letters=letters),
            )
            for row in rows
        ),
    )


@register.simple_tag
def rows_by_officer(rows: Iterable[Row], *, city: City) -> SafeString:
    """Return the rows of `mapui.board.officer_rows`: where they answer today, and the numbers."""
    letters, label = escape(reverse("staff_appeals", args=[city.slug])), _("Answers today in")
    return format_html_join(
        "",
        ROW,
        (
            (
                "",
                row["officer"].name,
                label,
                ", ".join(whole(district.name) for district in row["districts"]),
                _cells(row["cells"], of=row["officer"].name, letters=letters),
            )
            for row in rows
        ),
    )


def _cells(cells: Iterable[Row], *, of: str, letters: str) -> SafeString:
    """Return the numbers of a row, each a way into its letters; `of` names the row."""
    of = escape(of)
    numbers = ((cell["name"], _number(cell, of=of, letters=letters) if cell["n"] else NONE) for cell in cells)
    return format_html_join("", '<td class="board__number" data-label="{}">{}</td>', numbers)


def _number(cell: Row, *, of: str, letters: str) -> SafeString:
    return format_html(
        '<a class="board__count{}" href="{}?{}">{}<span class="visually-hidden"> {}: {}</span></a>',
        HURRIED.get(cell["due"], ""), letters, cell["query"], cell["n"], cell["name"], of,
    )  # fmt: skip
