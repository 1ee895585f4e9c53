"""To whom a letter goes, and why: decided once, at the moment of sending, and written down with the letter."""

import datetime
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from appeals.drafts import Draft
from appeals.errors import NobodyAbove, PlaceInAnotherDistrict, UnknownAddressee
from appeals.models import Addressee, Appeal, Body, KeepFrom
from appeals.receipts import keyed_hash
from geo.addresses.matches import AddressMatch
from geo.addresses.nearby import asked_house_near, house_read
from geo.addresses.resolving import resolve_address
from geo.models import BoundaryEdition, City, District, House, Street, TerritoryList
from geo.models.addresses import house_key
from geo.prepared import PreparedStatement, Question, Rows, loaded, rows_of
from geo.prepared_queries import PreparedQuery, given
from people.lookup import (
    BY_LIST,
    COVERING_POINT,
    DistrictCard,
    OutsideServedArea,
    UnknownDistrict,
    district_answer,
    lookup_house,
)
from people.models import Membership, Officer, Posting, User

_SQL = Path(__file__).parent / "sql"
OF_CODE: Final = PreparedStatement(_SQL / "of_code.sql", _SQL / "standing.sql")
AT_PLACE: Final = PreparedStatement(COVERING_POINT, _SQL / "standing.sql")
"""Every letter asks one of them."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a letter goes, and on what ground.

    `edition` and `territory_list` are those in force at that moment, None where there is none. `officer` is None where
    the district has nobody that day, or the letter is kept from its officer: supervisors answer then. `house` is what
    the address means, `building` a keyed hash of the house where it happened, empty where no house is known.
    """

    district: District
    edition: BoundaryEdition | None
    territory_list: TerritoryList | None
    rule: Appeal.Rule
    addressee: Addressee
    officer: Officer | None
    why: Appeal.Why
    house: AddressMatch | None = None
    building: str = ""
    recused_officer: Officer | None = None
    recused_supervisor: User | None = None


def questions_of_place(*, city: City, draft: Draft, at: datetime.datetime) -> list[Question]:
    """Return what `route` asks about the marked place, to be put together with other questions.

    Nothing where no place is marked, or where there is an address, which decides first.
    """
    if draft.place is None or draft.address:
        return []
    return _asked_at(city, draft.place, at=at, search_m=settings.BORDER_SEARCH_M if draft.district else 0)


def route(*, city: City, draft: Draft, at: datetime.datetime, of_place: Sequence[Rows] = ()) -> Route:
    """Find the district of a letter, and who answers it.

    An address that means one house decides, by the list of streets before the polygon; then the marked place; the
    chosen district may differ from the place's only within settings.BORDER_NEAR_M of the border. Without address and
    place the chosen district decides. `of_place`: the answers to `questions_of_place`, where they were put.

    Raises UnknownAddressee, PlaceInAnotherDistrict, NobodyAbove.
    """
    house = resolve_address(city, draft.address, at=at).match if draft.address else None
    stands, rule, near = _found(city, draft, house, at, of_place)
    way = Route(
        district=stands.district,
        edition=stands.edition,
        territory_list=stands.territory_list,
        rule=rule,
        addressee=Addressee.OFFICER,
        officer=stands.officer,
        why=stands.why,
        house=house,
        building=building_hash(city, house=house, near=near),
    )
    return way if draft.keep_from == KeepFrom.NOBODY else _kept(city, draft, way)


def _found(
    city: City, draft: Draft, house: AddressMatch | None, at: datetime.datetime, of_place: Sequence[Rows]
) -> tuple["Standing", Appeal.Rule, House | None]:
    """Return how things stand, on what ground, and the known house at the place that decided."""
    if house is None and draft.place:
        search_m = settings.BORDER_SEARCH_M if draft.district else 0
        stand, houses = of_place or rows_of(*_asked_at(city, draft.place, at=at, search_m=search_m))
        found, known = [_standing(row) for row in stand], house_read(houses)
        near = {one.district.code: one for one in found}
        if not near:
            raise _outside(city)
        own, *neighbours = near
        code, rule = _agreed(draft, near[own].district, neighbours, Appeal.Rule.POLYGON)
        return near[code], rule, known
    try:
        if house:
            answer = lookup_house(city=city, house=house, at=at)
            rule = Appeal.Rule.LIST if answer.rule == BY_LIST else Appeal.Rule.POLYGON
            neighbours = [one.district.code for one in answer.border.neighbours]
            code, rule = _agreed(draft, answer.district, neighbours, rule)
        elif draft.district:
            answer = district_answer(city=city, code=draft.district, at=at)
            code, rule = draft.district, Appeal.Rule.CHOSEN
        else:
            raise UnknownAddressee(_("Say where: mark the place or choose a district."))
    except UnknownDistrict as error:
        raise UnknownAddressee(str(error)) from error
    except OutsideServedArea as error:
        raise _outside(city) from error
    return standing(city, code, at=at, edition=answer.edition.number if answer.edition else None), rule, None


def _outside(city: City) -> UnknownAddressee:
    return UnknownAddressee(
        _("The marked place lies outside the districts of %(city)s. Remove the mark or choose another place.")
        % {"city": city.name}
    )


def _agreed(
    draft: Draft, found: District | DistrictCard, neighbours: Collection[str], rule: Appeal.Rule
) -> tuple[str, Appeal.Rule]:
    """Return the code of the district that was found, or that the writer chose beside it, and on what ground.

    Raises PlaceInAnotherDistrict.
    """
    if draft.district in {"", found.code}:
        return found.code, rule
    if draft.district in neighbours:
        return draft.district, Appeal.Rule.BORDER
    raise PlaceInAnotherDistrict(
        _("The marked place is served by another district: %(district)s.") % {"district": found.name},
        code=found.code,
        name=found.name,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand in a district at a moment: who answers and why, and the rows that a letter names."""

    district: District
    edition: BoundaryEdition | None
    territory_list: TerritoryList | None
    officer: Officer | None
    why: Appeal.Why


def standing(city: City, code: str, *, at: datetime.datetime, edition: int | None = None) -> Standing:
    """Return who answers for a district on the local day of a moment, as the public card names them: acting first.

    With them come the edition of that number and the list of streets in force. Raises District.DoesNotExist.
    """
    for row in OF_CODE.rows(city=city.pk, code=code, at=at, edition="" if edition is None else edition):
        return _standing(row)
    raise District.DoesNotExist


def standings_at(
    city: City, place: tuple[float, float], *, at: datetime.datetime, search_m: float
) -> tuple[list[Standing], House | None]:
    """Return how things stand in the district that covers a place (longitude, latitude), and in its near neighbours.

    The own one comes first, by the rule of `people.lookup.lookup_point`; none where no district covers the place.
    Neighbours are looked for up to `search_m` metres: settings.BORDER_SEARCH_M, or 0 where nobody asks for them.
    With them comes the known house at the place, in the same trip to the database.
    """
    stand, houses = rows_of(*_asked_at(city, place, at=at, search_m=search_m))
    return [_standing(row) for row in stand], house_read(houses)


def _asked_at(city: City, place: tuple[float, float], *, at: datetime.datetime, search_m: float) -> list[Question]:
    lon, lat = place
    districts = AT_PLACE.asked(
        lon=lon,
        lat=lat,
        at=at,
        city=city.slug,
        stages=city.stage,
        search_m=search_m,
        near_m=min(search_m, settings.BORDER_NEAR_M),
    )
    return [districts, asked_house_near(city, lon=lon, lat=lat)]


def _standing(row: dict[str, Any]) -> Standing:
    if row["officer"] is None:
        why = Appeal.Why.NOBODY
    else:
        why = Appeal.Why.ACTING if row["role"] == Posting.Role.ACTING else Appeal.Why.MAIN
    return Standing(
        district=loaded(District, row["district"]),
        edition=row["edition"] and loaded(BoundaryEdition, row["edition"]),
        territory_list=row["territory_list"] and loaded(TerritoryList, row["territory_list"]),
        officer=row["officer"] and loaded(Officer, row["officer"]),
        why=why,
    )


def building_hash(city: City, *, house: AddressMatch | None, near: House | None) -> str:
    """Return a keyed hash that is the same for all letters about one building; empty where no house is known there.

    `house` is what the address means, `near` the house at the marked place. The hash is made of the names of street
    and house, so it outlives a gazetteer that is imported anew.
    """
    known = None
    if house and house.street_id and house.house:
        street = Street.objects.get(pk=house.street_id)
        known = (street, house_key(house.house))
    elif near:
        known = (near.street, near.key)
    if known is None:
        return ""
    street, number = known
    named = json.dumps([city.slug, street.settlement_id and str(street.settlement), street.key, number])
    return keyed_hash("building", named, str(settings.RECEIPT_KEY).encode())


SUPERVISORS: Final = PreparedQuery(
    lambda: User.objects.filter(
        is_active=True,
        is_superuser=False,
        memberships__in=Membership.objects.filter(city=given("city", "bigint"), role=Membership.Role.SUPERVISOR),
    ).order_by("last_name", "first_name", "pk")
)


def supervisors_of(city: City) -> list[User]:
    """Return the people who supervise a city and can sign in, by name."""
    return SUPERVISORS.rows(city=city.pk)


def _kept(city: City, draft: Draft, way: Route) -> Route:
    """Send a letter past the one it is kept from. Raises NobodyAbove, UnknownAddressee."""
    supervisors = supervisors_of(city)
    recused_officer = way.officer if draft.keep_from == KeepFrom.OFFICER else None
    recused_supervisor = None
    if draft.keep_from == KeepFrom.SUPERVISOR and len(supervisors) > 1:
        recused_supervisor = next((one for one in supervisors if one.pk == draft.kept_supervisor), None)
        if recused_supervisor is None:
            raise UnknownAddressee(_("Say which supervisor the letter is about."))
    elif draft.keep_from == KeepFrom.SUPERVISOR:
        supervisors = []
    above = [
        one
        for one in supervisors
        if one != recused_supervisor and not (recused_officer and one.pk == recused_officer.user_id)
    ]
    if not above:
        raise NobodyAbove(
            _("Nobody else here could answer this letter without that person reading it. Turn to one of these:"),
            bodies=tuple(f"{body.name}: {body.contact}" for body in Body.objects.of(city).above_the_police()),
        )
    return replace(
        way,
        addressee=Addressee.SUPERVISOR,
        officer=None,
        why=Appeal.Why.KEPT,
        recused_officer=recused_officer,
        recused_supervisor=recused_supervisor,
    )
