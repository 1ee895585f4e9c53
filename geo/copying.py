"""A training copy of a city: a city of its own, with the same districts and polygons, for exercises for ever."""

import datetime
from typing import Final

import shapely
from django.utils.translation import gettext as _

from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import BoundaryEdition, City, DistrictBoundary

SUFFIX: Final = "-training"
SLUG_LENGTH: Final = 50
LOOKS: Final = ("name_uk", "name_en", "accent", "basemap_url", "basemap_attribution")
"""What a copy takes over of the city itself."""


class CannotCopy(Exception):
    """There is nothing to train in, or the city is a copy itself; the message says which."""


def territory_copied(city: City, *, by: str, at: datetime.datetime) -> City:
    """Return the training copy of a city with the districts in force at a moment; it is made where there is none.

    Its name, colour and map, and its boundaries where those of the city changed, are brought up to date. Addresses are
    not copied. Raises CannotCopy.
    """
    if city.is_copy:
        raise CannotCopy(_("This is a training copy already."))
    edition = BoundaryEdition.objects.in_force_at(at).filter(city=city).first()
    if edition is None:
        raise CannotCopy(_("A training copy needs boundaries in force: letters of the exercises lie in districts."))
    looks = {name: getattr(city, name) for name in LOOKS}
    copy, _is_new = City.objects.update_or_create(
        copy_of=city,
        defaults=looks,
        create_defaults=looks | {"slug": city.slug[: SLUG_LENGTH - len(SUFFIX)] + SUFFIX, "stage": City.Stage.TRAINING},
    )
    source = f"{edition}, {edition.source_sha256 or edition.recorded_at.isoformat()}"[:300]
    if not BoundaryEdition.objects.in_force_at(at).filter(city=copy, source=source).exists():
        copied = record_edition(
            city=copy, districts=_drawn(edition), source=source, recorded_at=at, recorded_by=by, licence=edition.licence
        )
        activate_edition(copied, by=by, now=at)
    return copy


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
