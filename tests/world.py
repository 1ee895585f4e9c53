"""The smallest city that can show it: three squares in a row, three named points, and who serves them.

  +-------+-------+-------+  50.00 N
  | north |  mid  | south |        north: main officer          mid: main on leave, acting officer
  +-------+-------+-------+  49.99 N   south: vacant
25.00   25.01   25.02   25.03 E
"""

import datetime
from dataclasses import dataclass, field

import pgtrigger
import shapely
from django.contrib.gis.geos import Point

from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import BoundaryEdition, City, District, DistrictBoundary
from people.models import Leave, Officer, Posting, Station

LONG_AGO = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 6, 1)
NOON = datetime.datetime(2026, 6, 1, 9, 0, tzinfo=datetime.UTC)
"""Noon in Kyiv, summer time, on TODAY."""
OPEN_ENDED = (datetime.date(2025, 1, 1), None)


def square(west: float, south: float, side: float = 0.01) -> shapely.Polygon:
    """Return a square of `side` degrees, EPSG:4326."""
    return shapely.box(west, south, west + side, south + side)


@dataclass(frozen=True)
class World:
    """A pilot city with three districts, named points in each, and its officers."""

    city: City
    edition: BoundaryEdition
    north: District
    mid: District
    south: District
    officer: Officer
    officer_on_leave: Officer
    acting: Officer
    station: Station
    in_north: Point = field(default_factory=lambda: Point(25.005, 49.995, srid=4326))
    in_mid: Point = field(default_factory=lambda: Point(25.015, 49.995, srid=4326))
    in_south: Point = field(default_factory=lambda: Point(25.025, 49.995, srid=4326))
    on_shared_edge: Point = field(default_factory=lambda: Point(25.01, 49.995, srid=4326))
    outside: Point = field(default_factory=lambda: Point(25.04, 49.995, srid=4326))


def build_world(slug: str = "kvadraty", stage: str = "pilot", west: float = 25.0) -> World:
    """Create the city in the database and return its parts; a second one stands `west` elsewhere."""
    city = City.objects.create(slug=slug, name_uk="Квадрати", name_en="Squares", stage=stage)
    names = (("1", "Північна", "North"), ("2", "Середня", "Middle"), ("3", "Південна", "South"))
    edition = record_edition(
        city=city,
        districts=[
            DrawnDistrict(code, name_uk, square(round(west + 0.01 * i, 2), 49.99), name_en)
            for i, (code, name_uk, name_en) in enumerate(names)
        ],
        source="tests/world.py",
        recorded_at=LONG_AGO,
        recorded_by="tests",
    )
    districts = list(city.districts.order_by("code"))
    activate_edition(edition, starts_at=LONG_AGO, by="tests", now=LONG_AGO)
    station = Station.objects.create(
        city=city, key="main", name_uk="Станція", name_en="Station", address_uk="вул. Перша, 1",
        address_en="1 First St", location=Point(west + 0.005, 49.995, srid=4326), phone="+380443000101",
        hours_uk="цілодобово", hours_en="day and night", is_duty=True, checked_on=TODAY - datetime.timedelta(days=10),
    )  # fmt: skip

    def officer(key: str, number: int) -> Officer:
        return Officer.objects.create(
            city=city, key=key, rank_uk="капітан поліції", rank_en="police captain",
            name_uk=f"Тестовий Офіцер {number}", name_en=f"Test Officer {number}", phone=f"+38044300020{number}",
            email=f"{key}@example.org", station=station, reception_uk="вт 17:00–19:00", reception_en="Tue 17:00–19:00",
            languages=["uk"], checked_on=TODAY - datetime.timedelta(days=10),
        )  # fmt: skip

    officer_north, officer_mid, acting = officer("north", 1), officer("mid", 2), officer("acting", 3)
    Posting.objects.create(officer=officer_north, district=districts[0], role="main", during=OPEN_ENDED)
    Posting.objects.create(officer=officer_mid, district=districts[1], role="main", during=OPEN_ENDED)
    Posting.objects.create(officer=acting, district=districts[1], role="acting", during=OPEN_ENDED)
    Leave.objects.create(officer=officer_mid, during=OPEN_ENDED)
    return World(
        city=city, edition=edition, north=districts[0], mid=districts[1], south=districts[2],
        officer=officer_north, officer_on_leave=officer_mid, acting=acting, station=station,
        **{
            name: Point(west + dx, 49.995, srid=4326)
            for name, dx in (
                ("in_north", 0.005), ("in_mid", 0.015), ("in_south", 0.025), ("on_shared_edge", 0.01), ("outside", 0.04)
            )
        },
    )  # fmt: skip


def settle(district: District, residents: int) -> None:
    """Let a district have so many residents, as if its edition had been recorded with them."""
    with pgtrigger.ignore("geo.DistrictBoundary:boundary_stays"):
        DistrictBoundary.objects.filter(district=district).update(population=residents)
