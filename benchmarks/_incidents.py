"""Chicago's aggravated assaults as accepted letters of a city with Chicago's beats: real places and times, no text.

A kind of place stands in for a topic, so that both kinds of topics are there: what happened in homes is protected.
Local times are taken as those of Kyiv. The gazetteer are the incidents' own places, each once: about a tenth of the
addresses that Chicago has, and more of them where more happens.
"""

import csv
import datetime
import gzip
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import psycopg
import shapely

if TYPE_CHECKING:
    from appeals.models import Appeal, LetterKey
    from geo.models import City

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
INCIDENTS = SHARED / "incidents" / "chicago_assaults_2010_2018.csv.gz"
BEATS = SHARED / "boundaries" / "chicago_police_beats_2012.geojson"
SINCE = datetime.date(2010, 1, 1)
TOPICS = {
    "residence": "domestic-violence", "street": "suspicious", "open space": "drinking-drugs", "education": "noise",
    "retail": "street-trade", "leisure": "drinking-drugs", "transportation": "traffic", "vehicle": "traffic",
}  # fmt: skip
"""Kinds of place that are not named are other matters."""
TEXT = "Подія з відкритих даних Чикаго: це не лист, і він ні про кого не розповідає."
AT_ONCE = 5_000

ACCEPT = """
UPDATE appeals_appeal SET state = 'closed', accepted_at = received_at + interval '1 day',
    answered_on = (received_at + interval '1 day')::date
WHERE city_id = %s
"""


class Incident(NamedTuple):
    """When, what kind of place, where: degrees, and the number of its beat among the districts by code."""

    at: datetime.datetime
    kind: str
    lon: float
    lat: float
    beat: int


class Loaded(NamedTuple):
    """What the loading made, and how long it took in seconds."""

    city: "City"
    letters: int
    outside: int
    houses: int
    inserting_s: float
    accepting_s: float


def require_data() -> None:
    """Exit with the reason where the real data are absent."""
    for path in (INCIDENTS, BEATS):
        if not path.exists():
            sys.exit(f"{path.name} is absent: this bench reads ../shared/data, which is no part of the project.")


def load(url: str, *, slug: str) -> Loaded:
    """Make the city: beats in force since the first day, the gazetteer, and all letters, accepted in one statement."""
    from django.utils import timezone

    from appeals.access import as_task
    from appeals.models import Appeal, LetterKey
    from geo.boundaries.importing import ImportOptions, check_file, commit_boundaries
    from geo.cities import add_city
    from geo.models import DistrictBoundary
    from geo.moments import start_of_local_day

    now = timezone.now()
    city = add_city(slug=slug, name_uk="Чикаго", name_en="Chicago", stage="training")
    options = ImportOptions(code_field="BEAT_NUM", merge_same_code=True, source=BEATS.name)
    checked = check_file(city, BEATS, options, now=now)
    edition = commit_boundaries(checked, by="bench", now=now, activate=True, valid_from=start_of_local_day(SINCE))
    beats = list(DistrictBoundary.objects.filter(edition=edition).select_related("district").order_by("district__code"))
    incidents, outside = read(shapely.from_wkb([bytes(beat.boundary.wkb) for beat in beats]))
    houses = _give_houses(url, city, incidents)
    started = time.perf_counter()
    rows = _letters(city, incidents, [beat.district_id for beat in beats], edition_id=edition.pk)
    while some := list(itertools.islice(rows, AT_ONCE)):
        letters, keys = zip(*some, strict=True)
        with as_task("bench"):
            Appeal.objects.bulk_create(letters)
            for letter, key in some:
                key.appeal_id, key.wrapped = letter.pk, _wrapped(letter)
            LetterKey.objects.bulk_create(keys)
    inserted = time.perf_counter()
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('letters.task', 'bench', true)")
        connection.execute(ACCEPT, [city.pk])
    accepted = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return Loaded(city, len(incidents), outside, houses, inserted - started, accepted - inserted)


def read(beats: "Sequence[shapely.Geometry]") -> tuple[list[Incident], int]:
    """Return the incidents in any of the beats, by time, and how many lie in none."""
    from geo.moments import KYIV

    with gzip.open(INCIDENTS, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = shapely.points([(float(row["longitude"]), float(row["latitude"])) for row in rows])
    at, found = shapely.STRtree(beats).query(places, predicate="intersects")
    beat_of = dict(zip(at.tolist(), found.tolist(), strict=True))  # on an edge either will do
    incidents = [
        Incident(
            at=datetime.datetime.fromisoformat(row["date"]).replace(tzinfo=KYIV),
            kind=row["loc_cat"],
            lon=float(row["longitude"]),
            lat=float(row["latitude"]),
            beat=beat_of[number],
        )
        for number, row in enumerate(rows)
        if number in beat_of
    ]
    incidents.sort()
    return incidents, len(rows) - len(incidents)


def _give_houses(url: str, city: "City", incidents: Sequence[Incident]) -> int:
    """Let the city know each place as a house, in an order that says nothing; return how many."""
    from geo.models import Street

    street = Street.objects.create(city=city, name_uk="вулиця Перша")
    places = np.unique([(each.lon, each.lat) for each in incidents], axis=0)
    columns = "COPY geo_house (street_id, number, key, location) FROM STDIN"
    with psycopg.connect(url) as connection, connection.cursor() as cursor, cursor.copy(columns) as copy:
        for number, (lon, lat) in enumerate(places.tolist(), start=1):
            copy.write_row((street.pk, str(number), str(number), f"SRID=4326;POINT({lon} {lat})"))
    return len(places)


def _letters(
    city: "City", incidents: Sequence[Incident], districts: Sequence[int], *, edition_id: int
) -> "Iterator[tuple[Appeal, LetterKey]]":
    """Yield sealed letters that nobody has accepted yet; their keys are wrapped once the rows have a number."""
    from appeals.models import Appeal, Category, LetterKey, Place, Writer, key_ring
    from appeals.sealing import new_key

    categories = {each.slug: each for each in Category.objects.all()}
    numbers: Counter[int] = Counter()
    for serial, each in enumerate(incidents):
        category, day = categories[TOPICS.get(each.kind, "other")], each.at.date()
        numbers[day.year] += 1
        letter = Appeal(
            city=city, year=day.year, number=numbers[day.year], district_id=districts[each.beat],
            edition_id=edition_id, rule="polygon", why="nobody", lane="message", answer_by="receipt",
            category=category, protected=category.protected, received_at=each.at, clock_from=day, answer_due_on=day,
            state="received", receipt_hash=f"incident{serial}", content_hash=f"incident{serial}",
        )  # fmt: skip
        letter.letter_key = new_key()
        letter.seal("text", TEXT)
        letter.put_writer(Writer())
        letter.put_place(Place(each.lon, each.lat), building="")
        yield letter, LetterKey(wrapped_by=key_ring().current)


def _wrapped(letter: "Appeal") -> bytes:
    from appeals.models import key_ring

    return key_ring().wrap(letter.letter_key, row=str(letter.pk))
