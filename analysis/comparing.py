"""The period that another one is compared with: the one before it, or that of last year."""

import datetime

from django.utils.translation import gettext as _

from analysis.periods import months_after
from appeals.filters import BadFilter

SAME_WEEKDAYS = datetime.timedelta(days=364)
MONTHS_OF_A_YEAR = 12
COMPARISONS = ("before", "year")


def compared_days(first: datetime.date, last: datetime.date, compare: str) -> tuple[datetime.date, datetime.date]:
    """Return the days that others are compared with; a year back means 364 days: the same weekdays.

    `compare` is "before" or "year". Raises BadFilter.
    """
    back = SAME_WEEKDAYS if _a_year_back(compare) else last - first + datetime.timedelta(days=1)
    return _apart(first - back, last - back, first)


def compared_months(first: datetime.date, last: datetime.date, compare: str) -> tuple[datetime.date, datetime.date]:
    """Return the whole months that those from one day to another are compared with: as many before, or a year back.

    Raises BadFilter.
    """
    start, after = first.replace(day=1), months_after(last.replace(day=1), 1)
    months = (after.year - start.year) * MONTHS_OF_A_YEAR + after.month - start.month
    back = MONTHS_OF_A_YEAR if _a_year_back(compare) else months
    return _apart(months_after(start, -back), months_after(after, -back) - datetime.timedelta(days=1), start)


def _a_year_back(compare: str) -> bool:
    if compare not in COMPARISONS:
        raise BadFilter(_("“compare” must be before or year."))
    return compare == "year"


def _apart(first: datetime.date, last: datetime.date, shown: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Refuse to compare days with themselves."""
    if last >= shown:
        raise BadFilter(_("A period of a year or longer is compared with the one before it."))
    return first, last
