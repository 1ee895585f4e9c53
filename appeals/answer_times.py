"""How long writers wait for a first answer, told honestly: letters without one count too. Pure: no database.

A letter that is still open has waited at least so long: its time is right-censored. Leaving such letters out would make
an office look the quicker the more it lets lie. Quantiles are those of the product-limit estimate of Kaplan and Meier,
"Nonparametric Estimation from Incomplete Observations", Journal of the American Statistical Association 53 (1958),
pages 457 to 481; where it never falls so low, the answer is "so many days or more".
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final, Self

from appeals.calendar import ONE_DAY, Calendar

FEWEST: Final = 20
"""With fewer letters no percentile, no percentage and no place in an order is told: one letter would change it."""
MEDIAN: Final = Fraction(1, 2)
NINE_IN_TEN: Final = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Quantile:
    """Working days within which a share of letters was answered; `or_more`: at least so many, nobody knows yet."""

    days: int
    or_more: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """Working days to the first answer: how many letters were answered after so many, how many have waited so long."""

    answered: Mapping[int, int] = field(default_factory=dict)
    waiting: Mapping[int, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many letters there are, answered or not."""
        return sum(self.answered.values()) + sum(self.waiting.values())

    def quantile(self, share: Fraction) -> Quantile | None:
        """Return within how many days `share` of the letters were answered; None where there are no letters.

        A letter that has waited for some days counts among those that could still be answered on that very day.
        """
        days = sorted({*self.answered, *self.waiting})
        if not days:
            return None
        at_risk, unanswered = self.n, Fraction(1)
        for day in days:
            here = self.answered.get(day, 0)
            if here:
                unanswered *= Fraction(at_risk - here, at_risk)
                if unanswered <= 1 - share:
                    return Quantile(day)
            at_risk -= here + self.waiting.get(day, 0)
        return Quantile(days[-1], or_more=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of some letters. `in_time` and `late` are those of which it is known: answered, or overdue.

    `asked` were answered, so that their writers could say whether it helped; `ratings` holds what they said.
    """

    times: Times = field(default_factory=Times)
    in_time: int = 0
    late: int = 0
    asked: int = 0
    ratings: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of_all(cls, parts: Iterable[Self]) -> Self:
        """Return the figures of letters that are told of in parts: hundreds of them are added up in one go."""
        answered, waiting, ratings = defaultdict[int, int](int), defaultdict[int, int](int), defaultdict[str, int](int)
        in_time = late = asked = 0
        for part in parts:
            for days, n in part.times.answered.items():
                answered[days] += n
            for days, n in part.times.waiting.items():
                waiting[days] += n
            for rating, n in part.ratings.items():
                ratings[rating] += n
            in_time, late, asked = in_time + part.in_time, late + part.late, asked + part.asked
        return cls(Times(dict(answered), dict(waiting)), in_time, late, asked, dict(ratings))

    @property
    def n(self) -> int:
        """How many letters are counted."""
        return self.times.n

    @property
    def unanswered(self) -> int:
        """How many of them have no answer yet."""
        return sum(self.times.waiting.values())

    @property
    def is_enough(self) -> bool:
        """Whether there are letters enough to compare."""
        return self.n >= FEWEST

    @property
    def median(self) -> Quantile | None:
        """Within how many working days half were answered; None where there are too few."""
        return self.times.quantile(MEDIAN) if self.is_enough else None

    @property
    def nine_in_ten(self) -> Quantile | None:
        """Within how many working days nine in ten were answered; None where there are too few."""
        return self.times.quantile(NINE_IN_TEN) if self.is_enough else None

    @property
    def decided(self) -> int:
        """Of how many letters it is known whether their answer was in time."""
        return self.in_time + self.late

    @property
    def share_in_time(self) -> Fraction | None:
        """Which share of those was answered in time; None where there are too few."""
        return Fraction(self.in_time, self.decided) if self.decided >= FEWEST else None

    @property
    def rated(self) -> int:
        """How many writers said whether the answer helped."""
        return sum(self.ratings.values())


@dataclass(slots=True)
class Sums:
    """Figures in the making: hundreds of groups of letters are added up in one go."""

    answered: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    waiting: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    ratings: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    in_time: int = 0
    late: int = 0
    asked: int = 0

    def add(self, waited: int, is_answered: bool, is_asked: bool, is_late: bool | None, rating: str, n: int) -> None:
        """Add letters that waited equally long, and are alike in all else that is told."""
        if is_answered:
            self.answered[waited] += n
        else:
            self.waiting[waited] += n
        if is_late:
            self.late += n
        elif is_answered and is_late is False:
            self.in_time += n
        if is_asked:
            self.asked += n
        if rating:
            self.ratings[rating] += n

    @property
    def figures(self) -> Figures:
        """What is told of them."""
        times = Times(dict(self.answered), dict(self.waiting))
        return Figures(times, self.in_time, self.late, self.asked, dict(self.ratings))


@lru_cache(maxsize=64)
def working_days(calendar: Calendar, first: datetime.date, last: datetime.date) -> tuple[datetime.date, ...]:
    """Return the working days of a span, both ends included. A calendar is a value: its days stay as they are."""
    days = (first + n * ONE_DAY for n in range((last - first).days + 1))
    return tuple(day for day in days if calendar.is_working_day(day))
