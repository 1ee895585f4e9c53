"""Phones that the public sees, each with the day when a person last made sure of it; and the deeds that keep them."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, CharField, Count, ExpressionWrapper, F, Q, QuerySet, When
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python

from geo.models import City
from geo.moments import local_day
from geo.names import in_current_language
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
    """A phone of an officer's card, of a station or of a help line; `checked_on` None: nobody has called it yet.

    `written` is as it rests: of a city's many phones few are shown, and each takes long to be put as people write it.
    """

    owner: Owner
    pk: int
    name: str
    written: str
    checked_on: datetime.date | None
    is_stale: bool

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.owner}:{self.pk}"

    @property
    def number(self) -> str:
        """The number as people write it; of a card without one, the e-mail."""
        return self.written if self.owner == Owner.LINE or "@" in self.written else as_people_write(self.written)


@lru_cache(maxsize=10_000)
def as_people_write(number: str) -> str:
    """Return a phone number with the code of its country and spaces between its parts."""
    return str(to_python(number).as_international)


def phones_of(city: City | None, *, on: datetime.date) -> list[Phone]:
    """Return every phone that a city shows on a local day or later, those checked longest ago first.

    Without a city: the help lines of the whole site.
    """
    phones = [phone for owner, found in _rows(city, on).items() for phone in _phones(owner, found, on=on)]
    return sorted(phones, key=lambda each: (each.checked_on or datetime.date.min, each.owner, each.name, each.pk))


def _phones(owner: Owner, rows: QuerySet[Any], *, on: datetime.date) -> list[Phone]:
    written: Any = ExpressionWrapper(F("phone"), CharField())  # the field itself would parse it
    if owner == Owner.CARD:
        written = Case(When(phone="", then=F("email")), default=written, output_field=CharField())
    told = rows.order_by().annotate(written=written).values_list("pk", "name_uk", "name_en", "written", "checked_on")
    before = stale_before(on)
    return [
        Phone(
            owner, pk, in_current_language(name_uk, name_en), number, checked_on, not checked_on or checked_on < before
        )
        for pk, name_uk, name_en, number, checked_on in told
    ]


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
    rows = _rows(city, today)
    named = rows[Owner(owner)].filter(pk=int(pk)) if owner in rows and pk.isdecimal() and len(pk) < 19 else None
    row = named.select_for_update(of=("self",)).first() if named is not None else None
    if named is None or row is None:
        raise NoSuchPhone(_("This phone is not shown any more."))
    phone = next(iter(_phones(Owner(owner), named, on=today)), None)
    if phone is None:
        raise NoSuchPhone(_("This phone is not shown any more."))
    if phone.number != number:
        raise NoSuchPhone(_("Another number stands here now: call that one."))
    before = values_of(row) if owner == Owner.CARD else None
    row.checked_on = today
    row.save(update_fields=["checked_on"])
    if before is not None:
        written_down(row, before, by=by, through=Proposal.Through.PAGE, at=at)
    phone = replace(phone, checked_on=today, is_stale=False)
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


def _rows(city: City | None, on: datetime.date) -> dict[Owner, QuerySet[Any]]:
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
