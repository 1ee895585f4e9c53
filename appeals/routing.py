"""To whom a letter goes, and why: decided once, at the moment of sending, and written down with the letter."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from appeals.errors import PlaceInAnotherDistrict, UnknownAddressee
from appeals.models import Appeal
from geo.models import BoundaryEdition, City, District
from geo.moments import local_day
from people.lookup import Answer, OutsideServedArea, UnknownDistrict, district_answer, lookup_point
from people.models import Officer, Posting


@dataclass(frozen=True, slots=True)
class Route:
    """Where a letter goes: `officer` is None where the district has nobody that day, `edition` if none is in force."""

    district: District
    edition: BoundaryEdition | None
    officer: Officer | None
    rule: Appeal.Rule
    why: Appeal.Why


def route(*, city: City, code: str, place: tuple[float, float] | None, at: datetime.datetime) -> Route:
    """Find the district and the officer of a letter.

    `place` is (longitude, latitude) in degrees, WGS 84; `code` is the district that the writer chose, or empty.
    A place decides; the chosen district may differ from it only within settings.BORDER_NEAR_M of the border.
    Raises UnknownAddressee, PlaceInAnotherDistrict.
    """
    if place is None:
        if not code:
            raise UnknownAddressee(_("Say where: mark the place or choose a district."))
        try:
            answer = district_answer(city=city, code=code, at=at)
        except UnknownDistrict as error:
            raise UnknownAddressee(str(error)) from error
        return _routed(city, answer, code, Appeal.Rule.CHOSEN, at)
    try:
        answer = lookup_point(lon=place[0], lat=place[1], at=at, city=city.slug, stages=(city.stage,))
    except OutsideServedArea as error:
        raise UnknownAddressee(
            _("The marked place lies outside the districts of %(city)s. Remove the mark or choose another place.")
            % {"city": city.name}
        ) from error
    found = answer.district
    if code in {"", found.code}:
        return _routed(city, answer, found.code, Appeal.Rule.POLYGON, at)
    if code in {neighbour.district.code for neighbour in answer.border.neighbours}:
        return _routed(city, answer, code, Appeal.Rule.BORDER, at)
    raise PlaceInAnotherDistrict(
        _("The marked place is served by another district: %(district)s.") % {"district": found.name},
        code=found.code,
        name=found.name,
    )


def _routed(city: City, answer: Answer, code: str, rule: Appeal.Rule, at: datetime.datetime) -> Route:
    district = District.objects.get(city=city, code=code)
    officer, why = who_answers(district, local_day(at))
    edition = BoundaryEdition.objects.get(city=city, number=answer.edition.number) if answer.edition else None
    return Route(district=district, edition=edition, officer=officer, rule=rule, why=why)


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
