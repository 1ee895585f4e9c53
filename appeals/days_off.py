"""A city's own days off and moved days: put down, changed, taken away, undone, each written down.

A change moves no deadline that is set: a promise once given to a writer stands (docs/adr/0009). Days that are past
stay, because statistics count by them.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appeals.models import Holiday, MovedDay, clock_of
from geo.models import City
from geo.moments import local_day
from people.managing import Deed, record
from people.models import StaffDeed, User
from people.rights import refuse_stranger

Day = Holiday | MovedDay

LISTS: Final[Mapping[str, type[Holiday] | type[MovedDay]]] = {"off": Holiday, "moved": MovedDay}
"""The two lists of days, as addresses and the record name them."""
FIELDS: Final = {"off": ("day", "name_uk", "name_en", "source"), "moved": ("day", "kind", "source")}
"""What is written of a day in each list."""
YEARS_AHEAD: Final = 10
"""A later day is a slip of the pen."""


class DayRefused(Exception):
    """A day that cannot be so; the message is a sentence."""


class NoSuchDay(DayRefused):
    """The city has no such day of its own, or no longer."""


class DayIsPast(DayRefused):
    """The day was before today, and stays as it was."""


class DayIsFar(DayRefused):
    """The day is further away than anybody decides."""


class DayTaken(DayRefused):
    """The day stands in one of the lists already."""


class WorksAlready(DayRefused):
    """A working day is not moved to be one."""


class OffAlready(DayRefused):
    """A day off is not moved to be one."""


class ChangedSince(DayRefused):
    """What should be undone does not stand as the deed left it."""


@transaction.atomic
def save_day(
    *, by: User, city: City, listed: str, pk: int | None, values: Mapping[str, Any], at: datetime.datetime
) -> None:
    """Put a day down in a city's list, or change the one of that key, by the fields of the list.

    Raises NotCoordinator, NoSuchDay, DayIsPast, DayIsFar, DayTaken, WorksAlready, OffAlready.
    """
    _hold(city, by=by)
    stands = _own(city, listed, pk) if pk else None
    _replace(stands, values, city=city, listed=listed, by=by, at=at)


@transaction.atomic
def remove_day(*, by: User, city: City, listed: str, pk: int, at: datetime.datetime) -> None:
    """Take a day out of a city's list. Raises NotCoordinator, NoSuchDay, DayIsPast."""
    _hold(city, by=by)
    _replace(_own(city, listed, pk), None, city=city, listed=listed, by=by, at=at)


@transaction.atomic
def undo_deed(*, by: User, city: City, deed: StaffDeed, at: datetime.datetime) -> None:
    """Put a day back as it stood before a deed. Raises ChangedSince, and what `save_day` raises."""
    _hold(city, by=by)
    listed, before, after = (deed.facts[name] for name in ("list", "before", "after"))
    stands = LISTS[listed]._default_manager.filter(city=city, **after).first() if after else None
    if after and stands is None:
        raise ChangedSince(_("The day was changed since: undo the later change first, or change the day itself."))
    values = before and before | {"day": datetime.date.fromisoformat(before["day"])}
    _replace(stands, values, city=city, listed=listed, by=by, at=at)


def deeds_to_undo(done: Iterable[StaffDeed], *, today: datetime.date) -> list[StaffDeed]:
    """Return those deeds on days, given the newest first, that no later one follows and whose days are not past."""
    found: list[StaffDeed] = []
    followed: set[tuple[str, str]] = set()
    for deed in done:
        days = {facts["day"] for facts in (deed.facts["before"], deed.facts["after"]) if facts}
        keys = {(deed.facts["list"], day) for day in days}
        if not keys & followed and min(days) >= today.isoformat():
            found.append(deed)
        followed |= keys
    return found


def days_shown_in(city: City) -> Q:
    """The days that hold in a city: all of Ukraine's and its own."""
    return Q(city=None) | Q(city=city)


def facts_of(listed: str, day: Day) -> dict[str, str]:
    """Write a day for the record."""
    return {name: str(getattr(day, name)) for name in FIELDS[listed]}


def _hold(city: City, *, by: User) -> None:
    """One deed at a time on the days of one city; a letter that names the city does not wait for it."""
    refuse_stranger(by=by, city=city)
    City.objects.select_for_update(no_key=True).get(pk=city.pk)


def _own(city: City, listed: str, pk: int) -> Day:
    own: QuerySet[Any] = LISTS[listed]._default_manager.filter(city=city)
    day: Day | None = own.filter(pk=pk).first()
    if day is None:
        raise NoSuchDay(_("This day is not in the list any more."))
    return day


def _replace(
    stands: Day | None,
    values: Mapping[str, Any] | None,
    *,
    city: City,
    listed: str,
    by: User,
    at: datetime.datetime,
) -> None:
    """Let a day stand as it shall (None: not at all), and write down how it stood and stands."""
    today, pk = local_day(at), stands.pk if stands else None
    day = LISTS[listed](pk=pk, city=city, **values) if values else None
    before, after = (facts_of(listed, each) if each else None for each in (stands, day))
    if before == after:
        return
    if stands:
        _refuse_past(stands, today=today)
        stands.delete()  # so that the calendar below knows nothing of it
    if day:
        _refuse_past(day, today=today)
        _refuse_doubtful(day, city=city, today=today)
        _insert(day)
    facts = {"list": listed, "before": before, "after": after}
    record(Deed.DAY, by=by, whom=None, city=city, at=at, facts=facts)


def _insert(day: Day) -> None:
    """Put it into its list; the administration writes there too, and does not wait."""
    try:
        with transaction.atomic():
            day.save(force_insert=True)
    except IntegrityError as error:
        raise DayTaken(_("The day was put down meanwhile: open the list again.")) from error


def _refuse_past(day: Day, *, today: datetime.date) -> None:
    if day.day < today:
        raise DayIsPast(_("This day is past and stays as it was: statistics count by it."))


def _refuse_doubtful(day: Day, *, city: City, today: datetime.date) -> None:
    """Raise the DayRefused of a day that means nothing beside the others, as they are in peace."""
    if day.day.year > today.year + YEARS_AHEAD:
        raise DayIsFar(_("Put down days up to %(year)s.") % {"year": today.year + YEARS_AHEAD})
    told = {"day": date_format(day.day, "d.m.Y")}
    for model in LISTS.values():
        if there := model._default_manager.filter(days_shown_in(city), day=day.day).first():
            raise DayTaken(_("%(day)s stands in the list already: %(name)s.") % (told | {"name": there.name}))
    if isinstance(day, Holiday):
        return
    works = dataclasses.replace(clock_of(city).calendar, martial_law=()).is_working_day(day.day)
    if works and day.kind == MovedDay.Kind.WORKING:
        raise WorksAlready(_("%(day)s is a working day already.") % told)
    if not works and day.kind == MovedDay.Kind.DAY_OFF:
        raise OffAlready(_("%(day)s is a day off already.") % told)
