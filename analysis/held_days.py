"""Letters of some days by square, held by the months they are summed from.

A page of prevention asks for the same two years of a city again and again: tens of thousands of counts. What a month
held, by day and cell, is kept as long as none of its counts is written: with each of them the sum of its day is
(migration 0020), and PostgreSQL writes into a row which transaction wrote it (`xmin`, a number not given twice). What
is held was seen in one moment with the numbers it is held by: they return where a day's only letter came and went, and
so do its counts.
Within a transaction that has written something nothing is held: it may write more under its number, or give all up.
A page asks once by whom months were written: until it ends, it goes on with what it held then.
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
from analysis.models import MONTH_LEVELS, CellCount, Sight, months_between, sight_in
from appeals.access import asked_once
from appeals.models import Category
from geo.cells import ZOOM
from geo.models import City
from geo.prepared import PreparedStatement
from geo.prepared_queries import PreparedQuery, each_given, given
from people.models import User

HELD: Final = 16_000_000
"""Bytes of months that a process holds, the latest asked for: of a city of 300 letters a day each takes 150 kB."""
ROOM: Final = 1_000
"""Bytes that a month takes beside its letters."""
SQL: Final = Path(__file__).parent / "sql"
MONTHS: Final = PreparedStatement(SQL / "months_as_written.sql")
AS_WRITTEN: Final = (SQL / "letters_as_written.sql").read_text()
LETTERS: Final = np.dtype([("day", ">i4"), ("cell", ">i8"), ("letters", ">i4")])
"""As PostgreSQL sends numbers: thousands of rows each of its own take twice as long."""


def _first_days(is_whole: bool, kept: bool) -> PreparedQuery[datetime.date]:
    sight: Any = Sight(given("city", "bigint"), None if is_whole else each_given("districts", "bigint"), kept)
    return PreparedQuery(lambda: CellCount.objects.seen_by(sight).placed().first_days())


FIRST_DAYS: Final = {
    (is_whole, kept): _first_days(is_whole, kept) for is_whole, kept in ((True, True), (True, False), (False, False))
}


class Squares(NamedTuple):
    """Squares by their numbers, and the letters of each; a square may come again: its letters add up."""

    areas: NDArray[np.int64]
    letters: NDArray[np.integer[Any]]


class _View(NamedTuple):
    """Letters as somebody sees them, on some topics or all."""

    sight: Sight
    categories: tuple[int, ...] | None


class _Month(NamedTuple):
    """Letters of a month in the order of their days, which are numbered as `date.toordinal` does."""

    days: NDArray[np.int32]
    cells: NDArray[np.int64]
    letters: NDArray[np.int32]

    @classmethod
    def of(cls, packed: bytes) -> "_Month":
        """Return the letters of rows as the database packs them."""
        rows = np.frombuffer(packed, LETTERS)
        rows = rows[rows["day"].argsort()]
        return cls(rows["day"].astype(np.int32), rows["cell"].astype(np.int64), rows["letters"].astype(np.int32))

    def squares(self, first: datetime.date, last: datetime.date, *, zoom: int) -> Squares:
        """Return the squares of its letters from one day to another, both included."""
        begin = self.days.searchsorted(first.toordinal())
        end = self.days.searchsorted(last.toordinal(), side="right")
        return Squares(self.cells[begin:end] >> 2 * (ZOOM - zoom), self.letters[begin:end])

    def size(self) -> int:
        """Return how many bytes it takes."""
        return ROOM + sum(each.nbytes for each in self)


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
    view = _View(sight, _keys_of(filters.categories))
    between = months_between(filters.first, filters.last)
    written = asked_once(("months", city.pk), lambda: _months_as_written(city))
    if written is None:
        months = _counted(view, between)
    else:
        months = _months(view, {month: written[month] for month in between if month in written})
    found = [month.squares(filters.first, filters.last, zoom=filters.zoom) for month in months]
    return Squares(*map(np.concatenate, zip(*found, strict=True))) if found else NOTHING


def first_day(city: City, user: User | AnonymousUser) -> datetime.date | None:
    """Return the earliest local day of which a user may see letters with a place."""
    sight = sight_in(city, user)
    if sight is None:
        return None
    asked = FIRST_DAYS[sight.districts is None, sight.kept]
    return next(iter(asked.rows(city=city.pk, districts=list(sight.districts or ()))), None)


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


def _months(view: _View, written: Mapping[int, str]) -> list[_Month]:
    """Return the letters of some months, held where they are as after some transactions, others asked for at once."""
    held = _held.of(view, written)
    missing = [month for month in written if month not in held]
    return [*held.values(), *_counted(view, missing)] if missing else list(held.values())


def _counted(view: _View, months: list[int]) -> list[_Month]:
    """Return the letters of some months, held by the transactions that wrote them, unless this one has written."""
    counts = CellCount.objects.seen_by(view.sight).placed().filter(month__in=months)
    if view.categories is not None:
        counts = counts.filter(category__in=view.categories)
    try:
        rows, values = counts.order_by().values_list("month", "day", "cell", "n").query.sql_with_params()
    except EmptyResultSet:  # rights or topics that let nothing through
        return []
    with connection.cursor() as cursor:
        cursor.execute(AS_WRITTEN.format(rows=rows), (*values, view.sight.city, months))
        found = [(month, written, _Month.of(packed)) for month, written, packed in cursor.fetchall()]
    _held.keep({(view, month, written): letters for month, written, letters in found if written})
    return [letters for _month, _written, letters in found]


class _Held:
    """Months by who sees them and which transactions wrote them; what was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._months: OrderedDict[tuple[_View, int, str], _Month] = OrderedDict()
        self._looking = Lock()
        self.size = 0
        """Bytes of all."""

    def of(self, view: _View, written: Mapping[int, str]) -> dict[int, _Month]:
        """Return those of some months that are held as some transactions wrote them."""
        with self._looking:
            keys = {month: (view, month, by) for month, by in written.items() if (view, month, by) in self._months}
            for key in keys.values():
                self._months.move_to_end(key)
            return {month: self._months[key] for month, key in keys.items()}

    def keep(self, months: Mapping[tuple[_View, int, str], _Month]) -> None:
        """Hold months, as far as there is room."""
        with self._looking:
            for key, month in months.items():
                if key in self._months:  # another page asked for the same meanwhile
                    self.size -= self._months.pop(key).size()
                self._months[key] = month
                self.size += month.size()
            while self.size > HELD:
                self.size -= self._months.popitem(last=False)[1].size()

    def clear(self) -> None:
        """Hold nothing."""
        with self._looking:
            self._months.clear()
            self.size = 0


NOTHING: Final = Squares(np.zeros(0, np.int64), np.zeros(0, np.int64))
_held = _Held()
