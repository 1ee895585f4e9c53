"""The demonstration: two pilots and a training city, loaded through the importers that everybody uses.

Nothing here is real: districts are drawn by us, officers are called so (data/boundaries/README.md).
"""

import contextlib
import datetime
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from appeals.models import Body
from geo.addresses.importing import import_addresses
from geo.boundaries.importing import ImportOptions, check_file, commit_boundaries
from geo.cities import add_city
from geo.gazetteer import read_features, record_landmarks, record_other_names, record_streets
from geo.models import City, Landmark
from geo.moments import local_day
from geo.prepared_queries import PreparedQuery
from geo.territories.files import read_territories
from geo.territories.recording import compile_reading, record_territories
from mapui.demo_questions import QUESTIONS, publish_demo_questions
from people.importing import commit_import, read_officers_file, read_stations_file
from people.models import KEEPERS, Membership, Officer, Posting, User
from people.second_factor import UnreadableSecret, code_at, give_authenticator_app

DATA = Path(settings.BASE_DIR) / "data" / "boundaries"
IN_FORCE_FROM = datetime.datetime(2024, 12, 31, 22, 0, tzinfo=datetime.UTC)
"""Midnight of 1 January 2025 in Kyiv: the first day of every demonstration posting."""
DRAWN = "Демонстрація, накреслена проєктом"


@dataclass(frozen=True, slots=True)
class DemoCity:
    """A city of the demonstration and the folder it is read from."""

    slug: str
    folder: str
    name_uk: str
    name_en: str
    katottg: str
    stage: City.Stage


CITIES = (
    DemoCity("ternopil", "ternopil", "Тернопіль", "Ternopil", "UA61040490010069060", City.Stage.PILOT),
    DemoCity(
        "kyiv-holosiivskyi",
        "kyiv-holosiivskyi",
        "Київ, Голосіївський район",
        "Kyiv, Holosiivskyi raion",
        "UA80000000000126643",
        City.Stage.PILOT,
    ),
    DemoCity(
        "ternopil-training",
        "ternopil",
        "Тернопіль — навчання",
        "Ternopil — training",
        "UA61040490010069060",
        City.Stage.TRAINING,
    ),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A demonstration sign-in: only in a database that `load_demo` filled."""

    role: str
    email: str
    password: str
    code: str
    """What an authenticator app would show at the moment that was asked about."""

    def __str__(self) -> str:
        return f"{self.email:<26}{self.password}   {self.code}   {self.role}"


def is_demonstration() -> bool:
    """Whether `load_demo` filled this database: what is printed from it says so."""
    return bool(OF_DEMONSTRATION.rows())


def sign_ins(now: datetime.datetime) -> list[SignIn]:
    """Return the demonstration sign-ins. Their passwords and secrets were made at random when they were loaded."""
    password = _password_file().read_text().strip() if _password_file().exists() else ""
    users = User.objects.filter(email__endswith=f"@{MAIL_HOST}").order_by("pk")
    return [SignIn(role=_role(user, now), email=user.email, password=password, code=_code(user, now)) for user in users]


def _role(user: User, now: datetime.datetime) -> str:
    """Return who somebody is; of an officer also where letters reach them: nobody could guess it."""
    postings = Posting.objects.on(local_day(now)).filter(officer__user=user).select_related("district__city")
    serves = sorted((posting.district.city.name_uk, posting.district.code) for posting in postings)
    places = [f"{city}: {', '.join(f'№ {code}' for _, code in its)}" for city, its in groupby(serves, itemgetter(0))]
    return " · ".join([user.last_name, *places])


def _code(user: User, now: datetime.datetime) -> str:
    """Return the code of a demonstration's app; who has none that this machine can read is given one."""
    with contextlib.suppress(UnreadableSecret):
        if code := code_at(user, now):
            return code
    give_authenticator_app(user)
    return code_at(user, now)


MAIL_HOST = "demo.invalid"
OF_DEMONSTRATION: Final = PreparedQuery(
    lambda: User.objects.filter(email__endswith=f"@{MAIL_HOST}").order_by().values_list("pk", flat=True)[:1]
)
"""A sign-in of the demonstration, if there is one."""


def _password_file() -> Path:
    return Path(settings.BASE_DIR) / ".local" / "demo-password"


def _demo_password() -> str:
    """Return the password of this machine's demonstration, made at random the first time."""
    file = _password_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text("-".join(secrets.token_hex(2) for _ in range(4)) + "\n")
    return file.read_text().strip()


def load_demo(*, now: datetime.datetime, say: Callable[[str], None] = lambda _line: None) -> None:
    """Load every demonstration city that is not there yet, and what the pilots have published; raise what the importers
    raise. Two at once take turns.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('load_demo'))")
    try:
        _load_cities(now=now, say=say)
        for city in City.objects.filter(slug__in=QUESTIONS):
            if published := publish_demo_questions(city, now=now):
                say(f"{city.slug}: {published} published questions")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('load_demo'))")


@transaction.atomic
def _load_cities(*, now: datetime.datetime, say: Callable[[str], None]) -> None:
    for demo in CITIES:
        if City.objects.filter(slug=demo.slug).exists():
            say(f"{demo.slug}: already there, left as it is")
            continue
        city = load_city(demo, now=now)
        say(f"{demo.slug}: {city.districts.count()} districts, {city.officers.count()} officers")
    _load_users()
    _load_bodies(now)


def load_city(demo: DemoCity, *, now: datetime.datetime) -> City:
    """Load one city: outline, boundaries in force, streets with all their names, houses, stations, officers."""
    folder = DATA / demo.folder
    city = add_city(
        slug=demo.slug,
        name_uk=demo.name_uk,
        name_en=demo.name_en,
        katottg=demo.katottg,
        stage=demo.stage,
        outline=folder / "outline.geojson",
    )
    checked = check_file(
        city,
        folder / "districts.geojson",
        ImportOptions(name_field="name_uk", source=DRAWN, licence="CC0-1.0"),
        now=now,
    )
    commit_boundaries(checked, by="load_demo", now=now, activate=True, valid_from=IN_FORCE_FROM)
    record_streets(city, read_features(folder / "streets.geojson"))
    for kind, name in (
        (Landmark.Kind.WATER, "water"),
        (Landmark.Kind.GREEN, "green"),
        (Landmark.Kind.RAILWAY, "railway"),
    ):
        record_landmarks(city, kind, read_features(folder / f"{name}.geojson"))
    import_addresses(city, folder / "addresses.csv", commit=True)
    record_other_names(city, folder / "other_names.csv")
    if (listed := folder / "territories.txt").exists():
        content = listed.read_bytes()
        record_territories(
            city=city,
            compiled=compile_reading(city, read_territories(content, name=listed.name)),
            source=DRAWN,
            sha256=hashlib.sha256(content).hexdigest(),
            recorded_at=now,
            recorded_by="load_demo",
        )
    stations, officers = folder / "stations.csv", folder / "officers.csv"
    commit_import(
        city=city,
        today=local_day(now),
        at=now,
        stations=read_stations_file(stations.read_bytes(), name=stations.name),
        officers=read_officers_file(officers.read_bytes(), name=officers.name),
    )
    return city


def _load_bodies(now: datetime.datetime) -> None:
    """Give each city a council to which officers forward what is not theirs."""
    for city in City.objects.filter(slug__in=[demo.slug for demo in CITIES]):
        Body.objects.get_or_create(
            city=city,
            purpose=Body.Purpose.MUNICIPAL,
            defaults={
                "name_uk": "Демонстрація: міська рада", "name_en": "Demonstration: city council",
                "contact_uk": "1551", "checked_on": local_day(now),
            },
        )  # fmt: skip


def _load_users() -> None:
    """Make the sign-ins: two officers of the training city, one of Ternopil, others of every city."""
    password = _demo_password()
    training = City.objects.get(slug="ternopil-training")

    def user(name: str, title: str, *, is_staff: bool = False, is_admin: bool = False) -> User:
        email = f"{name}@{MAIL_HOST}"
        existing = User.objects.filter(email=email).first()
        return existing or User.objects.create_user(
            email,
            password,
            first_name="Демонстрація:",
            last_name=title,
            is_staff=is_staff or is_admin,
            is_superuser=is_admin,
        )

    trained = Officer.objects.filter(city=training).order_by("key")[:2]
    serving = Officer.objects.filter(city__slug="ternopil").order_by("key")[:1]
    for number, officer in enumerate([*trained, *serving], start=1):
        officer.user = user(f"officer{number}", f"дільничний офіцер {number}")
        officer.save(update_fields=["user"])
        Membership.objects.get_or_create(user=officer.user, city=officer.city, role=Membership.Role.OFFICER)
    for role, title in (
        (Membership.Role.SUPERVISOR, "керівник"),
        (Membership.Role.MODERATOR, "модератор"),
        (Membership.Role.COORDINATOR, "координатор"),
        (Membership.Role.ANALYST, "аналітик"),
    ):
        member = user(role, title, is_staff=role in KEEPERS)  # as whoever joins by a link
        for city in City.objects.filter(slug__in=[demo.slug for demo in CITIES]):
            Membership.objects.get_or_create(user=member, city=city, role=role)
    City.objects.filter(slug__in=[demo.slug for demo in CITIES]).update(takes_letters=True)
    user("admin", "адміністратор", is_admin=True)
