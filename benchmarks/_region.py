"""A region of seeded letters: our live cells, hours and totals, and the bare points beside them for the peers.

200,000 homes over 44 km by 44: a quarter in one city, half in forty towns, the others anywhere; some homes write often,
most hardly ever. Every letter comes from a home. Our counts are inserted a sixtieth of the time at a time and in the
order of the unique key, as the triggers write them.
"""

import datetime
import itertools
import tempfile
from dataclasses import dataclass
from pathlib import Path

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
), added AS (
    INSERT INTO {points} (place, category_id, district_id, home, day, hour)
    SELECT home.place, category.id, district.id, drawn.home,
        %(since)s::date + (drawn.n * %(days)s / %(letters)s)::integer, drawn.hour
    FROM drawn JOIN home ON home.n = drawn.home JOIN category USING (topic)
    JOIN geo_district AS district ON district.city_id = %(city)s AND district.code = home.code
    ORDER BY drawn.n
    RETURNING *
), counted AS (
    INSERT INTO analysis_cellcount (city_id, district_id, cell, category_id, day, kept, n)
    SELECT %(city)s, added.district_id, home.cell, added.category_id, added.day, false, count(*)
    FROM added JOIN home ON home.n = added.home
    GROUP BY 2, 3, 4, 5 ORDER BY 3, 4, 5, 2
    ON CONFLICT ON CONSTRAINT cell_counted_once DO UPDATE SET n = analysis_cellcount.n + EXCLUDED.n
)
INSERT INTO analysis_totalcount (city_id, district_id, zoom, cell, category_id, kept, n)
SELECT %(city)s, added.district_id, level.zoom, home.cell >> 2 * (18 - level.zoom), added.category_id, false, count(*)
FROM added JOIN home ON home.n = added.home CROSS JOIN unnest(%(levels)s::smallint[]) AS level (zoom)
GROUP BY 2, 3, 4, 5 ORDER BY 3, 4, 5, 2
ON CONFLICT (city_id, zoom, cell, category_id, district_id, kept)
DO UPDATE SET n = analysis_totalcount.n + EXCLUDED.n
"""
HOURS = """
INSERT INTO analysis_hourcount (city_id, district_id, category_id, month, hour, kept, n)
SELECT %(city)s, district_id, category_id, date_trunc('month', day)::date, hour, false, count(*)
FROM {points} GROUP BY 2, 3, 4, 5 ORDER BY 4, 5, 3, 2
"""
INDEXES = """
CREATE INDEX ON {points} USING gist (place);
CREATE INDEX ON {points} (category_id, day)
"""
STEPS = 60


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
    from geo.models import District
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
        with psycopg.connect(url, autocommit=True) as connection:
            _write(connection, region, city.pk)


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


def _write(connection: "psycopg.Connection[object]", region: Region, city: int) -> None:
    from analysis.models import LEVELS
    from appeals.models import Category

    values = {
        "levels": list(LEVELS),
        "city": city,
        "since": region.since,
        "days": region.days,
        "letters": region.letters,
    }
    names = {"points": region.points, "categories": Category.objects.filter(protected=False).count()}
    connection.execute(TABLE.format(**names))
    connection.execute("SELECT setseed(0.26)")
    edges = [region.letters * step // STEPS for step in range(STEPS + 1)]
    for first, following in itertools.pairwise(edges):
        connection.execute(LETTERS.format(**names), {**values, "first": first, "last": following - 1})
    connection.execute(HOURS.format(**names), values)
    for statement in INDEXES.format(**names).split(";"):
        connection.execute(statement)
    counts = "analysis_cellcount, analysis_hourcount, analysis_totalcount"
    connection.execute(f"VACUUM (FREEZE, ANALYZE) {region.points}, {counts}")
