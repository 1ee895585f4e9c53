"""Filters of the charts beside the heatmap."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from analysis.week import WEEKDAYS
from mapui.heat.charts import SIDE, Bar, Dot
from mapui.heat.words import day_words, span_cell, span_words
from mapui.numbers import number_words

register = template.Library()
CHECKED = mark_safe(" checked")


@register.filter
def number_cells(words: Iterable[str]) -> SafeString:
    """Return the cells of a row of numbers: a template takes longest for what there are hundreds of."""
    return format_html_join("", '<td class="number">{}</td>', ((each,) for each in words))


@register.filter
def square_rows(squares: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the rows of live squares: where each lies, its letters, and its rate where one is told."""
    return mark_safe("".join(_square_row(each) for each in squares))  # noqa: S308 - our own words and numbers


def _square_row(square: Mapping[str, Any]) -> str:
    rate = f'<td class="number">{escape(square["rate"])}</td>' if square.get("rate") else ""
    letters = number_words(square["letters"])
    return f'<tr><td>{square["lat"]}, {square["lon"]}</td><td class="number">{letters}</td>{rate}</tr>'


@register.filter
def check_boxes(field: BoundField) -> SafeString:
    """Return the boxes to tick of a field of choices, each in its label, as Django's widget draws them."""
    ticked = set(field.value() or ())
    tick = '<input type="checkbox" name="{1}" value="{2}" id="{0}"{3}>'
    box = f'<label class="check" for="{{0}}">{tick} <span>{{4}}</span></label>'
    choices: Any = field.field
    told = (
        (f"{field.auto_id}_{n}", field.html_name, value, CHECKED if value in ticked else "", label)
        for n, (value, label) in enumerate(choices.choices)
    )
    return format_html_join("", box, told)


@register.filter
def discs(dots: Iterable[Dot]) -> SafeString:
    """Return the discs of the chart of the week, each in its ring where a span leaves something open."""
    return mark_safe("".join(_circles(dots)))  # noqa: S308 - our own words and numbers


def _circles(dots: Iterable[Dot]) -> Iterator[str]:
    for dot in dots:
        faint = "" if dot.chosen else " is-faint"
        where = f'cx="{dot.x:g}" cy="{dot.y:g}"'
        if dot.open_r != dot.r:
            yield f'<circle class="week__open{faint}" {where} r="{dot.open_r:g}"/>'
        yield f'<circle class="week__dot{faint}" {where} r="{dot.r:g}"/>'


@register.filter
def columns(bars: Sequence[Bar]) -> SafeString:
    """Return the bars of the trend, each with the line that a span leaves open and the mark below it."""
    is_marked = marked(bars)
    return mark_safe("".join(part for bar in bars for part in _column(bar, is_marked=is_marked)))  # noqa: S308 - as above


def _column(bar: Bar, *, is_marked: bool) -> Iterator[str]:
    across = f'x="{bar.x:g}" width="{bar.width:g}"'
    if bar.height:
        chosen = " is-chosen" if bar.chosen else ""
        yield f'<rect class="trend__bar{chosen}" {across} y="{bar.y:g}" height="{bar.height:g}"/>'
    if bar.open_height:
        yield f'<path class="trend__open" d="M{bar.middle:g} {bar.open_y:g}v{bar.open_height:g}"/>'
    if bar.chosen and is_marked:
        yield f'<rect class="trend__mark" {across} y="164" height="6"/>'
    elif bar.compared:
        yield f'<path class="trend__before" d="M{bar.x:g} 167h{bar.width:g}"/>'


@register.filter
def middle(place: int) -> int:
    """Return the middle of a row or column of the chart of the week."""
    return place * SIDE + SIDE // 2


@register.filter
def bar_rows(bars: Iterable[Bar]) -> SafeString:
    """Return the rows of the trend's table: the days of each bar and its letters."""
    told = ((day_words(bar.bin.first, bar.bin.last), span_cell(bar.least, bar.most)) for bar in bars)
    rows = (f'<tr><td>{escape(days)}</td><td class="number">{escape(letters)}</td></tr>' for days, letters in told)
    return mark_safe("".join(rows))  # noqa: S308 - as above


@register.filter
def highest(told: Iterable[Bar] | Iterable[Dot]) -> str:
    """Return the letters of the highest bar, or of the largest disc."""
    return span_words(*max(((each.least, each.most) for each in told), key=lambda span: span[::-1]))


@register.filter
def marked(bars: Iterable[Bar]) -> bool:
    """Whether only some bars are chosen: then they are marked."""
    return len({bar.chosen for bar in bars}) > 1


@register.filter
def steps(bars: Iterable[Bar]) -> list[dict[str, str | bool]]:
    """Return the first and the last day of each bar, and whether it is chosen, for the brush."""
    return [{"first": str(bar.bin.first), "last": str(bar.bin.last), "chosen": bar.chosen} for bar in bars]


@register.filter
def hour_rows(dots: Iterable[Dot]) -> SafeString:
    """Return rows of hours with letters: "8–9", and for each weekday its letters or nothing."""
    told = {(dot.hour, dot.weekday): escape(span_cell(dot.least, dot.most)) for dot in dots}
    rows = []
    for hour in sorted({hour for hour, _weekday in told}):
        cells = (f'<td class="number">{told.get((hour, day), "")}</td>' for day in range(1, WEEKDAYS + 1))
        rows.append(f'<tr><th scope="row">{hour}–{hour + 1}</th>{"".join(cells)}</tr>')
    return mark_safe("".join(rows))  # noqa: S308 - as above
