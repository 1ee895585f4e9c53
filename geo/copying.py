"""A training copy of a city: a city of its own, with the same districts, for exercises for ever.

They come with their polygons, or where a city has none with its list of streets. Streets and houses are not copied:
the list of a copy names its districts, and decides nothing.
"""

import datetime
from functools import partial
from itertools import chain, count
from typing import Final

import shapely
from django.utils.translation import gettext as _

from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import BoundaryEdition, City, District, DistrictBoundary, TerritoryList
from geo.territories.recording import compiled_from, record_territories
from geo.territories.serving import list_in_force

SUFFIX: Final = "-training"
SLUG_LENGTH: Final = 50
LOOKS: Final = ("name_uk", "name_en", "accent", "basemap_url", "basemap_attribution")
"""What a copy takes over of the city itself."""


class CannotCopy(Exception):
    """There is nothing to train in, or the city is a copy itself; the message says which."""


def territory_copied(city: City, *, by: str, at: datetime.datetime) -> City:
    """Return the training copy of a city with the districts in force at a moment; it is made where there is none.

    Its name, colour and map, and its boundaries or its list where those of the city changed, are brought up to date.
    Raises CannotCopy.
    """
    if city.is_copy:
        raise CannotCopy(_("This is a training copy already."))
    edition = BoundaryEdition.objects.in_force_at(at).filter(city=city).first()
    listed = None if edition else list_in_force(city, at)
    if edition is None and listed is None:
        raise CannotCopy(
            _("A training copy needs boundaries or a list of streets in force: letters of exercises lie in districts.")
        )
    looks = {name: getattr(city, name) for name in LOOKS}
    copy, _is_new = City.objects.update_or_create(
        copy_of=city,
        defaults=looks,
        create_defaults=looks | {"slug": partial(_free_slug, city), "stage": City.Stage.TRAINING},
    )
    if edition:
        _edition_copied(edition, copy, by=by, at=at)
    elif listed:
        _list_copied(listed, copy, by=by, at=at)
    return copy


def _free_slug(city: City) -> str:
    """A slug for the copy that no city has: somebody may have called another city so."""
    taken = set(City.objects.filter(slug__contains=SUFFIX).values_list("slug", flat=True))
    suffixes = chain([SUFFIX], (f"{SUFFIX}-{number}" for number in count(2)))
    slugs = (city.slug[: SLUG_LENGTH - len(suffix)] + suffix for suffix in suffixes)
    return next(slug for slug in slugs if slug not in taken)


def _edition_copied(edition: BoundaryEdition, copy: City, *, by: str, at: datetime.datetime) -> None:
    source = f"{edition}, {edition.source_sha256 or edition.recorded_at.isoformat()}"[:300]
    if BoundaryEdition.objects.in_force_at(at).filter(city=copy, source=source).exists():
        return
    copied = record_edition(
        city=copy, districts=_drawn(edition), source=source, recorded_at=at, recorded_by=by, licence=edition.licence
    )
    activate_edition(copied, by=by, now=at)


def _list_copied(listed: TerritoryList, copy: City, *, by: str, at: datetime.datetime) -> None:
    """Record the list of the city for its copy, with the names that its districts have."""
    source = f"{listed}, {listed.recorded_at.isoformat()}"
    named = District.objects.filter(city=listed.city_id, territory_rules__territory_list=listed).distinct()
    District.objects.bulk_create(
        [
            District(city=copy, code=each.code, name_uk=each.name_uk, name_en=each.name_en, rural=each.rural)
            for each in named
        ],
        update_conflicts=True,
        unique_fields=["city", "code"],
        update_fields=["name_uk", "name_en", "rural"],
    )
    if not TerritoryList.objects.in_force_at(at).filter(city=copy, source=source).exists():
        record_territories(
            city=copy,
            compiled=compiled_from(listed, guesses=False).without_places(),
            source=source,
            sha256=listed.source_sha256,
            recorded_at=at,
            recorded_by=by,
        )


def _drawn(edition: BoundaryEdition) -> list[DrawnDistrict]:
    return [
        DrawnDistrict(
            code=each.district.code,
            name_uk=each.district.name_uk,
            geometry=shapely.from_wkb(bytes(each.boundary.wkb)),
            name_en=each.district.name_en,
            population=each.population,
            rural=each.district.rural,
        )
        for each in DistrictBoundary.objects.filter(edition=edition).select_related("district").order_by("district")
    ]
