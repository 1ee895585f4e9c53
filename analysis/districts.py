"""Districts as an edition draws them. Their shapes are held in the process: an edition that is recorded never changes.

Of a city of 100 districts they take some 10 ms to be read and measured, and every page of counts needs them.
"""

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, FloatField, Func

from appeals.access import asked_once
from appeals.models import rights_by_key
from geo.models import City, DistrictBoundary
from geo.models.editions import BoundaryQuerySet
from geo.names import in_current_language
from geo.prepared_queries import PreparedQuery, given
from people.models import User

HELD: Final = 16
"""Editions that a process holds, the latest asked for: of 100 districts a megabyte each."""
ADDRESSES = """
    SELECT ST_AsBinary(ST_Collect(house.location))
    FROM geo_house AS house JOIN geo_street AS street ON street.id = house.street_id
    WHERE street.city_id = %s AND house.location IS NOT NULL
"""


class Drawn(NamedTuple):
    """A district in an edition: its polygon in degrees, square kilometres on the ground, residents where told."""

    edition: int
    district: int
    code: str
    name_uk: str
    name_en: str
    residents: int | None
    shape: shapely.Geometry
    km2: float

    @property
    def name(self) -> str:
        """Its name in the language that is active."""
        return in_current_language(self.name_uk, self.name_en)


def drawn(boundaries: BoundaryQuerySet) -> list[Drawn]:
    """Return some districts in the order of their codes."""
    return _drawn(list(_told(boundaries)))


def _told(boundaries: BoundaryQuerySet) -> Any:
    names = ("edition", "district", "district__code", "district__name_uk", "district__name_en", "population")
    return boundaries.order_by("district__code").values_list(*names)


VERSION: Final = PreparedQuery(
    lambda: City.objects.filter(pk=given("city", "bigint")).order_by().values_list("houses_version", flat=True)
)
IN_FORCE: Final = PreparedQuery(
    lambda: _told(
        DistrictBoundary.objects.in_force_at(given("at", "timestamptz")).filter(edition__city=given("city", "bigint"))
    )
)


def _drawn(rows: Iterable[tuple[Any, ...]]) -> list[Drawn]:
    rows = list(rows)
    held = {edition: _held(edition) for edition in {row[0] for row in rows}}
    return [
        Drawn(edition, district, code, name_uk, name_en, residents, *held[edition][district])
        for edition, district, code, name_uk, name_en, residents in rows
    ]


def districts_read(city: City, user: User | AnonymousUser, *, at: datetime.datetime) -> list[Drawn]:
    """Return the districts in force of which a user reads the letters; none where no polygons are in force."""
    return asked_once(("districts", city.pk, user.pk, at), lambda: _districts_read(city, user, at))


def _districts_read(city: City, user: User | AnonymousUser, at: datetime.datetime) -> list[Drawn]:
    if not isinstance(user, User):
        return []
    own, supervised = rights_by_key(user)
    if not own and city.pk not in supervised:
        return []
    found = IN_FORCE.rows(city=city.pk, at=at)
    return _drawn(row for row in found if city.pk in supervised or row[1] in own)


def shape_of(edition: int, district: int) -> shapely.Geometry:
    """Return the polygon of a district in an edition. Many threads hold it: prepare a copy, never itself."""
    return _held(edition)[district][0]


def holding(shape: shapely.Geometry, districts: Iterable[Drawn]) -> list[Drawn]:
    """Return those of some districts that share ground with a shape, that which holds most of it first.

    A hundredth of it is not shared: borders of what is released are rounded.
    """
    shared = [(each.shape.intersection(shape).area, each) for each in districts if each.shape.intersects(shape)]
    return [each for area, each in sorted(shared, key=lambda pair: -pair[0]) if area > shape.area / 100]


def addresses_within(city: City, districts: Iterable[Drawn]) -> dict[int, int]:
    """Return the known addresses of a city in each of some districts, by key; on an edge they count in both."""
    editions = {each.edition for each in districts}
    if not editions:
        return {}
    # Triggers count the version up with every house, and it is asked before the houses are.
    [version] = VERSION.rows(city=city.pk)
    counts: dict[int, int] = {}
    for edition in editions:
        counts |= _addresses(edition, city.pk, version)
    return counts


@lru_cache(maxsize=HELD)
def _held(edition: int) -> Mapping[int, tuple[shapely.Geometry, float]]:
    """Polygon and square kilometres of each district of an edition, by its key."""
    boundaries = DistrictBoundary.objects.filter(edition=edition).annotate(km2=ground_km2("boundary")).order_by()
    rows = list(boundaries.values_list("district", "boundary", "km2"))
    shapes = shapely.from_wkb([bytes(shape.wkb) for _district, shape, _km2 in rows])
    return {district: (shape, km2) for (district, _shape, km2), shape in zip(rows, shapes, strict=True)}


@lru_cache(maxsize=HELD)
def _addresses(edition: int, city: int, _version: int) -> Mapping[int, int]:
    """Count the addresses in each district of an edition, by its key. Houses have no index by place.

    They come as one geometry: 16,000 rows take longer to be read than to be counted.
    """
    held = _held(edition)
    with connection.cursor() as cursor:
        cursor.execute(ADDRESSES, [city])
        [collected] = cursor.fetchone()
    if collected is None:
        return {}
    tree = shapely.STRtree(shapely.points(shapely.get_coordinates(shapely.from_wkb(bytes(collected)))))
    inside, _places = tree.query([shape for shape, _km2 in held.values()], predicate="intersects")
    return dict(zip(held, np.bincount(inside, minlength=len(held)).tolist(), strict=True))


def ground_km2(field: str) -> Func:
    """Return the square kilometres on the ground of a field of polygons."""
    return Func(F(field), template="ST_Area(%(expressions)s::geography) / 1e6", output_field=FloatField())
