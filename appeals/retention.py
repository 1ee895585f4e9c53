"""How long letters and reports of mistakes are kept: the sums that erasing and what is told are made of. Pure.

The terms are the operator's, rows with their sources (`appeals.models.RetentionRule`). Those of a letter run from the
local day on which it was over: the last answer, its closing, its return, its handing to another body, or its setting
aside as spam. Those of a report run from its settling, or from its coming where nobody settles it.
"""

import calendar
import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole years that the writer's name and contacts, the letter, the log of its openings and a report of a mistake
    are kept, days that the e-mail of a report is, and by what rule. What has no row is as it stands here.
    """

    contacts_years: int = 1
    letters_years: int = 5
    openings_years: int = 5
    reports_years: int = 1
    emails_days: int = 14
    open_emails_days: int = 90
    contacts_source: str = ""
    letters_source: str = ""
    openings_source: str = ""
    reports_source: str = ""
    emails_source: str = ""
    open_emails_source: str = ""


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
