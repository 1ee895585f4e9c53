"""Months, quarters and years of local days, and when each is released. Pure."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

WRITTEN = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?", re.ASCII)


class Span(IntEnum):
    """How many months a period has."""

    MONTH = 1
    QUARTER = 3
    YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, a quarter or a year: `first` is its first local day."""

    first: datetime.date
    span: Span

    @classmethod
    def holding(cls, day: datetime.date, span: Span) -> "Period":
        """Return the period of a length that a day belongs to."""
        return cls(day.replace(month=(day.month - 1) // span * span + 1, day=1), span)

    @classmethod
    def read(cls, text: str) -> "Period":
        """Read 2026-01, 2026-Q1 or 2026. Raises ValueError."""
        written = WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(text)
        year = int(written["year"])
        if written["month"]:
            return cls(datetime.date(year, int(written["month"]), 1), Span.MONTH)
        if written["quarter"]:
            return cls(datetime.date(year, int(written["quarter"]) * 3 - 2, 1), Span.QUARTER)
        return cls(datetime.date(year, 1, 1), Span.YEAR)

    def __str__(self) -> str:
        if self.span is Span.MONTH:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}" if self.span is Span.QUARTER else f"{self.first:%Y}"

    @property
    def following(self) -> "Period":
        """The next one of the same length."""
        return Period(months_after(self.first, self.span), self.span)

    @property
    def last(self) -> datetime.date:
        """Its last local day."""
        return self.following.first - datetime.timedelta(days=1)

    def due_on(self, *, delay: int) -> datetime.date:
        """Return the local day on which it is released: so many whole months after its end."""
        return months_after(self.following.first, delay)


def months_after(first_of_month: datetime.date, months: int) -> datetime.date:
    """Return the first day of the month so many months later."""
    years, month = divmod(first_of_month.month - 1 + months, 12)
    return datetime.date(first_of_month.year + years, month + 1, 1)


def periods_due(span: Span, *, since: datetime.date, today: datetime.date, delay: int) -> Iterator[Period]:
    """Yield the periods from that of a day on whose releases are due by today, the oldest first."""
    period = Period.holding(since, span)
    while period.due_on(delay=delay) <= today:
        yield period
        period = period.following
