"""Until when a message must be answered. Pure: days in, a day out; days are local days in Europe/Kyiv.

The day of receipt is day 0; the answer is due at the end of working day N. The predecessor's promise, two working
days, is the clock of the lane "message"; the law's clock belongs to formal appeals, which are not open yet.
Holidays are an argument: an editable calendar with sources follows with the formal lane.
"""

import datetime
from collections.abc import Collection

MESSAGE_WORKING_DAYS = 2
MARTIAL_LAW = True
"""Under martial law public holidays are working days and days off are not moved; Saturday and Sunday stay days off
(Law of Ukraine 2136-IX of 15.03.2022, article 6)."""
SATURDAY = 5


def is_working_day(
    day: datetime.date, *, holidays: Collection[datetime.date] = (), martial_law: bool = MARTIAL_LAW
) -> bool:
    """Tell whether a day counts: never on Saturday or Sunday; on a holiday only under martial law."""
    return day.weekday() < SATURDAY and (martial_law or day not in holidays)


def message_due_on(
    received_on: datetime.date,
    *,
    working_days: int = MESSAGE_WORKING_DAYS,
    holidays: Collection[datetime.date] = (),
    martial_law: bool = MARTIAL_LAW,
) -> datetime.date:
    """Return the day at whose end the answer to a message is due."""
    day, left = received_on, working_days
    while left:
        day += datetime.timedelta(days=1)
        left -= is_working_day(day, holidays=holidays, martial_law=martial_law)
    return day
