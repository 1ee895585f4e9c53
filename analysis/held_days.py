"""Letters of some days by square, held by the months they are summed from.

A page of prevention asks for the same two years of a city again and again: tens of thousands of counts. What a month
held is kept as long as none of its counts is written: with each of them the sum of its day is (migration 0020), and
PostgreSQL writes into a row which transaction wrote it (`xmin`, a number not given twice). What is held was seen
in one moment with the numbers it is held by: they return where a day's only letter came and went, and so do its counts.
Within a transaction that has written something nothing is held: it may write more under its number, or give all up.
"""

import datetime
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from numpy.typing import NDArray

from analysis.filters import HeatFilters
from analysis.models import MONTH_LEVELS, CellCount, Sight, month_of, sight_in
from appeals.access import asked_once
from appeals.models import Category
from geo.models import City
from geo.prepared import PreparedStatement
from geo.prepared_queries import PreparedQuery, each_given, given
from people.models import User

HELD: Final = 512
"""Months, or parts of them, that a process holds, the latest asked for: of a large city some 20 kB each."""
SQL: Final = Path(__file__).parent / "sql"
MONTHS: Final = PreparedStatement(SQL / "months_as_written.sql")
AS_WRITTEN: Final = (SQL / "squares_as_written.sql").read_text()
ONE_DAY: Final = datetime.timedelta(days=1)


def _first_days(is_whole: bool, kept: bool) -> PreparedQuery[datetime.date]:
    sight: Any = Sight(given("city", "bigint"), None if is_whole else each_given("districts", "bigint"), kept)
    return PreparedQuery(lambda: CellCount.objects.seen_by(sight).placed().first_days())


FIRST_DAYS: Final = {
    (is_whole, kept): _first_days(is_whole, kept) for is_whole, kept in ((True, True), (True, False), (False, False))
}


class Squares(NamedTuple):
    """Squares by their numbers, and the letters of each; a square may come again: its letters add up."""

    areas: NDArray[np.int64]
    letters: NDArray[np.int64]


class _Days(NamedTuple):
    """Days, both included, as somebody sees their letters on some topics in squares of a zoom."""

    sight: Sight
    categories: tuple[int, ...] | None
    zoom: int
    first: datetime.date
    last: datetime.date


def counts_days(filters: HeatFilters) -> bool:
    """Tell whether filters ask for days of which `squares_of_days` tells: of squares finer than those of months."""
    return bool(filters.first and filters.last) and filters.box is None and filters.zoom > max(MONTH_LEVELS)


def squares_of_days(city: City, user: User | AnonymousUser, filters: HeatFilters) -> Squares:
    """Return what `HeatFilters.counted` does of filters that `counts_days`, as arrays."""
    assert filters.first  # noqa: S101
    assert filters.last  # noqa: S101
    sight = sight_in(city, user)
    if sight is None:
        return NOTHING
    days = _Days(sight, _keys_of(filters.categories), filters.zoom, filters.first, filters.last)
    written = asked_once(("months", city.pk), lambda: _months_as_written(city))
    if written is None:
        return _counted(days)[0]
    parts = (_within(days, month) for month in sorted(written))
    found = [_squares(part, written[month_of(part.first)]) for part in parts if part.first <= part.last]
    return Squares(*map(np.concatenate, zip(*found, strict=True))) if found else NOTHING


def first_day(city: City, user: User | AnonymousUser) -> datetime.date | None:
    """Return the earliest local day of which a user may see letters with a place."""
    sight = sight_in(city, user)
    if sight is None:
        return None
    asked = FIRST_DAYS[sight.districts is None, sight.kept]
    return next(iter(asked.rows(city=city.pk, districts=list(sight.districts or ()))), None)


def _within(days: _Days, month: int) -> _Days:
    """Return those of some days that lie in a month, as `month_of` numbers it."""
    first, last = _month(month)
    return days._replace(first=max(days.first, first), last=min(days.last, last))


def _month(number: int) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of a month, as `month_of` numbers it."""
    first, after = (datetime.date((each - 1) // 12, (each - 1) % 12 + 1, 1) for each in (number, number + 1))
    return first, after - ONE_DAY


def _keys_of(slugs: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return the keys of some topics, None of all."""
    if not slugs:
        return None
    found = Category.objects.filter(slug__in=slugs).order_by("pk").values_list("pk", flat=True)
    return asked_once(("topics", slugs), lambda: tuple(found))


def _months_as_written(city: City) -> Mapping[int, str] | None:
    """Return by which transactions the days of each month were written last; None where this one has written."""
    [row] = MONTHS.rows(city=city.pk)
    return None if row["months"] is None else {int(month): written for month, written in row["months"].items()}


def _squares(days: _Days, written: str) -> Squares:
    """Return the squares of some days of a month, held where they are as after some transactions."""
    with _looking:
        if (days, written) in _held:
            _held.move_to_end((days, written))
            return _held[days, written]
    found, as_written = _counted(days)  # others are answered meanwhile
    if as_written == written:
        with _looking:
            _held[days, written] = found
            while len(_held) > HELD:
                _held.popitem(last=False)
    return found


def _counted(days: _Days) -> tuple[Squares, str | None]:
    """Return the squares of some days, and by which transactions the month of the first was written last.

    None where this transaction has written something, or where nothing can be seen.
    """
    counts = CellCount.objects.seen_by(days.sight).during(days.first, days.last)
    if days.categories is not None:
        counts = counts.filter(category__in=days.categories)
    try:
        pairs, values = counts.summed(days.zoom).order_by().values_list("area", "letters").query.sql_with_params()
    except EmptyResultSet:  # rights or topics that let nothing through
        return NOTHING, None
    month = (each.toordinal() for each in _month(month_of(days.first)))
    with connection.cursor() as cursor:
        cursor.execute(AS_WRITTEN.format(pairs=pairs), (days.sight.city, *month, *values))
        rows = cursor.fetchall()
    told = [(area, letters) for _written, area, letters in rows if area is not None]
    return Squares(*np.array(told, np.int64).reshape(-1, 2).T), rows[0][0]


NOTHING: Final = Squares(np.zeros(0, np.int64), np.zeros(0, np.int64))
_held: OrderedDict[tuple[_Days, str], Squares] = OrderedDict()
_looking = Lock()
