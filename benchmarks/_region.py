"""A region of seeded letters: our live cells, hours and totals, and the bare points beside them for the peers.

200,000 homes over 44 km by 44: a quarter in one city, half in forty towns, the others anywhere; some homes write often,
most hardly ever. Every letter comes from a home. Ours and the points lie by day, as they came, and the indexes of both
are built afterwards: ten million letters would take hours the way the triggers write them. Only the first region has
hours of the week, for its closing: no map reads them.
"""

import contextlib
import datetime
import importlib
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks._districts import CELL, SOUTH, WEST, write_geojson

COLUMNS, ROWS = 30, 20
CENTRE = 24.3017, 49.1242
"""Of the city, in degrees: the middle of a tile of zoom 12."""
HOMES, TOWNS, SEED = 200_000, 40, 20261126
IN_THE_CITY, IN_TOWNS = 0.25, 0.55
CITY_SPREAD, TOWN_SPREAD = (0.03, 0.02), (0.008, 0.005)
"""Standard deviations in degrees: three of four homes of the city lie in that tile, 6 km wide."""
SUPERVISOR = "supervisor@example.org"

HOME = """
CREATE TABLE home AS
    SELECT row_number() OVER (ORDER BY house.id) - 1 AS n, district.code,
        ST_Transform(house.location, 3857) AS place, analysis_cell(house.location) AS cell
    FROM geo_house AS house
    JOIN geo_districtboundary AS boundary ON ST_Covers(boundary.boundary, house.location)
    JOIN geo_district AS district ON district.id = boundary.district_id;
CREATE UNIQUE INDEX ON home (n);
ANALYZE home
"""
TABLE = """
CREATE TABLE {points} (
    place geometry(Point, 3857) NOT NULL, category_id bigint NOT NULL, district_id bigint NOT NULL,
    home integer NOT NULL, day date NOT NULL, hour smallint NOT NULL
)
"""
LETTERS = """
WITH drawn AS MATERIALIZED (
    SELECT n, floor(power(random(), 2) * (SELECT count(*) FROM home))::integer AS home,
        1 + floor(power(random(), 2) * {categories})::integer AS topic, floor(random() * 168)::smallint AS hour
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
), category AS (
    SELECT id, row_number() OVER (ORDER BY position) AS topic FROM appeals_category WHERE NOT protected
)
INSERT INTO {points} (place, category_id, district_id, home, day, hour)
SELECT home.place, category.id, district.id, drawn.home,
    %(since)s::date + (drawn.n * %(days)s / %(letters)s)::integer, drawn.hour
FROM drawn JOIN home ON home.n = drawn.home JOIN category USING (topic)
JOIN geo_district AS district ON district.city_id = %(city)s AND district.code = home.code
ORDER BY drawn.n
"""
COUNTS = """
INSERT INTO analysis_cellcount (city_id, district_id, cell, category_id, day, kept, n)
SELECT %(city)s, district_id, cell, category_id, day, false, count(*)
FROM {points} AS point JOIN home ON home.n = point.home
GROUP BY 2, 3, 4, 5 ORDER BY 5, 4, 3, 2;

INSERT INTO analysis_totalcount (city_id, district_id, zoom, cell, category_id, kept, n)
SELECT city_id, district_id, level.zoom, cell >> 2 * (18 - level.zoom), category_id, false, sum(n)
FROM analysis_cellcount CROSS JOIN unnest(%(levels)s::smallint[]) AS level (zoom)
WHERE city_id = %(city)s
GROUP BY 1, 2, 3, 4, 5 ORDER BY 3, 4, 5, 2;

INSERT INTO analysis_monthcount (city_id, district_id, month, zoom, cell, category_id, kept, until, n)
SELECT * FROM ({months}) AS counted (city_id) WHERE city_id = %(city)s
"""
HOURS = """
INSERT INTO analysis_hourcount (city_id, district_id, category_id, month, hour, kept, n)
SELECT %(city)s, district_id, category_id, date_trunc('month', day)::date, hour, false, count(*)
FROM {points} GROUP BY 2, 3, 4, 5 ORDER BY 4, 5, 3, 2
"""
SUMS = """
INSERT INTO analysis_sumcount (city_id, kind, number, kept, n)
SELECT * FROM ({sums}) AS counted (city_id) WHERE city_id = %(city)s
"""
INDEXES = """
CREATE INDEX ON {points} USING gist (place);
CREATE INDEX ON {points} (category_id, day)
"""
STEPS = 60
"""Letters are drawn a sixtieth of the time at a time: the same each time, and little of it waits on disk."""
COUNTED = "analysis_cellcount", "analysis_totalcount", "analysis_monthcount", "analysis_hourcount", "analysis_sumcount"
SETTINGS = "-c work_mem=512MB -c maintenance_work_mem=1GB -c synchronous_commit=off"
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC
"""
INDEXES_OF = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'"


@dataclass(frozen=True, slots=True)
class Region:
    """The letters of one city: how many, and the days from the first to the last, both included."""

    slug: str
    letters: int
    since: datetime.date
    days: int

    @property
    def points(self) -> str:
        """The peers' table."""
        return f"point_{self.slug.replace('-', '_')}"

    @property
    def until(self) -> datetime.date:
        """The last day."""
        return self.since + datetime.timedelta(days=self.days - 1)


def fill(url: str, drawn: Region, *others: Region) -> None:
    """Put in the letters of regions that share their homes; the first has districts with borders and a gazetteer."""
    from geo.cities import add_city
    from geo.models import City, District
    from people.models import Membership, User

    supervisor = User.objects.create_user(SUPERVISOR)
    for region in (drawn, *others):
        city = add_city(slug=region.slug, name_uk=region.slug, stage="training")
        Membership.objects.create(user=supervisor, city=city, role=Membership.Role.SUPERVISOR)
        if region is drawn:
            _draw(url, region)
        else:
            codes = District.objects.filter(city__slug=drawn.slug).values_list("code", flat=True)
            District.objects.bulk_create(District(city=city, code=code, name_uk=code) for code in codes)
    with psycopg.connect(url, autocommit=True, options=SETTINGS) as connection:
        connection.execute("ANALYZE geo_district")
        with built_afterwards(connection, *COUNTED):
            for region in (drawn, *others):
                _write(connection, region, City.objects.get(slug=region.slug).pk, with_hours=region is drawn)
        connection.execute(f"VACUUM (FREEZE, ANALYZE) {', '.join(COUNTED)}")


@contextlib.contextmanager
def built_afterwards(connection: "psycopg.Connection[Any]", *tables: str) -> Iterator[None]:
    """Fill tables without indexes and foreign keys, all but the primary key; they come back as they were."""
    back = []
    for table in tables:
        for name, definition in connection.execute(CONSTRAINTS, [table]).fetchall():
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            back.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for name, definition in connection.execute(INDEXES_OF, [table]).fetchall():
            connection.execute(f"DROP INDEX {name}")
            back.append(definition)
    yield
    for statement in back:
        connection.execute(statement)


def _draw(url: str, region: Region) -> None:
    from django.utils import timezone

    from geo.boundaries.importing import ImportOptions, check_file, commit_boundaries
    from geo.models import City, Street
    from geo.moments import start_of_local_day

    city, now = City.objects.get(slug=region.slug), timezone.now()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "districts.geojson"
        write_geojson(path, COLUMNS, ROWS)
        checked = check_file(city, path, ImportOptions(), now=now)
    commit_boundaries(checked, by="bench", now=now, activate=True, valid_from=start_of_local_day(region.since))
    street = Street.objects.create(city=city, name_uk="вулиця Перша")
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.cursor().copy("COPY geo_house (street_id, number, key, location) FROM STDIN") as copy:
            for number, (lon, lat) in enumerate(homes()):
                copy.write_row((street.pk, str(number), str(number), f"SRID=4326;POINT({lon:.6f} {lat:.6f})"))
        connection.execute("ANALYZE geo_house, geo_districtboundary")
        for statement in HOME.split(";"):
            connection.execute(statement)


def homes() -> NDArray[np.float64]:
    """Return longitude and latitude of the homes, in degrees: the same each time."""
    chance = np.random.default_rng(SEED)
    corner, size = np.array((WEST, SOUTH)), np.array((COLUMNS * CELL, ROWS * CELL))
    weights = chance.lognormal(size=TOWNS)
    towns = corner + chance.random((TOWNS, 2)) * size
    town = towns[chance.choice(TOWNS, HOMES, p=weights / weights.sum())]
    step, kind = chance.normal(size=(HOMES, 2)), chance.random((HOMES, 1))
    anywhere = corner + chance.random((HOMES, 2)) * size
    in_town = np.where(kind < IN_THE_CITY + IN_TOWNS, town + step * TOWN_SPREAD, anywhere)
    return np.where(kind < IN_THE_CITY, CENTRE + step * CITY_SPREAD, in_town)


def _write(connection: "psycopg.Connection[Any]", region: Region, city: int, *, with_hours: bool) -> None:
    from analysis.models import LEVELS
    from appeals.models import Category

    values = {
        "levels": list(LEVELS),
        "city": city,
        "since": region.since,
        "days": region.days,
        "letters": region.letters,
    }
    names = {
        "points": region.points,
        "categories": Category.objects.filter(protected=False).count(),
        "months": importlib.import_module("analysis.migrations.0017_months").FROM_DAYS,
        "sums": importlib.import_module("analysis.migrations.0019_sums").FROM_COUNTS,
    }

    def done(*texts: str, **more: int) -> None:
        for statement in ";".join(texts).format(**names).split(";"):
            connection.execute(statement, {**values, **more})

    connection.execute(TABLE.format(**names))
    connection.execute("SELECT setseed(0.26)")
    edges = [region.letters * step // STEPS for step in range(STEPS + 1)]
    for first, following in itertools.pairwise(edges):
        done(LETTERS, first=first, last=following - 1)
    done(COUNTS, *([HOURS] if with_hours else []), SUMS, INDEXES)
    connection.execute(f"VACUUM (FREEZE, ANALYZE) {region.points}")
