"""Moments and local days. A day is a day in Europe/Kyiv, whatever the clock of the machine says."""

import datetime
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")
FIRST_DAY, LAST_DAY = datetime.date(1991, 1, 1), datetime.date(2100, 12, 31)
"""A day outside is a slip of the pen, and moments at the ends of the calendar cannot be told in another time zone."""


def is_plausible(day: datetime.date) -> bool:
    """Whether this service can have to do with a day."""
    return FIRST_DAY <= day <= LAST_DAY


def end_of_local_day(day: datetime.date) -> datetime.datetime:
    """Return the last microsecond of a day in Kyiv: what `?on=DATE` means."""
    next_midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), KYIV)
    return next_midnight.astimezone(datetime.UTC) - datetime.timedelta(microseconds=1)


def start_of_local_day(day: datetime.date) -> datetime.datetime:
    """Return the first moment of a day in Kyiv."""
    return datetime.datetime.combine(day, datetime.time(), KYIV).astimezone(datetime.UTC)


def local_day(moment: datetime.datetime) -> datetime.date:
    """Return the day that a moment belongs to in Kyiv."""
    return moment.astimezone(KYIV).date()
