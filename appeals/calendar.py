"""Which days are working days in Ukraine. Pure: the holidays come as a value; days are local days in Europe/Kyiv.

Saturday and Sunday are days off. A public holiday (Labour Code, article 73) is a day off too; where it falls on a
Saturday or Sunday, the next working day is off instead (article 67, part 3); the government moves further days (parts 4
and 5). Under martial law only Saturday and Sunday are left (Law 2136-IX of 15.03.2022, article 6, part 6).
"""

import datetime
from dataclasses import dataclass
from functools import cached_property

ONE_DAY = datetime.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The days of one city that are not as the week has them.

    `days_off` and `working_days` are what the government moved. `martial_law` holds its first and last days, the last
    one None while it lasts. Without any of it only Saturday and Sunday are days off.
    """

    holidays: frozenset[datetime.date] = frozenset()
    days_off: frozenset[datetime.date] = frozenset()
    working_days: frozenset[datetime.date] = frozenset()
    martial_law: tuple[tuple[datetime.date, datetime.date | None], ...] = ()

    def is_under_martial_law(self, day: datetime.date) -> bool:
        """Tell whether martial law is in force on a day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.martial_law)

    def is_working_day(self, day: datetime.date) -> bool:
        """Tell whether a day counts as a working day."""
        if self.is_under_martial_law(day):
            return day.weekday() < SATURDAY
        if day in self.working_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays | self.days_off | self.days_off_instead

    @cached_property
    def days_off_instead(self) -> frozenset[datetime.date]:
        """The days off in place of holidays on a Saturday or Sunday: each the next working day not taken yet.

        Two holidays on one weekend give Monday and Tuesday (1 and 2 May 2021 gave the 3rd and 4th). A holiday on a
        weekend under martial law gives nothing, even if peace comes before Monday: the earlier deadline is safer.
        """
        instead: set[datetime.date] = set()
        for holiday in sorted(self.holidays):
            if holiday.weekday() < SATURDAY or self.is_under_martial_law(holiday):
                continue
            day = holiday + ONE_DAY
            while day.weekday() >= SATURDAY or day in self.holidays | self.days_off | instead:
                day += ONE_DAY
            instead.add(day)
        return frozenset(instead)
