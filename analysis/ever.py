"""All letters of a city by square, day, hour of the week and district: what a heatmap shows first of a whole city."""

import datetime
from typing import Any, Final, NamedTuple

from analysis.models import LEVELS, SUM_ZOOM, CellCount, Sight, SumCount, SumCountQuerySet, SumKind, TotalCount, week_of
from geo.prepared_queries import PreparedNumbers, answers_of, given


class Ever(NamedTuple):
    """Squares of SUM_ZOOM with their letters, the most first; letters by day; by hour of the week, 168 of them; by the
    key of a district, in all and with a place.
    """

    squares: list[tuple[int, int]]
    by_day: dict[datetime.date, int]
    by_hour: list[int]
    by_district: dict[int, tuple[int, int]]


def ever(sight: Sight) -> Ever:
    """Return all that somebody sees of a whole city, asked in one trip.

    Its sums tell it; its districts are told by the largest squares, and by what lies in none.
    """
    asked = QUESTIONS[sight.kept]
    squares, days, hours, placed, rest = answers_of(*(each.asked(city=sight.city) for each in asked))
    found = {district: (letters, letters) for district, letters in placed}
    for district, letters in rest:
        with_place = found.get(district, (0, 0))[1]
        found[district] = (with_place + letters, with_place)
    by_day = {datetime.date.fromordinal(number): letters for number, letters in days}
    return Ever(squares, by_day, week_of(hours), found)


def _questions(kept: bool) -> tuple[PreparedNumbers, ...]:
    sight: Any = Sight(given("city", "bigint"), None, kept)

    def sums() -> SumCountQuerySet:
        return SumCount.objects.seen_by(sight)

    return (
        PreparedNumbers(lambda: sums().squares(SUM_ZOOM).values_list("area", "letters")),
        PreparedNumbers(lambda: sums().numbers(SumKind.DAY)),
        PreparedNumbers(lambda: sums().numbers(SumKind.HOUR)),
        PreparedNumbers(lambda: TotalCount.objects.seen_by(sight).at_level(LEVELS[0]).district_sums()),
        PreparedNumbers(lambda: CellCount.objects.seen_by(sight).unplaced().district_sums()),
    )


QUESTIONS: Final = {kept: _questions(kept) for kept in (True, False)}
