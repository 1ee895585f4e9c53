"""Filters of the charts beside the heatmap."""

from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from analysis.week import WEEKDAYS
from mapui.heat.charts import SIDE, Bar, Dot
from mapui.heat.words import day_words, span_cell, span_words

register = template.Library()


@register.filter
def svg(number: float) -> str:
    """Write a number as SVG reads it, whatever the language."""
    return f"{number:g}"


@register.filter
def number_cells(words: Iterable[str]) -> SafeString:
    """Return the cells of a row of numbers: a template takes longest for what there are hundreds of."""
    return format_html_join("", '<td class="number">{}</td>', ((each,) for each in words))


@register.filter
def discs(dots: Iterable[Dot]) -> SafeString:
    """Return the discs of the chart of the week, each in its ring where a span leaves something open."""
    return format_html_join("", '<circle class="{}{}" cx="{}" cy="{}" r="{}"/>', _circles(dots))


def _circles(dots: Iterable[Dot]) -> Iterator[tuple[str, str, str, str, str]]:
    for dot in dots:
        faint = "" if dot.chosen else " is-faint"
        if dot.open_r != dot.r:
            yield "week__open", faint, svg(dot.x), svg(dot.y), svg(dot.open_r)
        yield "week__dot", faint, svg(dot.x), svg(dot.y), svg(dot.r)


@register.filter
def middle(place: int) -> int:
    """Return the middle of a row or column of the chart of the week."""
    return place * SIDE + SIDE // 2


@register.filter
def span(told: Bar | Dot) -> str:
    """Return the letters of a bar or a disc, for its table."""
    return span_cell(told.least, told.most)


@register.filter
def days(bar: Bar) -> str:
    """Return the days of a bar."""
    return day_words(bar.bin.first, bar.bin.last)


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
def by_hour(dots: Iterable[Dot]) -> list[tuple[str, list[str]]]:
    """Return rows of hours with letters: "8–9", and for each weekday its letters or nothing."""
    told = {(dot.hour, dot.weekday): span_cell(dot.least, dot.most) for dot in dots}
    return [
        (f"{hour}–{hour + 1}", [told.get((hour, weekday), "") for weekday in range(1, WEEKDAYS + 1)])
        for hour in sorted({hour for hour, _weekday in told})
    ]
