"""Many readers of all roles at once, over the web's own role of the database: nobody gets a foreign row."""

import random
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext

import pytest
from django.db import connection, connections
from django.db.utils import OperationalError
from django.test import Client

from appeals import services
from appeals.access import as_staff, as_task, as_writer
from appeals.models import Appeal, CardReport, Event, KeepFrom, LetterKey, Message, Opening, Photo
from people.models import User
from tests.appeals.conftest import build_office, user_with_role
from tests.appeals.letters import new_letter, new_report
from tests.appeals.pictures import small_photo
from tests.world import NOON

WEB_ROLE = "dilnychnyi_web"
THREADS = 4
Eyes = tuple[str, User | str | None, set[int]]
"""Who asks, under what, and the letters that are theirs to see; a report of a mistake is minus its number."""


@pytest.fixture
def as_web_role(transactional_db: None) -> Iterator[None]:
    """Let connections of other threads be the web's own, and prove that they cannot pass by the policies."""
    there, owner = connections.settings["default"], connection.settings_dict["USER"]
    there["USER"] = WEB_ROLE

    def ask_who() -> tuple[object, ...]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT current_user, rolsuper OR rolbypassrls OR pg_has_role(current_user, c.relowner, 'USAGE')"
                    " FROM pg_roles, pg_class AS c WHERE rolname = current_user AND c.relname = 'appeals_appeal'"
                )
                return tuple(cursor.fetchone())
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(1) as pool:
            try:
                found = pool.submit(ask_who).result()
            except OperationalError:
                pytest.skip(f"this server has no role {WEB_ROLE}")
        assert found == (WEB_ROLE, False)
        yield
    finally:
        there["USER"] = owner


def build_readers() -> list[Eyes]:
    """Two cities, letters of each kind, and everybody who could ask."""
    readers: list[Eyes] = [("nobody", None, set())]
    every_report: set[int] = set()
    for slug, west in (("svoie", 25.0), ("chuzhe", 26.0)):
        office = build_office(slug, west=west)
        letter = new_letter(office.world, photos=[small_photo()]).appeal
        with as_task("test"):
            services.reply(appeal=letter, author=office.officer, body="Done.", sent_at=NOON, key=uuid.uuid4())
            services.open_letter(appeal=letter, user=office.officer, at=NOON)
        north = letter.pk
        south = new_letter(office.world, district="3", point=office.world.in_south)
        kept = new_letter(office.world, keep_from=KeepFrom.OFFICER, photos=[small_photo()])
        report, other = new_report(office.world.city), new_report(office.world.city)
        reports = {-report.pk, -other.pk}
        every_report |= reports
        readers += [
            ("officer", office.officer, {north}),
            ("supervisor", office.supervisor, {north, south.appeal.pk, kept.appeal.pk} | reports),
            ("writer", kept.appeal.receipt_hash, {kept.appeal.pk}),
            ("reporter", report.code_hash, {-report.pk}),
            *(
                (role, user_with_role(office.world, role, f"{role}@{slug}.example.org"), seen)
                for role, seen in (("moderator", reports), ("analyst", set()), ("coordinator", reports))
            ),
        ]
    return [*readers, ("superuser", User.objects.create_superuser("root@example.org"), every_report)]


def eyes_of(who: User | str | None) -> AbstractContextManager[None]:
    """The context of a reader."""
    if isinstance(who, User):
        return as_staff(who)
    return as_writer(who) if who else nullcontext()


def count_foreign(readers: list[Eyes], names: dict[int, tuple[str, str]], asks: int, seed: int) -> tuple[int, int]:
    """Ask so many times as somebody by chance; return how many rows came that should, and how many that should not.

    `names`: city and number of every letter, as the staff's map tells them.
    """
    chance, own, foreign = random.Random(seed), 0, 0
    try:
        for turn in range(asks):
            _role, who, theirs = chance.choice(readers)
            if turn % 10 == 0 and isinstance(who, User):
                client = Client()
                client.force_login(who)
                city = chance.choice(("svoie", "chuzhe"))
                answer = client.get("/api/v1/staff/appeals/", {"city": city}).json()
                told = {(city, feature["properties"]["number"]) for feature in answer["features"]}
                mine = {names[pk] for pk in theirs if pk > 0}
                own, foreign = own + len(told & mine), foreign + len(told - mine)
                continue
            with eyes_of(who):
                model = chance.choice((Appeal, CardReport, Event, LetterKey, Message, Opening, Photo))
                if model is CardReport:
                    seen = [-pk for pk in CardReport.objects.values_list("pk", flat=True)]
                else:
                    seen = list(model.objects.values_list("pk" if model is Appeal else "appeal_id", flat=True))
            own += sum(letter in theirs for letter in seen)
            foreign += sum(letter not in theirs for letter in seen)
    finally:
        connection.close()
    return own, foreign


@pytest.mark.parametrize("asks", [400, pytest.param(40_000, marks=pytest.mark.prove)])
def test_no_reader_of_many_at_once_gets_a_foreign_row(as_web_role: None, asks: int) -> None:
    readers = build_readers()
    with as_task("test"):
        names = {one.pk: (one.city.slug, one.public_number) for one in Appeal.objects.select_related("city")}
    with ThreadPoolExecutor(THREADS) as pool:
        counted = list(pool.map(lambda seed: count_foreign(readers, names, asks // THREADS, seed), range(THREADS)))
    assert sum(own for own, _ in counted) > asks // 10, "they did see their own"
    assert sum(foreign for _, foreign in counted) == 0
