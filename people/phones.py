"""Phones that the public sees, each with the day when a person last made sure of it; and the deeds that keep them."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from geo.models import City
from geo.moments import local_day
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given
from people.findings import cards_checked_before, stale_before
from people.managing import Deed, record
from people.models import KEEPERS, HelpLine, Officer, Posting, Proposal, Station, User
from people.pages import refuse_keeper
from people.proposing import written_down
from people.rights import StaffDeedRefused
from people.subjects import values_of

LINE_FIELDS: Final = ("phone", "name_uk", "name_en", "purpose", "position")
"""What is changed of a help line; its day has a deed of its own."""


Counts = PreparedQuery[tuple[int | None, int]]
"""How many there are, by the key of their city."""


class NoSuchPhone(StaffDeedRefused):
    """The phone is gone, is another city's, or has another number by now."""


class NotPhoneKeeper(StaffDeedRefused):
    """Whoever acts keeps no cards and texts of the city."""


class Owner(StrEnum):
    """Whose phone it is."""

    CARD = "card"
    STATION = "station"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone of an officer's card, of a station or of a help line; `checked_on` None: nobody has called it yet."""

    owner: Owner
    pk: int
    name: str
    number: str
    checked_on: datetime.date | None
    is_stale: bool

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.owner}:{self.pk}"

    @classmethod
    def of(cls, row: Officer | Station | HelpLine, *, on: datetime.date) -> Self:
        """Make one of its row."""
        is_stale = row.checked_on is None or row.checked_on < stale_before(on)
        match row:
            case Officer():
                owner, number = Owner.CARD, row.phone.as_international if row.phone else row.email
            case Station():
                owner, number = Owner.STATION, row.phone.as_international
            case _:
                owner, number = Owner.LINE, row.phone
        return cls(owner, row.pk, row.name, str(number), row.checked_on, is_stale)


def phones_of(city: City | None, *, on: datetime.date) -> list[Phone]:
    """Return every phone that a city shows on a local day or later, those checked longest ago first.

    Without a city: the help lines of the whole site.
    """
    rows = [row for found in _rows(city, on).values() for row in found]
    phones = [Phone.of(row, on=on) for row in rows]
    return sorted(phones, key=lambda each: (each.checked_on or datetime.date.min, each.owner, each.name))


def _by_city(rows: QuerySet[Any]) -> Any:
    return rows.order_by().values_list("city").annotate(count=Count("pk"))


def _given_stale() -> Q:
    return Q(checked_on=None) | Q(checked_on__lt=given("before", "date"))


OF_CITIES: Final = Q(city__in=each_given("cities", "bigint"))
STALE_CARDS: Final[Counts] = PreparedQuery(
    lambda: _by_city(cards_checked_before(given("before", "date"), posted_on=given("on", "date")).filter(OF_CITIES))
)
SILENT_STATIONS: Final[Counts] = PreparedQuery(
    lambda: _by_city(Station.objects.filter(_given_stale(), OF_CITIES).exclude(phone=""))
)
STALE_LINES: Final[Counts] = PreparedQuery(
    lambda: _by_city(HelpLine.objects.filter(_given_stale(), OF_CITIES | Q(city=None)))
)
UNCHECKED: Final = (STALE_CARDS, SILENT_STATIONS, STALE_LINES)
"""Cards, stations and lines that nobody has checked for long, counted by city; the whole site's lines by none."""


def unchecked_by_city(cities: Collection[int], *, on: datetime.date) -> dict[int, int]:
    """Count the phones of cities, by their keys, that nobody has checked for long; the whole site's count in each."""
    if not cities:
        return {}
    values = {"before": stale_before(on), "on": on, "cities": list(cities)}
    counted: Counter[int | None] = Counter()
    for rows in answers_of(*(query.asked(**values) for query in UNCHECKED)):
        counted.update(dict(rows))
    return {city: counted[city] + counted[None] for city in cities}


def unchecked_of(counts: Counts, city: City, *, on: datetime.date) -> int:
    """Count the cards or stations of one city that nobody has checked for long."""
    return sum(count for _city, count in counts.rows(before=stale_before(on), on=on, cities=[city.pk]))


def unchecked_lines(city: City | None, *, on: datetime.date) -> QuerySet[HelpLine]:
    """The help lines that a city shows, or the whole site's, that nobody has checked for long."""
    return HelpLine.objects.shown_in(city).filter(_stale(on))


@transaction.atomic
def check_phone(*, by: User, city: City | None, key: str, number: str, at: datetime.datetime) -> Phone:
    """Write down that a person has made sure of a phone today, and who; `number` is what they saw and called.

    Of an officer's card this is a change like any other. Raises NotPhoneKeeper, NoSuchPhone.
    """
    if city is None:
        refuse_keeper(by=by, city=None)
    elif not may_check(by, city):
        raise NotPhoneKeeper(_("Phones are checked by coordinators, supervisors and moderators of the city."))
    owner, _colon, pk = key.partition(":")
    today = local_day(at)
    rows = _rows(city, today).get(owner) if pk.isdecimal() and len(pk) < 19 else None
    row = rows.select_for_update(of=("self",)).filter(pk=int(pk)).first() if rows is not None else None
    if row is None:
        raise NoSuchPhone(_("This phone is not shown any more."))
    if Phone.of(row, on=today).number != number:
        raise NoSuchPhone(_("Another number stands here now: call that one."))
    before = values_of(row) if owner == Owner.CARD else None
    row.checked_on = today
    row.save(update_fields=["checked_on"])
    if before is not None:
        written_down(row, before, by=by, through=Proposal.Through.PAGE, at=at)
    phone = Phone.of(row, on=today)
    record(Deed.CHECKED, by=by, whom=None, city=city, at=at, facts={"name": phone.name, "number": phone.number})
    return phone


@transaction.atomic
def save_line(
    *, by: User, city: City | None, line: HelpLine | None, values: Mapping[str, Any], at: datetime.datetime
) -> HelpLine:
    """Add a help line of a city, or of the whole site, or change it: `LINE_FIELDS` by name. Today it is checked.

    Whoever reads it reads another text: they are to be read again. Raises NotCoordinator, NotSiteKeeper, NoSuchPhone,
    ValidationError (no phone, there already).
    """
    refuse_keeper(by=by, city=city)
    line = _own(line, city) if line else HelpLine(city=city)
    before = _facts(line) if line.pk else None
    for name in LINE_FIELDS:
        setattr(line, name, values[name])
    if before == _facts(line):
        return line
    line.checked_on = local_day(at)
    line.full_clean()
    line.save()
    _written(by=by, city=city, at=at, before=before, after=_facts(line))
    return line


@transaction.atomic
def remove_line(*, by: User, city: City | None, line: HelpLine, at: datetime.datetime) -> None:
    """Take a help line away. Raises NotCoordinator, NotSiteKeeper, NoSuchPhone."""
    refuse_keeper(by=by, city=city)
    line = _own(line, city)
    before = _facts(line)
    line.delete()
    _written(by=by, city=city, at=at, before=before, after=None)


def may_check(by: User, city: City) -> bool:
    """Whether a person writes down that phones of a city are right: whoever keeps its cards and texts."""
    return by.is_active and (by.is_superuser or by.has_role(city, *KEEPERS))


def _rows(city: City | None, on: datetime.date) -> dict[str, QuerySet[Any]]:
    lines = HelpLine.objects.shown_in(city)
    if city is None:
        return {Owner.LINE: lines}
    posted = Posting.objects.on_or_after(on).filter(officer__city=city)
    return {
        Owner.CARD: Officer.objects.filter(city=city, pk__in=posted.values("officer")).exclude(phone="", email=""),
        Owner.STATION: Station.objects.filter(city=city).exclude(phone=""),
        Owner.LINE: lines,
    }


def _stale(on: datetime.date) -> Q:
    return Q(checked_on=None) | Q(checked_on__lt=stale_before(on))


def _own(line: HelpLine, city: City | None) -> HelpLine:
    found = HelpLine.objects.select_for_update().filter(pk=line.pk, city=city).first()
    if found is None:
        raise NoSuchPhone(_("This phone is not shown any more."))
    return found


def _facts(line: HelpLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LINE_FIELDS}


def _written(
    *,
    by: User,
    city: City | None,
    at: datetime.datetime,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    readers = City.objects.filter(pk=city.pk) if city else City.objects.all()
    readers.update(texts_reviewed_on=None)
    record(Deed.LINE, by=by, whom=None, city=city, at=at, facts={"before": before, "after": after})
