"""The clock of a letter: until when it must be answered, by the lane, the city's calendar and the terms."""

import datetime

from appeals import deadlines
from appeals.models import Appeal, clock_of
from geo.models import City


def due_on(city: City, lane: str, day: datetime.date) -> datetime.date:
    """Return the day at whose end the answer to a letter is due that came in, or came in anew, on a local day."""
    calendar, terms = clock_of(city)
    return deadlines.answer_due_on(lane, day, calendar=calendar, terms=terms)


def start_clock(appeal: Appeal, day: datetime.date) -> None:
    """Start a letter's clock anew on a local day; the caller saves `clock_from` and `answer_due_on`."""
    appeal.clock_from, appeal.answer_due_on = day, due_on(appeal.city, appeal.lane, day)
