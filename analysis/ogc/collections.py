"""The collections of features, and their rows as the database tells them."""

import datetime
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from django.contrib.gis.db.models import Extent, GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Polygon
from django.db.models import DateTimeField, F, Func, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analysis.access import as_analyst
from analysis.models import Sensitivity
from analysis.ogc.areas import AREA_COLUMNS, areas
from analysis.ogc.query import BBox, Interval, ItemsQuery
from geo.models import BoundaryEdition, City, DistrictBoundary
from geo.moments import start_of_local_day
from people.models import Station

DECIMALS = 7
"""Of coordinates in degrees: about a centimetre."""
LARGEST = 2**63 - 1
"""Identifiers of the database go no further."""


class UnknownCollection(Exception):
    """There is no collection of that name."""


class TokenNeeded(Exception):
    """The collection is for those who read releases: nobody has said who asks."""


class NotYours(Exception):
    """Whoever asks reads the releases of no city."""


class UnknownFeature(Exception):
    """The collection has no feature of that identifier."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: how it is called, what is in it, and which columns are told.

    One `of_releases` is for those who read releases: it is asked as the analyst, of the cities they read them of.
    """

    id: str
    title: Any
    description: Any
    features: Callable[[Interval | None, Sequence[City]], QuerySet[Any]]
    geometry: str
    city: str
    columns: dict[str, str]
    """Name of a property: path of the column."""
    began: Any = None
    """What a query aggregates for the first day or moment at which a feature held; None where features have no time."""
    of_releases: bool = False

    def page(self, query: ItemsQuery, cities: Sequence[City] = ()) -> tuple[list[dict[str, Any]], int, bool]:
        """Return the features of a page, how many match in all pages, and whether another page follows."""
        with self._eyes():
            found = self.features(query.interval, cities)
            if query.city:
                found = found.filter(**{f"{self.city}__slug": query.city})
            if query.bbox:
                found = found.filter(**{f"{self.geometry}__intersects": _box(query.bbox)})
            matched = found.count()
            rows = list(self._told(found.filter(pk__gt=query.after)).order_by("pk")[: query.limit + 1])
        return [self._feature(row) for row in rows[: query.limit]], matched, len(rows) > query.limit

    def feature(self, identifier: int, cities: Sequence[City] = ()) -> dict[str, Any]:
        """Return one feature; of a collection with time, whenever it held. Raises UnknownFeature."""
        row = None
        if identifier <= LARGEST:
            with self._eyes():
                row = self._told(self.features(Interval(None, None), cities).filter(pk=identifier)).first()
        if row is None:
            raise UnknownFeature(_("There is no such feature in this collection."))
        return self._feature(row)

    def extent(self, cities: Sequence[City] = ()) -> dict[str, Any]:
        """Where the features lie, and when they hold, as far as there are any."""
        told: dict[str, Any] = {}
        with self._eyes():
            box = self.features(None, cities).aggregate(box=Extent(self.geometry))["box"]
            ever = self.features(Interval(None, None), cities)
            first = ever.aggregate(first=self.began)["first"] if self.began else None
        if box:
            told["spatial"] = {"bbox": [[round(each, DECIMALS) for each in box]]}
        if self.began:
            if first and not isinstance(first, datetime.datetime):
                first = start_of_local_day(first)
            told["temporal"] = {"interval": [[rfc3339(first) if first else None, None]]}
        return told

    def _eyes(self) -> AbstractContextManager[object]:
        return as_analyst() if self.of_releases else nullcontext()

    def _told(self, found: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
        outline = Func(F(self.geometry), function="ST_ForcePolygonCCW", output_field=GeometryField(srid=4326))
        geojson = AsGeoJSON(outline, precision=DECIMALS)
        told: QuerySet[Any, tuple[Any, ...]] = found.annotate(geojson=geojson).values_list(
            "pk", "geojson", *self.columns.values()
        )
        return told

    def _feature(self, row: tuple[Any, ...]) -> dict[str, Any]:
        identifier, geojson, *values = row
        return {
            "type": "Feature",
            "id": identifier,
            "geometry": orjson.Fragment(geojson),
            "properties": {name: _value(value) for name, value in zip(self.columns, values, strict=True)},
        }


def rfc3339(moment: datetime.datetime) -> str:
    """Write a moment in UTC."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _value(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return rfc3339(value)
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _box(box: BBox) -> Polygon:
    outline = Polygon.from_bbox(box)
    outline.srid = 4326
    return outline


def _districts(interval: Interval | None, _cities: Sequence[City]) -> QuerySet[DistrictBoundary]:
    """Polygons in force at some moment of the interval: now, where none is asked for."""
    served = DistrictBoundary.objects.filter(district__city__stage__in=City.SERVED_STAGES)
    if interval is None:
        return served.in_force_at(timezone.now())
    if interval.start is not None and interval.start == interval.end:
        return served.in_force_at(interval.start)
    then = BoundaryEdition.objects.filter(periods__period__overlap=(interval.start, _beyond(interval.end)))
    return served.filter(edition__in=then)  # an edition may have come into force more than once


def _beyond(end: datetime.datetime | None) -> datetime.datetime | None:
    """Ranges of the database end before their upper bound, those of the standard with it."""
    return end and end + datetime.timedelta(microseconds=1)


def _stations(interval: Interval | None, _cities: Sequence[City]) -> QuerySet[Station]:
    """Stations whose place is known. They have no time: an interval leaves all of them."""
    return Station.objects.filter(city__stage__in=City.SERVED_STAGES, location__isnull=False)


COLLECTIONS = {
    each.id: each
    for each in (
        Collection(
            id="districts",
            title=_("Police districts"),
            description=_(
                "Districts of the cities served, each with one district officer; those in force now, or, with"
                " “datetime”, those in force then."
            ),
            features=_districts,
            geometry="boundary",
            city="district__city",
            columns={
                "city": "district__city__slug",
                "code": "district__code",
                "name_uk": "district__name_uk",
                "name_en": "district__name_en",
                "edition": "edition__number",
                "source": "edition__source",
                "licence": "edition__licence",
                "residents": "population",
            },
            began=Min(Func(F("edition__periods__period"), function="lower", output_field=DateTimeField())),
        ),
        Collection(
            id="stations",
            title=_("Police stations"),
            description=_("Stations where citizens are received, as far as their place is known."),
            features=_stations,
            geometry="location",
            city="city",
            columns={
                "city": "city__slug",
                "key": "key",
                "name_uk": "name_uk",
                "name_en": "name_en",
                "address_uk": "address_uk",
                "address_en": "address_en",
                "phone": "phone",
                "hours_uk": "hours_uk",
                "hours_en": "hours_en",
                "is_duty": "is_duty",
            },
        ),
        *(
            Collection(
                id=name,
                title=title,
                description=_(
                    "Released counts by area and whole period, for those who read releases: show a token. Every counted"
                    " period of the newest areas, or, with “datetime”, the periods that touch it, each over its own"
                    " areas."
                ),
                features=partial(areas, sensitivity),
                geometry="shape",
                city="plan__city",
                columns=AREA_COLUMNS,
                began=Min("plan__releases__first"),
                of_releases=True,
            )
            for name, title, sensitivity in (
                ("areas", _("Release areas, ordinary topics"), Sensitivity.ORDINARY),
                ("sensitive-areas", _("Release areas, sensitive topics"), Sensitivity.PROTECTED),
            )
        ),
    )
}


def collections_for(cities: Sequence[City]) -> list[Collection]:
    """Return the collections that whoever reads the releases of these cities may see."""
    return [each for each in COLLECTIONS.values() if cities or not each.of_releases]


def collection(name: str) -> Collection:
    """Return a collection. Raises UnknownCollection."""
    try:
        return COLLECTIONS[name]
    except KeyError:
        raise UnknownCollection(_("There is no such collection: /ogc/collections lists them.")) from None
