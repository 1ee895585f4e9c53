"""Fifty cities with a thousand officers and their letters; in the largest somebody signs in in every role.

The largest has 100 districts, the others 18 or 19; every district has its officer, and a thousandth of the letters:
fifty to one answered, over five years. Letters and answers are sealed as the site seals them, under one key.
"""

import datetime
import hashlib
import itertools
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import psycopg
import shapely

MILLION = 1_000_000
LETTERS = int(os.environ.get("BENCH_LETTERS", MILLION))
CITIES, OFFICERS, LARGEST = 50, 1_000, 100
YEARS, ANSWERED_OF = 5, 50
CELL, COLUMNS, WEST, SOUTH = 0.01, 10, 22.0, 49.0
STREETS, HOUSES, PLACES, LOG = 400, 40, 30, 1_000
"""Of the largest city: streets, houses of each, places of prevention, rows of each log."""
TEXT = "Біля під’їзду щовечора збирається гучна компанія, сусіди не можуть спати. Прошу поговорити з ними. " * 2
ANSWER = "Доброго дня. Провів розмову з мешканцями, патруль заходитиме ввечері. Якщо повториться, напишіть ще раз."
SYLLABLES = ["ба", "ве", "ги", "до", "жу", "за", "кі", "лю", "ма", "не"]

COLUMNS_OF = {
    "appeals_appeal": (
        "id city_id year number district_id edition_id rule addressee officer_id why lane category_id protected stance"
        " source answer_by text_sealed writer_sealed place_sealed building_hash location received_at clock_from"
        " answer_due_on answered_on first_word_on first_due_on rating state accepted_at spam_confirmed"
        " receipt_hash content_hash"
    ),
    "appeals_letterkey": "appeal_id wrapped wrapped_by",
    "appeals_message": "appeal_id key side author_id body_sealed corrects sent_at",
}
AFTER = """
INSERT INTO appeals_event (appeal_id, kind, at, state_before, state_after, facts)
    SELECT a.id, 'sent', a.received_at, '', 'received', jsonb_build_object(
        'why', a.why, 'rule', a.rule, 'district', d.code, 'officer', o.key, 'edition', e.number)
    FROM appeals_appeal AS a JOIN geo_district AS d ON d.id = a.district_id
    JOIN people_officer AS o ON o.id = a.officer_id
    JOIN geo_boundaryedition AS e ON e.id = a.edition_id WHERE a.id >= 100;
INSERT INTO appeals_opening (appeal_id, user_id, opened_at)
    SELECT a.id, o.user_id, a.received_at + interval '1 hour'
    FROM appeals_appeal AS a JOIN people_officer AS o ON o.id = a.officer_id;
INSERT INTO appeals_notice (event, appeal_id, city_id, side, kind, state, trouble, tries, announced_at, settled_at)
    SELECT 'bench ' || id, id, city_id, 'writer', 'received',
        CASE WHEN id % 5000 = 0 THEN 'failed' ELSE 'sent' END, '', 1, received_at, received_at
    FROM appeals_appeal;
SELECT setval(pg_get_serial_sequence('appeals_appeal', 'id'), (SELECT max(id) FROM appeals_appeal))
"""


def cities_of() -> list[tuple[str, int]]:
    """Return slug and number of districts of every city, the largest first."""
    least, more = divmod(OFFICERS - LARGEST, CITIES - 1)
    return [("bench", LARGEST), *((f"bench-{n}", least + (n <= more)) for n in range(1, CITIES))]


def fill(url: str, *, now: datetime.datetime) -> None:
    """Make the cities with their officers, then the letters, then what else the largest city has."""
    from geo.models import City

    for place, (slug, districts) in enumerate(cities_of()):
        _city(slug, districts, west=WEST + 0.3 * place, now=now)
    largest = City.objects.get(slug="bench")
    _one_with_a_photo(largest, now)
    _letters(url, now)
    _around(largest, now)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _city(slug: str, districts: int, *, west: float, now: datetime.datetime) -> None:
    from django.contrib.auth.hashers import make_password

    from geo.boundaries.activation import activate_edition
    from geo.boundaries.recording import DrawnDistrict, record_edition
    from geo.cities import add_city
    from people.models import Membership, Officer, Posting, Station, User

    city, long_ago = add_city(slug=slug, name_uk=slug, stage="training"), now - datetime.timedelta(days=366 * YEARS)
    drawn = [
        DrawnDistrict(str(n + 1), f"Дільниця {n + 1}", shapely.box(x, y, round(x + CELL, 7), round(y + CELL, 7)))
        for n in range(districts)
        for x, y in [_corner(west, n)]
    ]
    edition = record_edition(city=city, districts=drawn, source="bench", recorded_at=long_ago, recorded_by="bench")
    activate_edition(edition, starts_at=long_ago, by="bench", now=long_ago)
    station = Station.objects.create(city=city, key="main", name_uk="Станція", is_duty=True, phone="+380440000102")
    rows = list(city.districts.order_by("pk"))
    users = User.objects.bulk_create(
        User(email=f"officer{n}@{slug}.example.org", password=make_password(None)) for n in range(districts)
    )
    Membership.objects.bulk_create(Membership(user=user, city=city, role="officer") for user in users)
    officers = Officer.objects.bulk_create(
        Officer(city=city, key=f"o{n}", name_uk=f"Офіцер {n}", phone="+380440000100", station=station, user=user,
                checked_on=now.date())
        for n, user in enumerate(users)
    )  # fmt: skip
    during = (long_ago.date(), None)
    Posting.objects.bulk_create(
        Posting(officer=one, district=district, during=during) for one, district in zip(officers, rows, strict=True)
    )


def _corner(west: float, n: int) -> tuple[float, float]:
    return round(west + n % COLUMNS * CELL, 7), round(SOUTH + n // COLUMNS * CELL, 7)


def _one_with_a_photo(city: Any, now: datetime.datetime) -> None:
    from PIL import Image

    from appeals.drafts import Draft
    from appeals.services import submit_appeal

    picture = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(picture, "JPEG")
    draft = Draft(district="1", place=(WEST + CELL / 2, SOUTH + CELL / 2), category="noise", text=TEXT)
    submit_appeal(city=city, idempotency_key=str(uuid.uuid4()), received_at=now, draft=draft, source="web",
                  photos=[picture.getvalue()])  # fmt: skip


def _letters(url: str, now: datetime.datetime) -> None:
    """Copy letters and their keys in, then write what goes with each.

    Policies let nobody copy: they rest meanwhile. So does the counting of accepted letters one by one, which would
    take as long as all the rest: the counts are made afterwards, in one go.
    """
    from analysis.counting import rebuild

    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('letters.task', 'bench', false)")
        for table in COLUMNS_OF:
            connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE appeals_appeal DISABLE TRIGGER analysis_keep_on_insert")
        numbers = iter(range(100, LETTERS + 100))
        while chunk := list(itertools.islice(numbers, 50_000)):
            letters = list(_letter_rows(connection, chunk, now))
            for table, place in (("appeals_appeal", 0), ("appeals_letterkey", 1), ("appeals_message", 2)):
                _copy(connection, table, (row[place] for row in letters if row[place]))
            print(f"  {chunk[-1] - 99:,}", flush=True)
        for statement in AFTER.split(";\n"):
            connection.execute(statement)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while a check waits
        for table in COLUMNS_OF:
            connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE appeals_appeal ENABLE TRIGGER analysis_keep_on_insert")
    rebuild()


def _copy(connection: "psycopg.Connection[Any]", table: str, rows: Iterable[Any]) -> None:
    columns = COLUMNS_OF[table].replace(" ", ", ")
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _letter_rows(
    connection: "psycopg.Connection[Any]", chunk: list[int], now: datetime.datetime
) -> Iterator[tuple[Any, Any, Any]]:
    """Yield each letter with its key and its answer; the n-th letter is of the n-th district, counted round."""
    from appeals.models import key_ring
    from appeals.sealing import seal

    districts = connection.execute(DISTRICTS).fetchall()
    categories = connection.execute("SELECT id, protected FROM appeals_category ORDER BY id").fetchall()
    ring, key, each = key_ring(), hashlib.sha256(b"bench").digest(), LETTERS / len(districts)
    for n in chunk:
        place, district = n // len(districts), districts[n % len(districts)]
        pk, city, edition, officer, user, corner, is_largest = district
        received = (
            now - datetime.timedelta(days=365 * YEARS) * (place / (each + 1)) - datetime.timedelta(minutes=n % 600)
        )
        day, waits = received.date(), place % ANSWERED_OF == 0
        category, protected = categories[n % len(categories)]
        west, south = (
            WEST + 0.3 * _place_of(city, districts) + corner % COLUMNS * CELL,
            SOUTH + corner // COLUMNS * CELL,
        )
        lon, lat = west + CELL * ((place * 37 % 97) / 97), south + CELL * ((place * 61 % 89) / 89)
        due = (now.date() if waits else day) + datetime.timedelta(days=place % 7 - 2)
        receipt = hashlib.sha256(f"r{n}".encode()).hexdigest()
        sealed = {
            column: seal(key, plain.encode(), table="appeals_appeal", row=receipt, column=column)
            for column, plain in (
                ("text", TEXT), ("writer", json.dumps({"name": "Олена", "phone": "+380440000103"})),
                ("place", json.dumps({"lon": lon, "lat": lat, "address": "вулиця Перша, 1"})),
            )
        }  # fmt: skip
        building = hashlib.sha256(f"{pk} {place % 100}".encode()).hexdigest()
        letter = (
            n, city, received.year, n, pk, edition, "polygon", "officer", officer, "main", "message", category,
            protected, "myself", "web", "receipt", sealed["text"], sealed["writer"], sealed["place"], building,
            None if protected else f"SRID=4326;POINT({lon:.6f} {lat:.6f})", received, day,
            due, *((None, None, None) if waits else (day, day, due)), "",
            "received" if waits else "answered", None if waits else received, False, receipt,
            hashlib.sha256(f"c{n}".encode()).hexdigest(),
        )  # fmt: skip
        answer = None
        if is_largest and not waits:
            one = uuid.UUID(int=n)
            body = seal(key, ANSWER.encode(), table="appeals_message", row=f"{n} officer {one}", column="body")
            answer = (n, one, "officer", user, body, False, received + datetime.timedelta(hours=5))
        yield letter, (n, ring.wrap(key, row=str(n)), ring.current), answer


DISTRICTS = """
SELECT d.id, d.city_id, e.id, o.id, o.user_id, d.code::int - 1, c.slug = 'bench'
FROM geo_district AS d JOIN geo_city AS c ON c.id = d.city_id JOIN geo_boundaryedition AS e ON e.city_id = c.id
JOIN people_posting AS p ON p.district_id = d.id JOIN people_officer AS o ON o.id = p.officer_id
ORDER BY c.id, d.code::int
"""


def _place_of(city: int, districts: list[Any]) -> int:
    """How many cities lie west of a city: they were made from west to east."""
    return city - int(districts[0][1])


def _put_days_down(city: Any, now: datetime.datetime) -> None:
    """Give the city days off and moved days of its own, from today on."""
    from appeals.models import Holiday, MovedDay

    days = [now.date() + datetime.timedelta(days=n) for n in range(2 * PLACES)]
    of_city = {"city": city, "source": "рішення"}
    Holiday.objects.bulk_create(Holiday(day=day, name_uk="День міста", **of_city) for day in days[::2])
    MovedDay.objects.bulk_create(MovedDay(day=day, kind="day_off", **of_city) for day in days[1::2])


def _around(city: Any, now: datetime.datetime) -> None:
    """Give the largest city a supervisor and a coordinator, a gazetteer, a list of streets, measures and logs."""
    from analysis.models import Export, Measure, MeasureVersion, PreventionPlace, Report, Token
    from appeals.access import as_task
    from appeals.models import Appeal, CardReport, Event
    from geo.addresses.houses import HouseNumber
    from geo.models import House, Street
    from geo.models.addresses import street_key
    from geo.territories.reading import read_text
    from geo.territories.recording import compile_reading, record_territories
    from people.models import HelpLine, Leave, Membership, Officer, PageVersion, StaffDeed, User
    from people.proposing import change, propose
    from people.subjects import fingerprint

    for role in ("supervisor", "moderator", "coordinator"):
        Membership.objects.create(user=User.objects.create_user(f"{role}@example.org"), city=city, role=role)
    User.objects.create_superuser("superuser@example.org", uuid.uuid4().hex)
    supervisor = User.objects.get(email="supervisor@example.org")
    names = [f"вулиця {''.join(each).capitalize()}ська" for each in itertools.product(SYLLABLES, repeat=3)][:STREETS]
    streets = Street.objects.bulk_create(Street(city=city, name_uk=name, key=street_key(name)) for name in names)
    numbers = [HouseNumber.parse(str(number + 1)) for number in range(HOUSES)]
    House.objects.bulk_create(
        House(
            street=street, number=str(n + 1), key=number.key, location=f"SRID=4326;POINT({x + CELL / 2} {y + CELL / 2})"
        )
        for place, street in enumerate(streets)
        for x, y in [_corner(WEST, place % LARGEST)]
        for n, number in enumerate(numbers)
        if number
    )
    text = "\n".join(f"Дільниця № {n % LARGEST + 1}\n{name}: 1-{HOUSES}" for n, name in enumerate(names))
    record_territories(
        city=city, compiled=compile_reading(city, read_text(text)), source="bench", sha256="", recorded_at=now,
        recorded_by="bench",
    )  # fmt: skip
    districts = list(city.districts.order_by("pk"))
    for number in range(1, PLACES + 1):
        place = PreventionPlace.objects.create(
            city=city, district=districts[0 if number % 2 else number], number=number, zoom=17, cells=[number],
            first=now.date() - datetime.timedelta(days=400), last=now.date() - datetime.timedelta(days=40),
            recorded_by=supervisor, recorded_at=now,
        )  # fmt: skip
        measure = Measure.objects.create(place=place, key=uuid.uuid4())
        MeasureVersion.objects.create(
            measure=measure, number=1, kind="patrol", state="done", on=now.date() - datetime.timedelta(days=30),
            by=supervisor, at=now,
        )  # fmt: skip
    Report.objects.create(
        city=city, first=datetime.date(now.year - 1, 7, 1), last=datetime.date(now.year - 1, 12, 31),
        begun_by=supervisor, begun_at=now,
    )  # fmt: skip
    away = (now.date() - datetime.timedelta(days=3), now.date() + datetime.timedelta(days=11))
    officers = Officer.objects.filter(city=city).order_by("pk")[1:LARGEST:10]
    Leave.objects.bulk_create(Leave(officer=officer, during=away) for officer in officers)
    reports = [
        CardReport(city=city, district_code=districts[n % LARGEST].code, reported_at=now, code_hash=uuid.uuid4().hex)
        for n in range(LOG)
    ]
    for report in reports:
        report.put_words(text=TEXT, email="")
    with as_task("bench"):
        CardReport.objects.bulk_create(reports)
        may = Appeal.objects.filter(city=city, protected=False, recused_officer=None, recused_supervisor=None)
        some = list(may.order_by("-pk").values_list("pk", flat=True)[:LOG])
        Appeal.objects.filter(pk__in=some).update(may_publish_since=now)
        left = may.filter(state="answered").exclude(pk__in=some).order_by("pk").values_list("pk", flat=True)
        spam = list(left[:LOG])
        Appeal.objects.filter(pk__in=spam).update(state="spam", suspected_at=now)
        Event.objects.bulk_create(
            Event(appeal_id=pk, kind="mark_spam", at=now, by=supervisor, state_before="answered", state_after="spam")
            for pk in spam
        )
    token = Token.objects.create(
        city=city, owner=supervisor, name="QGIS", kinds=["releases"], key_hash="bench", sign_outs=0, made_at=now,
        expires_at=now + datetime.timedelta(days=90),
    )  # fmt: skip
    Export.objects.bulk_create(
        Export(city=city, by=supervisor, token=token, at=now, what="areas", format="csv", rows=n) for n in range(LOG)
    )
    StaffDeed.objects.bulk_create(
        StaffDeed(city=city, deed="roles", by=supervisor, whom=supervisor, whom_email=supervisor.email, at=now)
        for _ in range(LOG)
    )
    PageVersion.objects.bulk_create(
        PageVersion(city=city, kind="about", number=n + 1, text_uk=f"{TEXT}{n}", by=supervisor, at=now)
        for n in range(LOG)
    )
    coordinator, moderator = (User.objects.get(email=f"{role}@example.org") for role in ("coordinator", "moderator"))
    for number, card in enumerate(Officer.objects.filter(city=city).order_by("pk")):
        change(
            by=coordinator, city=city, row=card, changes={"rank_en": f"rank {number}"}, shown=fingerprint(card), at=now
        )
        card.refresh_from_db()
        propose(
            by=moderator, city=city, row=card, changes={"rank_uk": f"звання {number}"}, why="bench",
            shown=fingerprint(card), at=now,
        )  # fmt: skip
    _put_days_down(city, now)
    HelpLine.objects.bulk_create(
        HelpLine(city=city, phone=f"0 800 {n}", name_uk="Лінія", purpose="government", checked_on=now.date())
        for n in range(PLACES)
    )
