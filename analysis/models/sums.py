"""Live counts of a whole city, on all topics: its first picture is read from these, however many letters there are."""

import datetime
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from analysis.models.live import CountQuerySet, has_card, pairs_of, week_of
from appeals.models import rights_by_key
from geo.models import City
from people.models import User

SUM_ZOOM = 17
"""Of the squares that are summed; larger ones are sums of these."""


class SumKind(models.IntegerChoices):
    """What letters are summed by."""

    DAY = 1, _("day")
    HOUR = 2, _("hour of the week")
    SQUARE = 3, _("square")


class SumCountQuerySet(CountQuerySet):
    """Questions about a whole city, for those who see it whole."""

    place = "number"

    def visible_in(self, city: City, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Self:
        """Those of one city for its supervisors; for anybody else none: these do not tell districts apart."""
        if not sees_whole(city, user, on=on):
            return self.none()
        return self.filter(city=city, kept=False) if has_card(user) else self.filter(city=city)

    def squares(self, zoom: int) -> models.QuerySet[Any, Any]:
        """Rows as `CountQuerySet.by_cell` gives them, at `zoom` or what is nearest to it here."""
        return self.filter(kind=SumKind.SQUARE).by_cell(min(zoom, SUM_ZOOM), of=SUM_ZOOM)

    def by_day(self, first: datetime.date | None, last: datetime.date | None) -> dict[datetime.date, int]:
        """Return the letters of each local day that has some, from one to another; None leaves a side open."""
        days = self.filter(number__gte=first.toordinal()) if first else self
        days = days.filter(number__lte=last.toordinal()) if last else days
        return {datetime.date.fromordinal(number): n for number, n in pairs_of(days.numbers(SumKind.DAY))}

    def by_hour(self) -> list[int]:
        """Return 168 counts, as `HourCountQuerySet.by_hour` does."""
        return week_of(pairs_of(self.numbers(SumKind.HOUR)))

    def numbers(self, kind: SumKind) -> models.QuerySet[Any, Any]:
        """Pairs of the number of a day or an hour and its letters."""
        told = self.filter(kind=kind).order_by().values_list("number")
        sums: models.QuerySet[Any, Any] = told.annotate(letters=models.Sum("n"))
        return sums


def sees_whole(city: City, user: User | AnonymousUser, *, on: datetime.date | None = None) -> bool:
    """Tell whether a user sees the counts of every district of a city: its supervisors do."""
    if not isinstance(user, User) or not user.is_active or user.is_superuser:
        return False
    _own, supervised = rights_by_key(user, on=on)
    return city.pk in supervised


class SumCount(models.Model):
    """`n` accepted letters of a city: of one local day, of one hour of the week, or in one square, of all times.

    What CellCount and HourCount hold, summed over districts and topics. `number` is a day as `date.toordinal` numbers
    it, an hour from 0 on Monday, a square by its Z-order number at SUM_ZOOM.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField(_("kind"), choices=SumKind.choices)
    number = models.BigIntegerField(_("number"))
    kept = models.BooleanField(_("kept from an officer"), default=False)
    n = models.IntegerField(_("letters"))

    objects = SumCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("sum of a city")
        verbose_name_plural = _("sums of cities")
        constraints = [
            models.UniqueConstraint(fields=["city", "kind", "number", "kept"], include=["n"], name="sum_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.number}: {self.n}"
