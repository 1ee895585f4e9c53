"""What people wrote is nowhere in the database in words: not in a dump of it, not in the logs of a failure."""

import base64
import io
import logging
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from psycopg import sql

from appeals import access, services
from appeals.access import as_staff, as_task
from appeals.card_reports import take_report
from appeals.drafts import Draft
from appeals.models import Appeal, CardReport, Photo, PublicVersion, Registration
from appeals.services.history import recorded
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import later
from tests.appeals.pictures import JFIF, small_photo
from tests.appeals.towns import allowed, build_town, offered
from tests.world import NOON

LETTER_OF = 8
"""Canaries in each letter and what follows it."""


def canary(number: int) -> str:
    """A word that nobody writes by chance; every third is Cyrillic."""
    tail = uuid.uuid5(uuid.NAMESPACE_OID, f"canary {number}").hex[:12]
    return f"канарка{tail}" if number % 3 == 0 else f"canary{tail}"


def forms(word: str) -> set[bytes]:
    """How a word could rest in a dump: as it is, escaped as JSON does, in hex, in base64 at each of three offsets."""
    plain = word.encode()
    written = {plain, word.encode("unicode_escape"), plain.hex().encode(), plain.hex().upper().encode()}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + plain)
        written.add(encoded[4 if offset else 0 :].rstrip(b"=")[:-1])
        written.add(base64.urlsafe_b64encode(b"\0" * offset + plain)[4 if offset else 0 :].rstrip(b"=")[:-1])
    return written


def write_letters(office: Office, canaries: list[str]) -> None:
    """Put every canary into a letter by the services: words, names, contacts, addresses, turns, reasons, photos."""
    for first in range(0, len(canaries), LETTER_OF):
        word = (canaries[first : first + LETTER_OF] * LETTER_OF)[:LETTER_OF]
        point = office.world.in_north
        sent = services.submit_appeal(
            city=office.world.city,
            draft=Draft(
                district="1",
                place=(point.x, point.y),
                category=("noise", "domestic-violence")[first // LETTER_OF % 2],
                text=f"Пише {word[0]}.",
                answer_by="email",
                name=word[1],
                email=f"{word[2]}@example.org",
                address=f"вулиця {word[3]}, 5",
            ),
            idempotency_key=f"{word[4]}{uuid.uuid4()}" if word[4].isascii() else str(uuid.uuid4()),
            received_at=NOON,
            photos=[small_photo(says=word[6])],
        )
        more = {"sent_at": NOON, "key": uuid.uuid4(), "photos": [small_photo(says=word[7])]}
        services.add_writer_message(receipt=sent.receipt, body=word[5], **more)
        with as_staff(office.supervisor):
            letter = Appeal.objects.with_key().get(receipt_hash=sent.appeal.receipt_hash)
            services.open_letter(appeal=letter, user=office.supervisor, at=NOON, reason=word[6])
            services.reply(appeal=letter, author=office.supervisor, body=word[7], sent_at=NOON, key=uuid.uuid4())
            recorded(letter, "note", at=NOON, by=office.supervisor, reason=word[4])
            services.add_note(appeal=letter, author=office.supervisor, body=word[1], written_at=NOON, key=uuid.uuid4())
            entry = Registration(number=word[2], on=NOON.date())
            services.register(appeal=letter, registration=entry, by=office.supervisor, at=NOON)


def offer_publishing(canaries: list[str]) -> None:
    """Put every canary into what moderators prepare: versions that wait, that were declined or refused, and one agreed
    to and then forbidden, which has left the site.
    """
    town = build_town("publichne", west=27.0)
    for first in range(0, len(canaries), 4):
        word = (canaries[first : first + 4] * 4)[:4]
        sent = allowed(town, text=f"Пише {word[0]}.")
        version = offered(town, sent, question=f"Питає {word[1]}.", answer=f"Каже {word[2]}.")
        match first // 4 % 4:
            case 0:
                services.decline_version(receipt=sent.receipt, number=version.number, at=later(hours=2))
            case 1:
                services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=2))
                services.forbid_publishing(receipt=sent.receipt, at=later(hours=3))
            case 2:
                with as_staff(town.moderator):
                    services.refuse_publishing(appeal=sent.appeal, by=town.moderator, reason=word[3], at=later(hours=2))


def report_mistakes(office: Office, canaries: list[str]) -> None:
    """Put every canary into a report of a mistake: into its words and its e-mail."""
    for number, word in enumerate(canaries):
        take_report(
            city=office.world.city, district_code="1", text=f"Пише {word}.", email=f"{word}@example.org", key="",
            caller=f"192.0.2.{number}", at=NOON,
        )  # fmt: skip


def words_of_every_table() -> bytes:
    """Every value of every table, as text, seen by a task."""
    told = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for table in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(*table)))
            told += [row[0] for row in cursor.fetchall()]
    return "\n".join(told).encode()


def found_in(dump: bytes, words: list[str]) -> list[str]:
    return [word for word in words if any(form in dump for form in forms(word))]


def test_search_finds_a_word_in_each_form() -> None:
    words = [canary(1), canary(3)]
    for word in words:
        plain = word.encode()
        for told in (
            plain,
            plain.hex().encode(),
            *(base64.b64encode(b"x" * before + plain + b"after") for before in range(6)),
        ):
            assert found_in(b"before " + told + b" after", words) == [word]


def test_nothing_people_wrote_rests_in_any_table_in_words(office: Office) -> None:
    canaries = [canary(number) for number in range(48)]
    write_letters(office, canaries)
    report_mistakes(office, canaries[:6])
    offer_publishing(canaries[:16])
    dump = words_of_every_table()
    assert b"appeals_opening" not in dump, "rows, not names"
    assert Appeal.objects.count() == 6 + 4
    assert Appeal.objects.first().receipt_hash.encode() in dump, "the search reads the letters' own rows"
    assert str(Photo.objects.first().pk).encode() in dump, "and those of the photos"
    assert CardReport.objects.latest("pk").code_hash.encode() in dump, "and those of the reports"
    assert PublicVersion.objects.last().agreed_hash == "", "the last one waits"
    assert PublicVersion.objects.get(agreed=True).agreed_hash.encode() in dump, "and those of what was to be published"
    assert JFIF.hex().encode() not in dump, "no photo rests as a picture"
    assert found_in(dump, canaries) == []


# --- What is told when something fails ----------------------------------------------------------------------


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own console is told, as it is configured."""
    told = io.StringIO()
    [console] = [one for one in logging.getLogger("django.server").handlers if type(one) is logging.StreamHandler]
    console.setStream(told)
    yield told
    console.setStream(sys.stderr)


@pytest.mark.parametrize(
    "trouble",
    [
        "ALTER TABLE appeals_appeal ADD CONSTRAINT broken CHECK (number < 0)",
        "ALTER TABLE appeals_event DROP COLUMN facts CASCADE",
        "ALTER TABLE appeals_letterkey ALTER COLUMN wrapped_by TYPE varchar(1)",
    ],
)
def test_failing_request_leaves_no_word_of_it_in_the_log(office: Office, log: io.StringIO, trouble: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(trouble)
    words = [canary(number) for number in range(1, 6)]
    letter = {
        "city": office.world.city.slug, "district": "1", "lat": "49.995", "lon": "25.005", "category": "noise",
        "text": words[0], "name": words[1], "email": f"{words[3]}@example.org",
    }  # fmt: skip
    client = Client(raise_request_exception=False)
    headers = {"Idempotency-Key": f"{words[4]}{words[4]}"}
    with access._seeing(access._NOBODY):
        answer = client.post("/api/v1/appeals/", letter, content_type="application/json", headers=headers)
    assert answer.status_code == 500
    assert "Traceback" in log.getvalue()
    assert found_in(log.getvalue().encode() + answer.content, words) == []


# --- The same on a server of its own ------------------------------------------------------------------------


FILL = "import django; django.setup(); from tests.project.test_dump import fill; fill()"


@pytest.mark.prove
def test_dump_of_a_whole_server_and_its_log_hold_no_canary(
    dev: ModuleType, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A superuser's dump of 1,000 canaries: history, sessions and all. Then the server's log."""
    monkeypatch.delenv("DATABASE_OWNER_URL")
    environment = dev.environment_for(cluster) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    dev.ensure_tables(cluster, environment)
    written = dev.capture([sys.executable, "-c", FILL], env=environment, cwd=dev.ROOT)
    assert written.returncode == 0, written.stdout[-2000:]
    canaries = [canary(number) for number in range(1_000)]
    dump = subprocess.run(
        [cluster.program("pg_dump"), "-h", cluster.socket, "-U", "postgres", dev.DATABASE],
        capture_output=True, check=True, env=dev.without_libpq_settings(os.environ), **cluster.as_user,
    ).stdout  # fmt: skip
    assert dump.count(b"appeals_appeal") > 1
    assert cluster.ask("SELECT count(*) FROM appeals_appeal", role="postgres").strip() == "145"
    assert cluster.ask("SELECT count(*) FROM appeals_appeal").strip() == "0", "the owner itself sees no letter"
    assert cluster.ask("SELECT count(*) FROM appeals_cardreport", role="postgres").strip() == "90"
    assert cluster.ask("SELECT count(*) FROM appeals_cardreport").strip() == "0"
    assert cluster.ask("SELECT count(*) FROM appeals_publicversion", role="postgres").strip() == "25"
    assert cluster.ask("SELECT count(*) FROM django_session", role="postgres").strip() != "0"
    assert found_in(dump, canaries) == []
    assert cluster.ask("SELECT count(*) FROM appeals_photo", role="postgres").strip() == "250"
    assert JFIF.hex().encode() not in dump
    assert "violates check constraint" in cluster.log.read_text(errors="replace")
    assert found_in(cluster.log.read_bytes(), canaries) == []


def fill() -> None:
    """Write 1,000 canaries into the database of DATABASE_URL, sign somebody in, and let one statement fail."""
    office = build_office()
    canaries = [canary(number) for number in range(1_000)]
    write_letters(office, canaries)
    report_mistakes(office, canaries[:90])
    offer_publishing(canaries[:80])
    Client().force_login(office.supervisor)
    with suppress(IntegrityError), as_task("fail"):
        Appeal.objects.update(state="broken")
