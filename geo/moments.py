"""Moments and local days. A day is a day in Europe/Kyiv, whatever the clock of the machine says."""

import datetime
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")


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
