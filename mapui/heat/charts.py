"""The geometry of the charts that the server draws as SVG. Pure: numbers in, numbers out."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Day = datetime.date
Days = tuple[Day, Day]
"""From a local day to another, both included."""
Span = tuple[int, int]
"""Letters, at the least and at the most: equal where the count is exact."""
WIDTH, HEIGHT = 1000, 160
"""Of the trend, in its own units: it is stretched over the width of the page."""
DAYS, WEEKS = 92, 1100
"""Up to so many days a trend goes by day, up to so many by week, then by month."""
HOURS_OF_A_DAY = 24
SIDE = 20
"""Of an hour in the chart of the week."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A day, a week from Monday or a month of the trend: from one local day to another, both included."""

    first: Day
    last: Day

    def touches(self, first: Day | None, last: Day | None) -> bool:
        """Whether it shares a day with the days from one to another; None leaves a side open."""
        return (first is None or self.last >= first) and (last is None or self.first <= last)


class Bar(NamedTuple):
    """A bar of the trend: what is certain, and above it the line that a span leaves open."""

    bin: Bin
    least: int
    most: int
    chosen: bool
    compared: bool
    x: float
    width: float
    y: float
    height: float
    open_y: float
    open_height: float

    @property
    def middle(self) -> float:
        """Where its line stands."""
        return round(self.x + self.width / 2, 2)


class Dot(NamedTuple):
    """An hour of the week: a disc as large as its letters, in a ring for what a span leaves open."""

    weekday: int
    hour: int
    least: int
    most: int
    chosen: bool
    x: float
    y: float
    r: float
    open_r: float


def bins_of(first: Day, last: Day) -> tuple[str, list[Bin]]:
    """Cut days into "day", "week" or "month" bins; the first and the last may begin before and end after."""
    length = (last - first).days + 1
    if length <= DAYS:
        return "day", [Bin(day, day) for n in range(length) for day in [first + datetime.timedelta(days=n)]]
    if length <= WEEKS:
        monday = first - datetime.timedelta(days=first.weekday())
        starts = [monday + datetime.timedelta(weeks=n) for n in range((last - monday).days // 7 + 1)]
        return "week", [Bin(start, start + datetime.timedelta(days=6)) for start in starts]
    return "month", list(months_of(first, last))


def months_of(first: Day, last: Day) -> Iterator[Bin]:
    """Yield the months from that of one day to that of another."""
    start = first.replace(day=1)
    while start <= last:
        following = (start + datetime.timedelta(days=31)).replace(day=1)
        yield Bin(start, following - datetime.timedelta(days=1))
        start = following


def summed(bins: Sequence[Bin], by_day: Mapping[Day, int]) -> list[Span]:
    """Return the letters of each bin; days outside of all bins are left out."""
    sums = [0] * len(bins)
    at = 0
    for day, letters in sorted(by_day.items()):
        while at < len(bins) and bins[at].last < day:
            at += 1
        if at < len(bins) and bins[at].first <= day:
            sums[at] += letters
    return [(n, n) for n in sums]


def bars_of(
    bins: Sequence[Bin], spans: Sequence[Span], *, first: Day | None, last: Day | None, before: Days | None = None
) -> list[Bar]:
    """Draw a bar for each bin, the highest as high as the chart.

    Those that touch the chosen days are `chosen`; those that touch the days `before`, and are not, are `compared`.
    """
    highest = max((most for _least, most in spans), default=0) or 1
    step = WIDTH / max(len(bins), 1)
    bars = []
    for place, (each, (least, most)) in enumerate(zip(bins, spans, strict=True)):
        height, full = least / highest * HEIGHT, most / highest * HEIGHT
        chosen = each.touches(first, last)
        bars.append(
            Bar(
                bin=each,
                least=least,
                most=most,
                chosen=chosen,
                compared=before is not None and not chosen and each.touches(*before),
                x=round(place * step + step * 0.1, 2),
                width=round(step * 0.8, 2),
                y=round(HEIGHT - height, 2),
                height=round(height, 2),
                open_y=round(HEIGHT - full, 2),
                open_height=round(full - height, 2),
            )
        )
    return bars


def dots_of(hours: Iterable[tuple[int, int, Span]], *, chosen: Collection[int] | None = None) -> list[Dot]:
    """Draw a disc for each (weekday from 1, hour, letters): areas, not radii, are as the letters are.

    `chosen` are hours of the week from 0; None means all.
    """
    told = list(hours)
    highest = max((most for _weekday, _hour, (_least, most) in told), default=0) or 1
    return [
        Dot(
            weekday=weekday,
            hour=hour,
            least=least,
            most=most,
            chosen=chosen is None or (weekday - 1) * HOURS_OF_A_DAY + hour in chosen,
            x=(hour + 0.5) * SIDE,
            y=(weekday - 0.5) * SIDE,
            r=_radius(least, highest),
            open_r=_radius(most, highest),
        )
        for weekday, hour, (least, most) in told
    ]


def _radius(letters: int, highest: int) -> float:
    return round(max(1.5, (letters / highest) ** 0.5 * SIDE * 0.48), 2) if letters else 0.0
