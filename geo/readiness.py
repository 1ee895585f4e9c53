"""What the opening kit asks of the territory: boundaries in force, and addresses that name exactly one district."""

import datetime
from typing import Final

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.models import BoundaryEdition, City, District, EditionPeriod, TerritoryRule
from geo.moments import local_day
from geo.prepared_queries import PreparedQuery, given
from geo.stages import Item, Need, Readiness
from geo.territories.placing import houses_with_polygons
from geo.territories.serving import list_in_force, served_houses
from geo.territories.standing import as_it_stands

RESOLVED, RESOLVED_AT_LEAST = 98, 90
"""Of a hundred known houses so many should name exactly one district; with fewer than the second a city stays closed.
A promise of this service: some houses always lie in a neighbouring community, or wait for their number."""

IN_FORCE: Final = PreparedQuery(
    lambda: (
        BoundaryEdition.objects.in_force_at(given("at", "timestamptz"))
        .filter(city=given("city", "bigint"))
        .order_by()
        .values_list("number", "errors")
        .annotate(districts=Count("boundaries", distinct=True))
    )
)
"""The number of the edition in force, its errors that nobody has accepted, and how many districts it draws."""


def boundaries_item(city: City, *, at: datetime.datetime) -> Item:
    """Say whether checked boundaries are in force, or a list of streets where a city has no polygons."""
    for number, errors, districts in IN_FORCE.rows(city=city.pk, at=at):
        return _of_edition(number, errors, districts)
    listed = list_in_force(city, at)
    if listed is not None:
        return _of_list(listed.pk)
    waiting = EditionPeriod.objects.filter(city=city, period__startswith__gt=at).order_by("period").first()
    if waiting is not None:
        begins = f"{local_day(waiting.period.lower):%d.%m.%Y}"
        return _boundaries(Readiness.MISSING, _("An edition waits: it comes into force on %(day)s.") % {"day": begins})
    return _boundaries(Readiness.MISSING, _("No boundaries and no list of streets are in force."))


def addresses_item(city: City, *, at: datetime.datetime) -> Item:
    """Say of which share of the known houses the address names exactly one district."""
    houses, resolved = as_it_stands("resolved", city, at, lambda: _resolved(city, at))
    if not houses and list_in_force(city, at) is not None:
        told = _("No houses are known: typed addresses are answered by the list of streets alone.")
        return Item(Need.ADDRESSES, Readiness.WARNING, told)
    if not houses:
        return Item(Need.ADDRESSES, Readiness.MISSING, _("No addresses are loaded."))
    percent = 100 * resolved // houses
    readiness = Readiness.MISSING
    if percent >= RESOLVED_AT_LEAST:
        readiness = Readiness.DONE if percent >= RESOLVED else Readiness.WARNING
    told = ngettext(
        "%(n)d house is known; of the known houses %(percent)d %% name exactly one district.",
        "%(n)d houses are known; %(percent)d %% of them name exactly one district.",
        houses,
    )
    return Item(Need.ADDRESSES, readiness, told % {"n": houses, "percent": percent})


def _resolved(city: City, at: datetime.datetime) -> tuple[int, int]:
    """Count the known houses, and those of which an address leads to one district without a choice."""
    if list_in_force(city, at) is None:  # nothing has to be read of their numbers
        drawn = houses_with_polygons(city, at)
        return len(drawn), sum(house.polygon is not None for house in drawn)
    served = [len(one.listed) < 2 and one.district is not None for one in served_houses(city, at)]
    return len(served), sum(served)


def _of_edition(number: int, errors: int, districts: int) -> Item:
    if errors:
        told = ngettext(
            "Edition %(number)d is in force with %(n)d error that nobody has accepted.",
            "Edition %(number)d is in force with %(n)d errors that nobody has accepted.",
            errors,
        )
        return _boundaries(Readiness.MISSING, told % {"number": number, "n": errors})
    told = ngettext(
        "Edition %(number)d is checked and in force: %(n)d district.",
        "Edition %(number)d is checked and in force: %(n)d districts.",
        districts,
    )
    return _boundaries(Readiness.DONE, told % {"number": number, "n": districts})


def _of_list(listed: int) -> Item:
    rules = TerritoryRule.objects.filter(territory_list=listed)
    unread, districts = rules.exclude(unread="").count(), District.objects.filter(territory_rules__in=rules)
    told = ngettext(
        "A list of streets is in force, without polygons: %(n)d district.",
        "A list of streets is in force, without polygons: %(n)d districts.",
        districts.distinct().count(),
    ) % {"n": districts.distinct().count()}
    if unread:
        told += " " + ngettext("%(n)d entry could not be read.", "%(n)d entries could not be read.", unread) % {
            "n": unread
        }
    return _boundaries(Readiness.WARNING if unread else Readiness.DONE, told)


def _boundaries(readiness: Readiness, sentence: str) -> Item:
    return Item(Need.BOUNDARIES, readiness, sentence)
