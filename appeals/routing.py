"""To whom a letter goes, and why: decided once, at the moment of sending, and written down with the letter."""

import datetime
import json
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from appeals.drafts import Draft
from appeals.errors import NobodyAbove, PlaceInAnotherDistrict, UnknownAddressee
from appeals.models import Addressee, Appeal, Body, KeepFrom
from appeals.receipts import keyed_hash
from geo.addresses.nearby import house_near
from geo.addresses.resolving import resolve_address
from geo.addresses.search import AddressMatch
from geo.models import BoundaryEdition, City, District, Street, TerritoryList
from geo.models.addresses import house_key
from geo.moments import local_day
from people.lookup import (
    BY_LIST,
    Answer,
    AnswersByAddressOnly,
    OutsideServedArea,
    UnknownDistrict,
    district_answer,
    lookup_house,
    lookup_point,
)
from people.models import Membership, Officer, Posting, User


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


def route(*, city: City, draft: Draft, at: datetime.datetime) -> Route:
    """Find the district of a letter, and who answers it.

    An address that means one house decides, by the list of streets before the polygon; then the marked place; the
    chosen district may differ from the place's only within settings.BORDER_NEAR_M of the border. Without address and
    place the chosen district decides. Raises UnknownAddressee, PlaceInAnotherDistrict, NobodyAbove.
    """
    house = resolve_address(city, draft.address, at=at).match if draft.address else None
    answer, rule = _found(city, draft, house, at)
    code = draft.district if rule == Appeal.Rule.BORDER else answer.district.code
    district = District.objects.get(city=city, code=code)
    officer, why = who_answers(district, local_day(at))
    way = Route(
        district=district,
        edition=BoundaryEdition.objects.get(city=city, number=answer.edition.number) if answer.edition else None,
        territory_list=TerritoryList.objects.filter(city=city).in_force_at(at).first(),
        rule=rule,
        addressee=Addressee.OFFICER,
        officer=officer,
        why=why,
        house=house,
        building=building_hash(city, house=house, place=draft.place),
    )
    return way if draft.keep_from == KeepFrom.NOBODY else _kept(city, draft, way)


def _found(city: City, draft: Draft, house: AddressMatch | None, at: datetime.datetime) -> tuple[Answer, Appeal.Rule]:
    try:
        if house:
            answer = lookup_house(city=city, house=house, at=at)
            rule = Appeal.Rule.LIST if answer.rule == BY_LIST else Appeal.Rule.POLYGON
        elif draft.place:
            lon, lat = draft.place
            answer = lookup_point(lon=lon, lat=lat, at=at, city=city.slug, stages=(city.stage,))
            rule = Appeal.Rule.POLYGON
        elif draft.district:
            return district_answer(city=city, code=draft.district, at=at), Appeal.Rule.CHOSEN
        else:
            raise UnknownAddressee(_("Say where: mark the place or choose a district."))
    except UnknownDistrict as error:
        raise UnknownAddressee(str(error)) from error
    except (OutsideServedArea, AnswersByAddressOnly) as error:
        raise UnknownAddressee(
            _("The marked place lies outside the districts of %(city)s. Remove the mark or choose another place.")
            % {"city": city.name}
        ) from error
    found = answer.district
    if draft.district in {"", found.code}:
        return answer, rule
    if draft.district in {neighbour.district.code for neighbour in answer.border.neighbours}:
        return answer, Appeal.Rule.BORDER
    raise PlaceInAnotherDistrict(
        _("The marked place is served by another district: %(district)s.") % {"district": found.name},
        code=found.code,
        name=found.name,
    )


def who_answers(district: District, day: datetime.date) -> tuple[Officer | None, Appeal.Why]:
    """Return the officer who answers for a district on a local day, as the public card names them: acting first."""
    posting = (
        Posting.objects.on(day)
        .filter(district=district)
        .exclude(officer__leaves__during__contains=day)
        .select_related("officer")
        .order_by("role", "officer_id")
        .first()
    )
    if posting is None:
        return None, Appeal.Why.NOBODY
    is_acting = posting.role == Posting.Role.ACTING
    return posting.officer, Appeal.Why.ACTING if is_acting else Appeal.Why.MAIN


def building_hash(city: City, *, house: AddressMatch | None, place: tuple[float, float] | None) -> str:
    """Return a keyed hash that is the same for all letters about one building; empty where no house is known there.

    It is made of the names of street and house, so it outlives a gazetteer that is imported anew.
    """
    known = None
    if house and house.street_id and house.house:
        street = Street.objects.get(pk=house.street_id)
        known = (street, house_key(house.house))
    elif house is None and place and (near := house_near(city, lon=place[0], lat=place[1])):
        known = (near.street, near.key)
    if known is None:
        return ""
    street, number = known
    named = json.dumps([city.slug, street.settlement_id and str(street.settlement), street.key, number])
    return keyed_hash("building", named, str(settings.RECEIPT_KEY).encode())


def supervisors_of(city: City) -> list[User]:
    """Return the people who supervise a city and can sign in, by name."""
    roles = Membership.objects.filter(city=city, role=Membership.Role.SUPERVISOR)
    active = User.objects.filter(is_active=True, is_superuser=False, memberships__in=roles)
    return list(active.order_by("last_name", "first_name", "pk"))


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
