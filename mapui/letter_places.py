"""Where a letter belongs: from an address, as a person types it, to the district whose officer answers."""

import datetime
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from appeals.services import letters_open_in
from geo.labels import in_counting_order
from geo.lookup import AnswersByAddressOnly, OutsideServedArea
from geo.models import City, District
from geo.prepared_queries import PreparedQuery, given
from mapui.forms import HouseOf, PlaceForm
from people.lookup import lookup_house, lookup_point


def cities_taking_letters() -> list[City]:
    """Return the cities of the site that take letters now."""
    return [city for city in City.objects.visible_on_site() if letters_open_in(city)]


DISTRICTS: Final = PreparedQuery(
    lambda: District.objects.in_force_at(given("at", "timestamptz"), city=given("city", "bigint")).order_by()
)


def districts_to_choose(city: City, at: datetime.datetime) -> list[District]:
    """Return the districts of a city in force at a moment, in the order people count."""
    return sorted(DISTRICTS.rows(city=city.pk, at=at), key=lambda each: in_counting_order(each.code))


def district_of(city: City, given: Mapping[str, str], at: datetime.datetime) -> tuple[dict[str, str], PlaceForm]:
    """Return what a typed address (`q`) says of where: district, address and point, all as text.

    It is empty where the address leads nowhere, or to several places; then the form holds the reason or the choices.
    """
    form = PlaceForm({"q": given.get("q", "")})
    if not given.get("q", "").strip():
        form.add_error("q", _("Write the address, or choose the district."))
        return {}, form
    place = form.place([city], at) if form.is_valid() else None
    if place is None:
        return {}, form
    try:
        if isinstance(place, HouseOf):
            answer = lookup_house(city=city, house=place.house, at=at)
            point, address = place.house.point, place.house.label
        else:
            answer = lookup_point(lon=place[0], lat=place[1], at=at, city=city.slug, stages=(city.stage,))
            point, address = place, ""
    except AnswersByAddressOnly as reason:
        form.add_error("q", str(reason))
    except OutsideServedArea:
        form.add_error("q", _("This place lies outside the districts of %(city)s.") % {"city": city.name})
    else:
        lon, lat = (f"{point[0]:.6f}", f"{point[1]:.6f}") if point else ("", "")
        return {"district": answer.district.code, "address": address, "lon": lon, "lat": lat}, form
    return {}, form
