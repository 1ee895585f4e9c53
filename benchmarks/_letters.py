"""A city of 200 districts with a million letters; one officer has 2,000 of them open."""

import os
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg

from benchmarks._districts import CELL, SOUTH, WEST, write_geojson

CITY = "bench"
COLUMNS, ROWS = 20, 10
MILLION = 1_000_000
LETTERS = int(os.environ.get("BENCH_LETTERS", MILLION))
"""Fewer are filled sooner, for whoever works on sending: of the map they would say nothing."""
OFFICER = SimpleNamespace(email="officer@example.org", district="00001", open_letters=2_000)
MINE = (WEST + 0.1 * CELL, SOUTH + 0.1 * CELL, WEST + (COLUMNS - 0.1) * CELL, SOUTH + (ROWS - 0.1) * CELL)
"""West, south, east, north of the places that letters name, in degrees."""

# The sealed columns have the size of a letter of 400 characters; nobody unseals them here. Every district has 5,000
# letters, of which the officer's has 2,000 open and the others a tenth: the busiest one in the city.
SEED = """
INSERT INTO appeals_appeal (city_id, year, number, district_id, edition_id, rule, addressee, officer_id, why, lane,
    category_id, protected, stance, source, answer_by, text_sealed, writer_sealed, place_sealed, building_hash,
    location, received_at, clock_from, answer_due_on, rating, state, suspected_at,
    spam_confirmed, receipt_hash, content_hash)
SELECT d.city_id, 2025, n, d.id, %(edition)s, 'polygon', 'officer', d.officer_id, 'main', 'message',
    d.category_id, false, 'myself', 'web', 'receipt', d.dummy, substr(d.dummy, 1, 120), substr(d.dummy, 1, 90), '',
    ST_SetSRID(ST_MakePoint(d.west + random() * %(cell)s, d.south + random() * %(cell)s), 4326),
    now() - n * interval '30 seconds', current_date - 1, current_date + (n %% 30), '',
    CASE WHEN is_open THEN 'received' ELSE 'spam' END, CASE WHEN is_open THEN NULL ELSE now() END, false,
    md5('r' || n) || md5('s' || n), md5('c' || n) || md5('d' || n)
FROM generate_series(%(first)s::int, %(last)s::int) AS n
JOIN (
    SELECT d.id, d.city_id, d.code, p.officer_id, row_number() OVER (ORDER BY d.code) - 1 AS place,
        %(west)s + (row_number() OVER (ORDER BY d.code) - 1) %% %(columns)s * %(cell)s AS west,
        %(south)s + (row_number() OVER (ORDER BY d.code) - 1) / %(columns)s * %(cell)s AS south,
        (SELECT id FROM appeals_category WHERE slug = 'other') AS category_id,
        decode(repeat(md5('dummy'), 50), 'hex') AS dummy
    FROM geo_district AS d JOIN people_posting AS p ON p.district_id = d.id
) AS d ON d.place = n %% 200
CROSS JOIN LATERAL (SELECT n / 200 < CASE WHEN d.code = %(code)s THEN %(open)s ELSE 500 END AS is_open) AS state
"""
KEYS = """
INSERT INTO appeals_letterkey (appeal_id, wrapped, wrapped_by)
SELECT id, decode(repeat(md5('key'), 4), 'hex'), 'first' FROM appeals_appeal
"""

TABLES = """
DROP TABLE IF EXISTS bare_letter, raw_letter;
CREATE TABLE bare_letter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, received_at timestamptz NOT NULL,
    city text NOT NULL, district text NOT NULL, lat text NOT NULL, lon text NOT NULL, lane text NOT NULL,
    category text NOT NULL, text text NOT NULL, address text NOT NULL, stance text NOT NULL, answer_by text NOT NULL,
    name text NOT NULL, residence text NOT NULL, email text NOT NULL, phone text NOT NULL, keep_from text NOT NULL,
    kept_supervisor bigint
);
CREATE TABLE raw_letter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, received_at timestamptz NOT NULL, letter bytea NOT NULL
);
"""
"""The peers of sending a letter: what a writer sends in columns of its own, and a row that is only as large."""


def fill(url: str) -> None:
    """Import the districts, post an officer to each, and put the letters in."""
    from django.core.management import call_command
    from django.utils import timezone

    from geo.boundaries.importing import ImportOptions, check_file, commit_boundaries
    from geo.cities import add_city
    from people.models import Membership, Officer, Posting, User

    now = timezone.now()
    city = add_city(slug=CITY, name_uk="Bench", stage="training")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "districts.geojson"
        write_geojson(path, COLUMNS, ROWS)
        commit_boundaries(check_file(city, path, ImportOptions(), now=now), by="bench", now=now, activate=True)
    user = User.objects.create_user(OFFICER.email)
    Membership.objects.create(user=user, city=city, role="officer")
    districts = list(city.districts.order_by("code"))
    officers = Officer.objects.bulk_create(
        Officer(
            city=city, key=f"o{d.code}", name_uk=f"Офіцер {d.code}", checked_on=now.date(), phone="+380440000100",
            user=user if d.code == OFFICER.district else None,
        )
        for d in districts
    )  # fmt: skip
    during = (now.date(), None)
    Posting.objects.bulk_create(
        Posting(officer=o, district=d, during=during) for o, d in zip(officers, districts, strict=True)
    )
    where = {"west": WEST, "south": SOUTH, "cell": CELL, "columns": COLUMNS, "edition": city.editions.get().pk,
             "code": OFFICER.district, "open": OFFICER.open_letters}  # fmt: skip
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('letters.task', 'bench', false)")
        for first in range(0, LETTERS, 100_000):
            connection.execute(SEED, {**where, "first": first, "last": min(first + 100_000, LETTERS) - 1})
        connection.execute(KEYS)
        connection.execute("VACUUM ANALYZE")
    call_command("collectstatic", interactive=False, verbosity=0)


def as_officer(connection: "psycopg.Connection[Any]") -> None:
    """Ask under the officer's eyes until the transaction ends, as `appeals.access.as_staff` does."""
    connection.execute(
        "SELECT set_config('letters.user', id::text, true), set_config('letters.day', '', true),"
        " set_config('letters.receipt', '', true), set_config('letters.task', '', true)"
        " FROM people_user WHERE email = %s",
        [OFFICER.email],
    )


def map_query() -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of an officer's map of letters that wait, as the API asks it, and its parameters."""
    from django.utils import timezone

    from appeals.filters import LetterFilters
    from appeals.models import Appeal
    from geo.models import City
    from geo.moments import local_day
    from people.models import User

    visible = Appeal.objects.visible_to(User.objects.get(email=OFFICER.email)).filter(city=City.objects.get(slug=CITY))
    filtered = LetterFilters(state="waiting").applied(visible, today=local_day(timezone.now()))
    query, parameters = filtered.with_names().with_key().most_urgent_first().query.sql_with_params()
    return query, parameters
