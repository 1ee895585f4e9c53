"""Pages of the staff cost the same however much there is: each asks as many questions of a large office as of a small.

`./dev bench staff` walks the same table of pages over a million letters.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.models import Export, Measure, MeasureComment, MeasureVersion, PreventionPlace, Report, Token
from appeals.models import Appeal, Category, Holiday, MovedDay, Notice
from appeals.services import add_note, confirm_spam, mark_spam, open_letter
from appeals.services.writing import correct
from benchmarks._staff_pages import ADMINISTRATION, LEADS_ON, PAGES, READERS, city_pages
from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import City, District, House, Street, StreetName, TerritoryList
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from people.inviting import invite
from people.models import HelpLine, Leave, Membership, Officer, PageVersion, Posting, StaffDeed, Station, User
from people.proposing import change, propose
from people.subjects import fingerprint
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter, new_report
from tests.appeals.pictures import small_photo
from tests.project.permission_table import ACCESS, addresses
from tests.world import NOON, OPEN_ENDED, build_world, square

ROLES = Membership.Role.values


def names_of_staff() -> set[str]:
    """Every address of the staff that somebody may open by GET."""
    staff = [address.name for address in addresses() if address.route.startswith("staff/")]
    return {name for name in staff if any(ACCESS[name]["get"].values())}


def test_every_page_of_the_staff_is_in_the_table() -> None:
    """A page without a row is measured by nobody: say in `benchmarks._staff_pages` who reads it."""
    assert names_of_staff() == {page.name for page in PAGES} | set(LEADS_ON)


def test_every_row_of_the_table_has_figures_of_its_own() -> None:
    pages = (*PAGES, *ADMINISTRATION)
    assert len({page.title for page in pages}) == len(pages)


# --- The office ---------------------------------------------------------------------------------------------


@dataclass
class Scene:
    """A training city and who reads its pages, by role; the receipt of its first letter."""

    office: Office
    people: dict[str, User]
    receipt: str = ""


def fill(scene: Scene, *, times: int) -> None:
    """Add so many more of everything that a page of the staff may show."""
    first = User.objects.count()
    for n in range(first, first + times):
        for add in ADD:
            add(scene, n)


def add_letters(scene: Scene, n: int) -> None:
    """Another letter of the same house; more said, noted and done about the first; notices, openings."""
    world, people, photo = scene.office.world, scene.people, [small_photo()]
    sent = new_letter(
        world, photos=photo, received_at=NOON + timedelta(seconds=n), text=f"Лист {n}", address="вулиця Перша, 1"
    )
    first = Appeal.objects.filter(city=world.city).earliest("pk")
    scene.receipt = scene.receipt or sent.receipt
    at = NOON + timedelta(minutes=n)
    for letter in {first, sent.appeal}:
        add_note(appeal=letter, author=people["officer"], body=f"Нотатка {n}", written_at=at, key=uuid.uuid4())
        open_letter(appeal=letter, user=people["supervisor"], at=at)
    correct(receipt=scene.receipt, body=f"Ще {n}", sent_at=at, key=uuid.uuid4(), photos=photo)
    for state in ("failed", "waiting"):
        Notice.objects.create(
            event=f"{state} {n}", appeal=sent.appeal, city=world.city, side="writer", kind="answered", state=state,
            announced_at=NOON, settled_at=NOON if state == "failed" else None,
        )  # fmt: skip


def add_public(scene: Scene, n: int) -> None:
    """Another letter whose writer lets it be published; suspected spam, and spam."""
    world = scene.office.world
    sent = new_letter(world, received_at=NOON + timedelta(seconds=n), text=f"Хай усі читають {n}")
    Appeal.objects.filter(pk=sent.appeal.pk).update(may_publish_since=NOON)
    for _ in range(2):
        sent = new_letter(world, received_at=NOON + timedelta(seconds=n), text=f"Купуйте {n}")
        mark_spam(appeal=sent.appeal, by=scene.people["supervisor"], at=NOON)
    confirm_spam(appeal=sent.appeal, by=scene.people["moderator"], at=NOON)


def add_reports(scene: Scene, n: int) -> None:
    """Another report of the whole city and of a district, each about one month."""
    office = scene.office
    for district in (None, office.world.north):
        Report.objects.create(
            city=office.world.city, district=district, begun_by=office.supervisor, begun_at=NOON,
            first=date(2010 + n // 12, n % 12 + 1, 1), last=date(2010 + n // 12, n % 12 + 1, 28),
        )  # fmt: skip


def add_places(scene: Scene, n: int) -> None:
    """Another place of prevention with two measures, one more of the first place; exports, tokens."""
    office, people = scene.office, scene.people
    city, by = office.world.city, office.officer
    place = PreventionPlace.objects.create(
        city=city, district=office.world.north, number=n, zoom=17, cells=[n], first=NOON, last=NOON, recorded_by=by,
        recorded_at=NOON,
    )  # fmt: skip
    measure = Measure.objects.filter(place__city=city).order_by("pk").first()
    for one in filter(None, (Measure.objects.create(place=place, key=uuid.uuid4()), measure)):
        number = one.versions.count() + 1
        MeasureVersion.objects.create(measure=one, number=number, kind="patrol", state="done", on=NOON, by=by, at=NOON)
        MeasureComment.objects.create(measure=one, key=uuid.uuid4(), text="Так", by=people["supervisor"], at=NOON)
    token = Token.objects.create(
        city=city, owner=user_with_role(office.world, "analyst", f"token{n}@{city.slug}.example.org"), name=f"QGIS {n}",
        kinds=["releases"], key_hash=f"{city.slug} {n}", sign_outs=0, made_at=NOON,
        expires_at=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    Export.objects.create(city=city, by=token.owner, token=token, at=NOON, what="areas", format="csv", rows=n)


def add_people(scene: Scene, n: int) -> None:
    """Another station, officer with a sign-in, a leave; somebody in every role; an invitation; a deed."""
    office, people = scene.office, scene.people
    city = office.world.city
    station = Station.objects.create(
        city=city, key=f"s{n}", name_uk=f"Станція {n}", address_uk="вул. Перша, 1", location=office.world.in_mid
    )
    user = User.objects.create_user(f"everybody{n}@{city.slug}.example.org")
    for role in ROLES:
        Membership.objects.create(user=user, city=city, role=role)
    officer = Officer.objects.create(
        city=city, key=f"o{n}", name_uk=f"Офіцер {n}", station=station, user=user, checked_on=date(2025, 1, 1)
    )
    newest = city.districts.latest("pk")
    for role in ("main", "acting"):
        Posting.objects.create(officer=officer, district=newest, role=role, during=OPEN_ENDED)
    if n % 2:
        Leave.objects.create(officer=officer, during=OPEN_ENDED)
    invite(
        by=people["coordinator"], city=city, email=f"new{n}@{city.slug}.example.org", name="Нова Людина",
        roles=["moderator"], officer=None, at=timezone.now(),
    )  # fmt: skip
    PageVersion.objects.create(
        city=city, kind="about", number=n + 1, text_uk=f"Текст {n}", by=people["coordinator"], at=NOON
    )
    HelpLine.objects.create(
        city=city, phone=f"0 800 {n}", name_uk="Лінія", purpose="government", checked_on=date(2025, 1, 1)
    )
    StaffDeed.objects.create(
        city=city, deed="roles", by=people["coordinator"], whom=user, whom_email=user.email, roles_after=ROLES, at=NOON
    )


def add_days(scene: Scene, n: int) -> None:
    """Another day off and another moved day, of the city and of all of Ukraine; a deed on each of the city's."""
    city, day = scene.office.world.city, timezone.localdate() + timedelta(days=10 * n)
    for place in (city, None):
        told = {"name_uk": f"День {n}", "source": "тест"}  # some day it is 8 March that comes
        Holiday.objects.get_or_create(city=place, day=day + timedelta(days=bool(place)), defaults=told)
        moved = day + timedelta(days=2 + bool(place))
        MovedDay.objects.create(city=place, day=moved, kind="day_off", source="тест")
    for listed, more in (("off", {"name_uk": f"День {n}"}), ("moved", {"kind": "day_off"})):
        facts = {"list": listed, "before": None, "after": {"day": day.isoformat(), **more}}
        StaffDeed.objects.create(city=city, deed="day", by=scene.people["coordinator"], at=NOON, facts=facts)


def add_changes(scene: Scene, n: int) -> None:
    """Another change of the officer's card, one that waits, and reports of mistakes."""
    office, city = scene.office, scene.office.world.city
    card = Officer.objects.get(pk=office.world.officer.pk)
    about = {"city": city, "row": card, "why": "Так", "at": NOON}
    station = Station.objects.filter(city=city).latest("pk")
    changes = {"rank_en": f"rank {n}", "station": station.pk}
    change(by=scene.people["coordinator"], changes=changes, shown=fingerprint(card), **about)
    card.refresh_from_db()
    for state in ("new", "taken", "mended"):
        new_report(
            city, text=f"Не так {n}", state=state, answer="Так",
            by=None if state == "new" else scene.people["moderator"], settled_at=NOON if state == "mended" else None,
        )  # fmt: skip
    propose(by=scene.people["moderator"], changes={"rank_uk": f"звання {n}"}, shown=fingerprint(card), **about)


def add_territory(scene: Scene, n: int) -> None:
    """Another street with houses and names, an edition with a district more, a list that leaves more open."""
    world, city = scene.office.world, scene.office.world.city
    street = Street.objects.create(city=city, name_uk=f"вулиця {street_name(n)}")
    for number in ("1", "2"):
        House.objects.create(street=street, number=number, location=world.in_north)
    StreetName.objects.create(street=street, kind="former", name=f"вулиця Колишня {street_name(n)}")
    count, at = city.districts.count() + 1, NOON + timedelta(minutes=n)
    west = world.in_north.x - 0.005
    edition = record_edition(
        city=city,
        districts=[
            DrawnDistrict(str(i + 1), f"Дільниця {i + 1}", square(west + 0.01 * i, 49.99)) for i in range(count)
        ],
        source="tests", recorded_at=NOON, recorded_by="tests",
    )  # fmt: skip
    now = timezone.now()
    activate_edition(edition, starts_at=now, by="tests", now=now)
    text = "\n".join(
        f"Дільниця № {1 + row % 2}\nвул. {street_name(row)}: 1; вул. Невидана: {row}; вул. {street_name(n)}: 1"
        for row in range(n + 1)
    )
    lists = TerritoryList.objects.filter(city=city)
    record_territories(
        city=city, compiled=compile_reading(city, read_text(text)), source="", sha256="",
        recorded_at=at, recorded_by="tests", basis=lists.first(),
    )  # fmt: skip


def street_name(n: int) -> str:
    """A word for a number: digits in a list are houses."""
    return f"{'бвгджзклмнпрстфхцчшщ'[n % 20]}{'аеиоу'[n // 20 % 5]}рська".capitalize()


def add_city(scene: Scene, n: int) -> None:
    """Another city, with a letter, where everybody is at home too."""
    other = build_world(f"inshe-{n}", stage="training", west=26.0 + n / 10)
    for role, user in scene.people.items():
        if role != "superuser":
            Membership.objects.create(user=user, city=other.city, role=role)
    sent = new_letter(other, point=Point(26.005 + n / 10, 49.995, srid=4326))
    Notice.objects.create(
        event=f"elsewhere {n}", appeal=sent.appeal, city=other.city, side="writer", kind="answered", state="failed",
        announced_at=NOON, settled_at=NOON,
    )  # fmt: skip


ADD = (
    add_territory, add_people, add_days, add_changes, add_letters, add_public, add_places, add_reports, add_city,
)  # fmt: skip


# --- The walk -----------------------------------------------------------------------------------------------


MARKUP = """<b title='"'>&"""
NO_QUESTIONS = ("SAVEPOINT", "RELEASE SAVEPOINT", 'UPDATE "django_session"')
"""Once a minute a visit is written down, whatever page it is."""


def questions(client: Client, path: str) -> list[str]:
    """Return what a page asks of the database, once its processes know what they keep."""
    for _ in range(2):
        client.get(path)
    with CaptureQueriesContext(connection) as asked:
        response: Any = client.get(path)
        assert response.status_code == HTTPStatus.OK, f"{path}: {response.status_code}"
        if response.streaming:
            b"".join(response)
    return [query["sql"] for query in asked if not query["sql"].startswith(NO_QUESTIONS)]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def build_scene() -> Scene:
    """An office with somebody in every role that reads pages."""
    office = build_office()
    world = office.world
    people = {
        "officer": office.officer,
        "supervisor": office.supervisor,
        "moderator": user_with_role(world, "moderator", "moderator@example.org"),
        "coordinator": user_with_role(world, "coordinator", "coordinator@example.org"),
        "superuser": User.objects.create_superuser("root@example.org", "one two three four"),
    }
    assert set(people) == set(READERS)
    return Scene(office, people)


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def test_no_page_asks_more_questions_where_there_is_more_to_show(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    scene = build_scene()
    fill(scene, times=2)
    clients = {role: signed_in(user) for role, user in scene.people.items()}
    paths = city_pages(scene.office.world.city)
    little = {page: questions(clients[page.reader], path) for page, path in paths.items()}
    fill(scene, times=3)
    much = {page: questions(clients[page.reader], path) for page, path in paths.items()}
    grown = [told(page.title, little[page], much[page]) for page in paths if len(much[page]) > len(little[page])]
    assert not grown, "\n".join(["", *grown])


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def test_no_name_is_taken_for_markup_on_any_page(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    scene = build_scene()
    fill(scene, times=1)
    for model in (Officer, Station, District, Category, HelpLine, Street, City):
        model._base_manager.update(name_uk=MARKUP, name_en=MARKUP)
    User.objects.update(first_name=MARKUP)
    clients = {role: signed_in(user) for role, user in scene.people.items()}
    named, broken = set(), []
    for page, path in city_pages(City.objects.get(pk=scene.office.world.city.pk)).items():
        if page.is_file:
            continue
        text = clients[page.reader].get(path).text
        broken += [page.title] if MARKUP in text else []
        named |= {page.title} if escape(MARKUP) in text else set()
    assert not broken
    assert len(named) > 60, "most pages name somebody or something"


def told(title: str, little: list[str], much: list[str]) -> str:
    """Name what a page asks more often of a large office."""
    before, after = ([re.sub(r"\d+", "0", sql)[:400] for sql in asked] for asked in (little, much))
    more = [sql for sql in dict.fromkeys(after) if after.count(sql) != before.count(sql)]
    return "\n  ".join([f"{title}: {len(little)} questions, then {len(much)}", *more[:3]])
