"""Who serves this place? The whole answer: district, officers, border. Page and API ask here alike.

One prepared SQL statement: the polygon that covers the point, the border pieces nearby, and everybody who answers for
the districts found.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import phonenumbers
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.addresses.matches import AddressMatch
from geo.lookup import FAR_M, AnswersByAddressOnly, BadCoordinates, OutsideServedArea, nearest_district
from geo.models import City, TerritoryList
from geo.prepared import PreparedStatement
from geo.territories.in_force import district_of_house

__all__ = [
    "AnswersByAddressOnly",
    "BadCoordinates",
    "OutsideServedArea",
    "UnknownDistrict",
    "district_answer",
    "district_cards",
    "lookup_house",
    "lookup_point",
]


_SQL = Path(__file__).parent / "sql"
COVERING_POINT = _SQL / "answered_by_point.sql"
"""Which district covers a point, and which neighbours are near: the beginning of whatever is asked about a place."""
BY_POINT = PreparedStatement(COVERING_POINT, _SQL / "cards.sql")
BY_CODE = PreparedStatement(_SQL / "answered_by_code.sql", _SQL / "cards.sql")

BY_POLYGON, BY_LIST = "polygon", "territory_list"


class UnknownDistrict(Exception):
    """The city has no district of that code in force at that moment."""


@dataclass(frozen=True, slots=True)
class StationCard:
    """Where citizens are received; `phone` is E.164, coordinates are degrees WGS 84."""

    name: str
    address: str
    phone: str
    phone_display: str
    hours: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class OfficerCard:
    """An officer as the public sees them; `role` is main or acting, `photo` an address on this site or empty."""

    kind: str
    role: str
    rank: str
    name: str
    phone: str
    phone_display: str
    email: str
    photo: str
    reception: str
    station: StationCard | None
    languages: tuple[str, ...]
    checked_on: datetime.date


@dataclass(frozen=True, slots=True)
class DistrictCard:
    """A district and who answers for it today: `officers` is empty when nobody does, then `duty` is to be called."""

    code: str
    name: str
    officers: tuple[OfficerCard, ...]
    away: tuple[OfficerCard, ...]
    duty: StationCard | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbouring district whose border is `distance_m` metres from the place."""

    distance_m: float
    district: DistrictCard


@dataclass(frozen=True, slots=True)
class Border:
    """How near the district's border is: `distance_m` is None beyond settings.BORDER_SEARCH_M."""

    distance_m: float | None
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class EditionRef:
    """The edition that answered, and since when it is in force."""

    number: int
    in_force_from: datetime.datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """Who serves a place, on what ground: `rule` is BY_POLYGON or BY_LIST; a city of lists alone has no `edition`."""

    city_slug: str
    city_name: str
    district: DistrictCard
    border: Border
    edition: EditionRef | None
    rule: str = BY_POLYGON


NO_BORDER = Border(distance_m=None, neighbours=())


def lookup_point(
    *,
    lon: float,
    lat: float,
    at: datetime.datetime,
    city: str | None = None,
    stages: Iterable[str] = City.SERVED_STAGES,
) -> Answer:
    """Return who serves a point (degrees WGS 84) at a moment, in one city or in any that is in one of `stages`.

    A point on a shared edge belongs to the district whose code sorts first (bytewise), always the same one.
    Raises OutsideServedArea, with the nearest district, where no district covers the point; AnswersByAddressOnly where
    the city asked has no polygons and answers from its list of streets.
    """
    rows = BY_POINT.rows(
        lon=lon,
        lat=lat,
        at=at,
        city=city or "",
        stages=",".join(stages),
        search_m=settings.BORDER_SEARCH_M,
        near_m=settings.BORDER_NEAR_M,
    )
    if not rows:
        nearest = nearest_district(lon=lon, lat=lat, at=at, city=city, stages=stages)
        if nearest is None and city and TerritoryList.objects.in_force_at(at).filter(city__slug=city).exists():
            raise AnswersByAddressOnly
        if nearest and city and nearest.distance_m > FAR_M:
            nearest = nearest_district(lon=lon, lat=lat, at=at, city=None, stages=City.SERVED_STAGES)
        raise OutsideServedArea(nearest if nearest and nearest.distance_m <= FAR_M else None)
    return _answer(rows)


def lookup_house(*, city: City, house: AddressMatch, at: datetime.datetime) -> Answer:
    """Return who serves a house of a city at a moment: the list of streets in force decides before the polygon.

    It does so where exactly one district claims the house, and alone where the house has no point. Where the polygons
    say another district, or none, the border is not told. Raises OutsideServedArea where neither knows.
    """
    code = house.district
    if not code and house.street_id:
        code = district_of_house(city=city, street=house.street_id, house=house.house, at=at) or ""
    listed = replace(district_answer(city=city, code=code, at=at), rule=BY_LIST) if code else None
    if house.point is None:
        if listed is None:
            raise OutsideServedArea(None)
        return listed
    try:
        answer = lookup_point(lon=house.point[0], lat=house.point[1], at=at, city=city.slug, stages=[city.stage])
    except OutsideServedArea as outside:
        if listed is None:
            raise OutsideServedArea(outside.nearest) from outside  # an address was given: nothing else is to be asked
        return listed
    if listed is None:
        return answer
    return replace(answer, rule=BY_LIST) if answer.district.code == listed.district.code else listed


def district_answer(*, city: City, code: str, at: datetime.datetime) -> Answer:
    """Return who serves a district of a city at a moment; the border is not asked.

    Raises UnknownDistrict where neither the edition nor the list of streets in force has a district of that code.
    """
    rows = BY_CODE.rows(city=city.slug, codes=json.dumps([code]), at=at)
    if not rows:
        raise UnknownDistrict(_("%(city)s has no district “%(code)s”.") % {"city": city.name, "code": code})
    return replace(_answer(rows), border=NO_BORDER)


def district_cards(*, city: City, codes: Iterable[str], at: datetime.datetime) -> dict[str, DistrictCard]:
    """Return the cards of some districts of a city at a moment, by code; codes that are not in force are left out."""
    rows = BY_CODE.rows(city=city.slug, codes=json.dumps(list(codes)), at=at)
    english = get_language() == "en"
    return {group[0]["code"]: _district(group, english) for group in _by_district(rows)}


def _by_district(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["code"], []).append(row)
    return list(groups.values())


def _answer(rows: list[dict[str, Any]]) -> Answer:
    own, *others = _by_district(rows)
    first = own[0]
    english = get_language() == "en"
    return Answer(
        city_slug=first["city_slug"],
        city_name=_named(first, "city_name", english),
        district=_district(own, english),
        border=Border(
            distance_m=None if first["distance_m"] is None else round(first["distance_m"], 1),
            neighbours=tuple(
                Neighbour(distance_m=round(group[0]["distance_m"], 1), district=_district(group, english))
                for group in others
            ),
        ),
        edition=first["edition"]
        and EditionRef(number=first["edition"], in_force_from=datetime.datetime.fromisoformat(first["in_force_from"])),
    )


def _district(rows: list[dict[str, Any]], english: bool) -> DistrictCard:
    """Read one district from its rows: one row a posting, or one with no officer at all."""
    first = rows[0]
    present = [row for row in rows if row["officer"] and not row["on_leave"]]
    acting = [row for row in present if row["role"] == "acting"]
    return DistrictCard(
        code=first["code"],
        name=_named(first, "name", english),
        officers=tuple(_officer(row["officer"], english) for row in (acting or present)),
        away=tuple(
            _officer(row["officer"], english)
            for row in rows
            if row["officer"] and row["role"] == "main" and (row["on_leave"] or acting)
        ),
        duty=_station(first["duty"], english),
    )


def _officer(data: dict[str, Any], english: bool) -> OfficerCard:
    return OfficerCard(
        kind=data["kind"],
        role=data["role"],
        rank=_named(data, "rank", english),
        name=_named(data, "name", english),
        phone=data["phone"],
        phone_display=_display(data["phone"]),
        email=data["email"],
        photo=default_storage.url(data["photo"]) if data["photo"] else "",
        reception=_named(data, "reception", english),
        station=_station(data["station"], english),
        languages=tuple(data["languages"]),
        checked_on=datetime.date.fromisoformat(data["checked_on"]),
    )


def _station(data: dict[str, Any] | None, english: bool) -> StationCard | None:
    if not data:
        return None
    return StationCard(
        name=_named(data, "name", english),
        address=_named(data, "address", english),
        phone=data["phone"],
        phone_display=_display(data["phone"]),
        hours=_named(data, "hours", english),
        lat=data["lat"],
        lon=data["lon"],
    )


def _named(data: Mapping[str, Any], field: str, english: bool) -> str:
    text: str = (english and data[f"{field}_en"]) or data[f"{field}_uk"]
    return text


@lru_cache(maxsize=10_000)
def _display(phone: str) -> str:
    """Write an E.164 number as people read it."""
    if not phone.startswith("+"):
        return phone
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
