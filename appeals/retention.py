"""How long what belongs to a letter is kept: the sums that erasing, and what people are told, are made of. Pure.

The terms are the operator's, rows with their sources (`appeals.models.RetentionRule`). They run from the local day on
which a letter was over: the last answer, its closing, its return, its handing to another body, or its setting aside as
spam.
"""

import calendar
import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole years that the writer's name and contacts, the letter, and the log of its openings are kept, and by what
    rule. What has no row is as it stands here.
    """

    contacts_years: int = 1
    letters_years: int = 5
    openings_years: int = 5
    contacts_source: str = ""
    letters_source: str = ""
    openings_source: str = ""


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
