"""How long what belongs to a letter is kept: the one source for erasing and for what people are told. Pure.

The terms are the operator's (docs/privacy.md). They run from the local day on which a letter was over: the last
answer, its closing, its return, its handing to another body, or its setting aside as spam.
"""

import calendar
import datetime
from dataclasses import dataclass


class BadTerms(ValueError):
    """Terms that cannot be kept: shorter than a year, or a writer who is kept longer than the letter."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole years that the writer's name and contacts, the letter, and the log of its openings are kept."""

    contacts_years: int
    letters_years: int
    openings_years: int

    def __post_init__(self) -> None:
        if not 1 <= self.contacts_years <= self.letters_years:
            raise BadTerms("LETTERS_KEPT_YEARS must be at least CONTACTS_KEPT_YEARS, and that at least 1.")
        if self.openings_years < 1:
            raise BadTerms("READING_LOG_KEPT_YEARS must be at least 1.")


def kept_until(day: datetime.date, years: int) -> datetime.date:
    """Return the day on which a term of whole years from a day is over; from 29 February it ends on 1 March."""
    if day.month == 2 and day.day == 29 and not calendar.isleap(day.year + years):
        return datetime.date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def last_expired(today: datetime.date, years: int) -> datetime.date:
    """Return the last day from which a term of whole years is over today: the inverse of `kept_until`."""
    if today.month == 2 and today.day == 29 and not calendar.isleap(today.year - years):
        return datetime.date(today.year - years, 2, 28)
    return today.replace(year=today.year - years)
