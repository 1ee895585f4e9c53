"""Live counts: how many accepted letters, by place, by day and in all, and by hour of the week. No name, no point.

For those who may read the letters anyway. Triggers keep them (migrations 0005, 0012 and 0017); the application only
reads them, and `rebuild_cells --check` compares them with a recount.
"""

import datetime
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, Func, Min, Q, Subquery, Sum, Value
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext_lazy as _

from appeals.access import asked_once
from appeals.models import Category, reading_rights, rights_by_key
from geo.cells import ZOOM, Range
from geo.models import City, District
from geo.prepared_queries import PreparedQuery, given
from people.models import Officer, User

HOURS_OF_A_WEEK = 168
LEVELS = (13, 16, 18)
"""Zooms of the cells that all letters are summed in; any other is a sum of the next finer."""


def counts_open_to(user: User | AnonymousUser, *, on: datetime.date | None = None) -> Q:
    """Return the condition on live counts that a user may see on a local day (today unless given).

    An officer: their districts, without what is kept from an officer. A supervisor: the whole city, unless they have an
    officer's card themselves: then what is kept may be kept from them.
    """
    if not isinstance(user, User) or not user.is_active or user.is_superuser:
        return Q(pk__in=[])
    own, supervised = reading_rights(user, on=on)
    # Asked at once, as the rights are: each condition less is one less on millions of rows.
    if has_card(user):
        return (own | supervised) & Q(kept=False)
    return supervised | (own & Q(kept=False))


CARD: Final = PreparedQuery(
    lambda: Officer.objects.filter(user=given("user", "bigint")).order_by().values_list("pk", flat=True)
)


def has_card(user: User | AnonymousUser) -> bool:
    """Tell whether a user has an officer's card: then what is kept from an officer may be kept from them."""
    key = user.pk or 0
    return asked_once(("card", key), lambda: bool(CARD.rows(user=key)))


class Sight(NamedTuple):
    """Which counts of a city somebody sees: of some districts or all; those that are kept from an officer, or not."""

    city: int
    districts: tuple[int, ...] | None
    kept: bool


def sight_in(city: City, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Sight | None:
    """Return which live counts of a city a user may see on a local day (today unless given), as `counts_open_to`."""
    if not isinstance(user, User) or not user.is_active or user.is_superuser:
        return None
    own, supervised = rights_by_key(user, on=on)
    if city.pk in supervised:
        return Sight(city.pk, None, kept=not has_card(user))
    return Sight(city.pk, tuple(sorted(own)), kept=False)


class CountQuerySet(models.QuerySet[Any]):
    """Questions that every live count answers. Every list starts from `visible_to` or `visible_in`."""

    counted = "n"
    """What is summed: a row's letters, or those of them within some days."""
    place = "cell"
    """What numbers the cell of a row."""

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Self:
        """Counts for those who may read the letters anyway: an officer's districts, a supervisor's city."""
        return self.filter(counts_open_to(user, on=on))

    def visible_in(self, city: City, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Self:
        """Those of one city, with no condition said twice: a small view is planned as long as it is read."""
        sight = sight_in(city, user, on=on)
        return self.seen_by(sight) if sight else self.none()

    def seen_by(self, sight: "Sight") -> Self:
        """Those that somebody with such rights sees."""
        found = self.filter(city=sight.city)
        if sight.districts is not None:
            found = found.filter(district__in=sight.districts)
        return found if sight.kept else found.filter(kept=False)

    def about(self, categories: Iterable[str]) -> Self:
        """Letters in some categories, by key; none given means all."""
        slugs = list(categories)
        if not slugs:
            return self
        # Asked at once, as the rights are: with the keys in hand an index gives their letters and no others.
        return self.filter(category__in=list(Category.objects.filter(slug__in=slugs).values_list("pk", flat=True)))

    def letters(self) -> int:
        """Return how many letters these are."""
        return int(self.aggregate(letters=Sum(self.counted))["letters"] or 0)

    def in_ranges(self, ranges: Iterable[Range]) -> Self:
        """Cells in any of the ranges, numbered at the zoom of the counts."""
        inside = Q(pk__in=[])
        for span in ranges:
            inside |= Q(cell__range=(span.first, span.last))
        return self.filter(inside)

    def by_cell(self, zoom: int, *, of: int) -> models.QuerySet[Any, Any]:
        """Rows {"area": cell at `zoom`, "letters": count} from cells of zoom `of`, most letters first."""
        area: Any = F(self.place)  # as it is, if it can be: the index gives the cells in their order
        if zoom != of:
            area = Func(area, Value(2 * (of - zoom)), template="(%(expressions)s)", arg_joiner=" >> ")
            area.output_field = models.BigIntegerField()
        cells = self.values(area=area)
        rows: models.QuerySet[Any, Any] = cells.annotate(letters=Sum(self.counted)).order_by("-letters", "area")
        return rows

    def by_district(self) -> dict[int, int]:
        """Return the letters of each district, by its key."""
        return dict(self.district_sums())

    def district_sums(self) -> models.QuerySet[Any, Any]:
        """Pairs of the key of a district and its letters."""
        sums: models.QuerySet[Any, Any] = self.order_by().values_list("district").annotate(letters=Sum(self.counted))
        return sums


class CellCountQuerySet(CountQuerySet):
    """Questions about live cells."""

    def during(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Letters received from one local day to another, both included; None leaves a side open."""
        if first and last:
            return self.filter(day__range=(first, last), month__in=months_between(first, last))
        found = self.filter(day__gte=first, month__gte=month_of(first)) if first else self
        return found.filter(day__lte=last, month__lte=month_of(last)) if last else found

    def placed(self) -> Self:
        """Letters that have a cell: not the protected ones, nor those whose writers named no place."""
        return self.filter(cell__isnull=False)

    def unplaced(self) -> Self:
        """The others."""
        return self.filter(cell=None)

    def summed(self, zoom: int = ZOOM) -> models.QuerySet[Any, Any]:
        """Rows as `CountQuerySet.by_cell` gives them, at `zoom`."""
        return self.placed().by_cell(zoom, of=ZOOM)

    def first_days(self) -> models.QuerySet[Any, Any]:
        """The earliest local day of which there are letters, if any. The index leads to its month first."""
        month = self.order_by("month").values("month")[:1]
        in_month = self.filter(month=Subquery(month)).order_by()
        days: models.QuerySet[Any, Any] = in_month.values("city").annotate(first=Min("day"))
        return days.values_list("first", flat=True)

    def by_day(self) -> models.QuerySet[Any, Any]:
        """Rows {"day", "letters"} in order; days without letters are absent."""
        rows: models.QuerySet[Any, Any] = self.values("day").annotate(letters=Sum("n")).order_by("day")
        return rows


class LevelQuerySet(CountQuerySet):
    """Questions about counts in cells of several sizes."""

    def at_level(self, level: int) -> Self:
        """Cells of one of `LEVELS`: each level holds every letter with a place once."""
        return self.filter(zoom=level)


class HourCountQuerySet(CountQuerySet):
    """Questions about hours of the week."""

    def during(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Letters of the whole months from that of one local day to that of another; None leaves a side open."""
        found = self.filter(month__gte=first.replace(day=1)) if first else self
        return found.filter(month__lte=last.replace(day=1)) if last else found

    def by_hour(self) -> list[int]:
        """Return 168 counts: Monday from 0 to 1 first, Sunday from 23 to 24 last."""
        return week_of(self.values_list("hour").annotate(letters=Sum("n")))

    def by_month(self) -> dict[datetime.date, int]:
        """Return the letters of each month that has some, by its first day."""
        return dict(self.order_by().values_list("month").annotate(letters=Sum("n")))


def week_of(hours: Iterable[tuple[int, int]]) -> list[int]:
    """Return 168 counts of hours of the week with their letters; hours without letters are absent."""
    counts = [0] * HOURS_OF_A_WEEK
    for hour, letters in hours:
        counts[hour] = letters
    return counts


def months_between(first: datetime.date, last: datetime.date) -> list[int]:
    """Return the months of two local days and all between, as `CellCount.month` numbers them.

    Where each is named, the index leads within a month to the topics, and within a topic to the cells.
    """
    return list(range(month_of(first), month_of(last) + 1))


def month_of(day: datetime.date) -> int:
    """Return the month of a local day, as `CellCount.month` numbers it."""
    return day.year * 12 + day.month


def pairs_of(rows: models.QuerySet[Any, Any]) -> list[Any]:
    """Return rows as the driver gives them: Django would pass each of thousands of numbers through a function."""
    try:
        statement = rows.query.sql_with_params()
    except EmptyResultSet:  # rights or topics that let nothing through
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        pairs: list[Any] = cursor.fetchall()
    return pairs


class CellCount(models.Model):
    """`n` accepted letters received on one local day in one cell (Z-order number at zoom 18).

    Without a cell: letters of the district whose place is sealed (protected ones) or not known. `kept`: their writers
    kept them from an officer; what is kept from a supervisor counts nowhere (docs/adr/0015).
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.CASCADE, related_name="+")
    cell = models.BigIntegerField(_("cell"), null=True)
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    month = models.GeneratedField(
        expression=ExtractYear("day") * 12 + ExtractMonth("day"), output_field=models.IntegerField(), db_persist=True
    )
    kept = models.BooleanField(_("kept from an officer"), default=False)
    n = models.IntegerField(_("letters"))

    objects = CellCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("cell")
        verbose_name_plural = _("cells")
        # Key and answer in one: a view of some days and topics, a trend and a closing are read from this index alone,
        # and no more of it than they ask for. By days alone a view of a quarter would read the whole city's.
        constraints = [
            models.UniqueConstraint(
                fields=["city", "month", "category", "cell", "day", "district", "kept"],
                include=["n"],
                nulls_distinct=False,
                name="day_counted_once",
            )
        ]
        # What a picture of everything tells of letters that no square holds.
        indexes = [
            models.Index(
                fields=["city", "day", "category", "district", "kept"],
                include=["n"],
                condition=models.Q(cell=None),
                name="cell_count_without_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cell} {self.day}: {self.n}"


class TotalCount(models.Model):
    """`n` accepted letters of all time in one cell (Z-order number at `zoom`, one of `LEVELS`).

    What CellCount holds with a cell, summed: a picture of everything takes no longer however many days there were.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.CASCADE, related_name="+")
    zoom = models.PositiveSmallIntegerField(_("size of the cell"))
    cell = models.BigIntegerField(_("cell"))
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    kept = models.BooleanField(_("kept from an officer"), default=False)
    n = models.IntegerField(_("letters"))

    objects = LevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("total")
        verbose_name_plural = _("totals")
        # A view is read from this index alone.
        constraints = [
            models.UniqueConstraint(
                fields=["city", "zoom", "cell", "category", "district", "kept"],
                include=["n"],
                name="total_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.zoom}/{self.cell}: {self.n}"


class HourCount(models.Model):
    """`n` accepted letters of one district, received in one hour of the week, local time, within one month.

    `hour` is 0 on Monday from midnight to one, 167 on Sunday from 23. Only letters that came by themselves, on the site
    or by a program: of one that somebody wrote down the hour of writing says nothing.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(District, models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    month = models.DateField(_("first day of the month"))
    hour = models.PositiveSmallIntegerField(_("hour of the week"))
    kept = models.BooleanField(_("kept from an officer"), default=False)
    n = models.IntegerField(_("letters"))

    objects = HourCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("hour of the week")
        verbose_name_plural = _("hours of the week")
        constraints = [
            models.UniqueConstraint(
                fields=["city", "month", "hour", "category", "district", "kept"], name="hour_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.hour}: {self.n}"
