"""Until when a letter must be answered. Pure: days in, a day out; days are local days in Europe/Kyiv.

The day of receipt is day 0 (Civil Code, article 253: a term runs from the next day), and the answer is due at the end
of day N (article 255). Two lanes have two clocks:

* a message: two working days of the `Calendar`, which is the city's promise;
* a formal appeal: the law on citizens' appeals (393/96-ВР, article 20), in calendar days: 15 days; one month where it
  needs study; at most 45 days from receipt where the head of the body extends it and tells the writer. Besides, 5 days
  to forward what is another body's (article 7) and 10 days to return what is badly formed (article 5).

The law's terms are never moved to a later day, whatever day they end on. The Civil Code (article 254, part 5) lets a
term that ends on a day off end on the next working day; 393/96-ВР has no such rule, and it can be argued whether the
Code's holds between a citizen and the police. An answer on the earlier day is in time by either reading: the doubt does
not cost the citizen a day.
"""

import datetime
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from appeals.calendar import ONE_DAY, Calendar
from appeals.workflow import Lane
from geo.moments import start_of_local_day


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Term:
    """So many working days, calendar days or calendar months."""

    number: int
    unit: Unit

    def after(self, day: datetime.date, calendar: Calendar) -> datetime.date:
        """Return the day at whose end the term ends that a day began: that day itself is day 0."""
        match self.unit:
            case Unit.WORKING_DAY:
                return working_days_after(day, self.number, calendar)
            case Unit.DAY:
                return day + datetime.timedelta(days=self.number)
            case Unit.MONTH:
                return months_after(day, self.number)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long everything may take, by default as the law has it, with the promise of two working days."""

    message: Term = Term(2, Unit.WORKING_DAY)
    formal: Term = Term(15, Unit.DAY)
    study: Term = Term(1, Unit.MONTH)
    extension: Term = Term(45, Unit.DAY)
    forwarding: Term = Term(5, Unit.DAY)
    returning: Term = Term(10, Unit.DAY)


LAW: Final = Terms()


class ExtensionRefused(Exception):
    """The term cannot be extended like that."""


class TermAlreadyOver(ExtensionRefused):
    """The term that should be extended has ended: the letter is overdue, and no later decision undoes that."""


class ExtensionNotLater(ExtensionRefused):
    """The new day is not later than the day on which the answer is due already."""


class ExtensionTooLong(ExtensionRefused):
    """The new day is more than 45 days after receipt."""


def answer_due_on(lane: str, received_on: datetime.date, *, calendar: Calendar, terms: Terms = LAW) -> datetime.date:
    """Return the day at whose end the answer is due, by the lane; a formal appeal is taken to need no study at first.

    `received_on` is the day when the letter came in, or came in anew: asked again, completed, upgraded.
    """
    term = terms.formal if Lane(lane) is Lane.FORMAL else terms.message
    return term.after(received_on, calendar)


def study_due_on(
    received_on: datetime.date, *, decided_on: datetime.date, calendar: Calendar, terms: Terms = LAW
) -> datetime.date:
    """Return the day at whose end a formal appeal that needs study is due: a month after receipt.

    `decided_on` is the day on which the officer says that it needs study. Raises TermAlreadyOver.
    """
    if is_overdue(terms.formal.after(received_on, calendar), on=decided_on):
        raise TermAlreadyOver
    return terms.study.after(received_on, calendar)


def extended_due_on(
    received_on: datetime.date,
    *,
    until: datetime.date,
    decided_on: datetime.date,
    calendar: Calendar,
    terms: Terms = LAW,
) -> datetime.date:
    """Return `until`, the day to which the head of the body extends the month of a formal appeal that needs study.

    It is later than the month and at most 45 days after receipt, and the month has not ended. The caller sees to it
    that the appeal needs study already, and that the writer is told. Raises TermAlreadyOver, ExtensionNotLater,
    ExtensionTooLong.
    """
    month = terms.study.after(received_on, calendar)
    if is_overdue(month, on=decided_on):
        raise TermAlreadyOver
    if until <= month:
        raise ExtensionNotLater
    if until > latest_extension(received_on, calendar=calendar, terms=terms):
        raise ExtensionTooLong
    return until


def latest_extension(received_on: datetime.date, *, calendar: Calendar, terms: Terms = LAW) -> datetime.date:
    """Return the last day to which a formal appeal can be extended: 45 days after receipt, all together."""
    return terms.extension.after(received_on, calendar)


def forward_due_on(received_on: datetime.date, *, calendar: Calendar, terms: Terms = LAW) -> datetime.date:
    """Return the day until whose end a letter that is another body's must be forwarded."""
    return terms.forwarding.after(received_on, calendar)


def return_due_on(received_on: datetime.date, *, calendar: Calendar, terms: Terms = LAW) -> datetime.date:
    """Return the day until whose end a badly formed appeal must be returned."""
    return terms.returning.after(received_on, calendar)


def working_days_after(day: datetime.date, number: int, calendar: Calendar) -> datetime.date:
    """Return the working day that is so many working days after a day, whatever that day is itself."""
    while number:
        day += ONE_DAY
        number -= calendar.is_working_day(day)
    return day


def months_after(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of a later month, or its last day where it has none such: Civil Code, article 254, part 3."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days_left(due_on: datetime.date, *, on: datetime.date, calendar: Calendar) -> int:
    """Count the working days after `on` up to the day of the deadline: 0 when it is due today, or overdue."""
    days = (on + datetime.timedelta(days=n) for n in range(1, (due_on - on).days + 1))
    return sum(map(calendar.is_working_day, days))


def is_due_today(due_on: datetime.date, *, on: datetime.date) -> bool:
    """Tell whether the answer is due at the end of this day."""
    return due_on == on


def is_overdue(due_on: datetime.date, *, on: datetime.date) -> bool:
    """Tell whether the day of the deadline has ended before this day began."""
    return due_on < on


def overdue_from(due_on: datetime.date) -> datetime.date:
    """Return the first day on which the letter is overdue."""
    return due_on + ONE_DAY


def overdue_at(due_on: datetime.date) -> datetime.datetime:
    """Return the moment at which the letter becomes overdue: midnight in Kyiv at the end of the day, as UTC.

    Midnight is never skipped or repeated there: clocks change at 3 and at 4 in the morning.
    """
    return start_of_local_day(overdue_from(due_on))
