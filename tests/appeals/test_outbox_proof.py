"""Proof: workers are killed with -9 while answers are given and mails sent; no event is lost, no mail goes twice.

Some mails are put off by the mail server, some are taken and never confirmed: what is unclear stays with a person.
"""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from appeals import services
from appeals.access import as_staff
from appeals.delivery import CLAIM_LASTS, give_up_stale_claims
from appeals.mails import message_id
from appeals.models import Appeal, Message, Notice
from appeals.notices import send_again
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import new_letter
from tests.appeals.mail_server import MailServer, mail_server
from tests.world import NOON

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, LETTERS, ANSWERS_A_ROUND, WORKERS = 10, 12, 36, 2
SEED = int(os.environ.get("PROOF_SEED", "1"))


def site_of_the_tests(server: MailServer) -> dict[str, str]:
    """Return the environment in which a worker uses the test database and the mail server of the proof."""
    settings = connection.settings_dict
    host = quote(settings["HOST"] or settings.get("OPTIONS", {}).get("host", ""), safe="")
    url = f"postgis://{settings['USER']}@/{settings['NAME']}?host={host}"
    return os.environ | {
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def workers_that_die(environment: dict[str, str], server: MailServer, chance: random.Random) -> Iterator[None]:
    """Run workers as a live site does; after the block, and once mails go, kill each at a moment of chance."""
    before = len(server.received)
    line = [sys.executable, "manage.py", "procrastinate", "worker"]
    workers = [subprocess.Popen(line, cwd=ROOT, env=environment) for _ in range(WORKERS)]
    try:
        yield
        deadline = time.monotonic() + 120
        while len(server.received) == before and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(server.received) > before, "a worker has begun"
    finally:
        for worker in workers:
            time.sleep(chance.uniform(0, 1.5))
            worker.send_signal(signal.SIGKILL)
            worker.wait()


def answer(office: Office, appeal: Appeal, number: int) -> int:
    """Answer a letter as an officer does, on a connection of its own; return the message."""
    try:
        with as_staff(office.officer):
            return services.reply(
                appeal=appeal, author=office.officer, body=f"Answer {number}", sent_at=timezone.now(), key=uuid.uuid4()
            ).pk
    finally:
        connections.close_all()


def take_over_at_once() -> None:
    """Give the jobs of dead workers to the living, without waiting for their heartbeat to grow old."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing'")
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE queue_name = 'mail' AND status = 'todo'"
        )


def work_until_nothing_waits() -> None:
    """Let a worker do all that there is."""
    for _ in range(20):
        take_over_at_once()
        with app.replace_connector(DjangoConnector().get_worker_connector()):
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, queues=["mail"])
        if not Notice.objects.filter(state="waiting").exists():
            return


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_random_lose_no_event_and_send_no_mail_twice(settings) -> None:
    chance = random.Random(SEED)
    office = build_office()
    letters = [
        new_letter(office.world, email=f"writer{number}@example.org", answer_by="email").appeal
        for number in range(LETTERS)
    ]
    answers: list[int] = []
    with mail_server() as server, ThreadPoolExecutor(4) as officers:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port

        def moody(_address: str) -> str:
            time.sleep(0.02)
            return chance.choices(["ok", "hang up", "451 later", "after 451 later"], [88, 2, 5, 5])[0]

        server.behaviour = moody
        killed_while_sending = 0
        environment = site_of_the_tests(server)
        for _ in range(ROUNDS):
            with workers_that_die(environment, server, chance):
                given = [
                    officers.submit(answer, office, chance.choice(letters), number) for number in range(ANSWERS_A_ROUND)
                ]
                answers += [future.result() for future in given]
            killed_while_sending += Notice.objects.filter(state="sending").count()
            give_up_stale_claims(now=timezone.now() + CLAIM_LASTS * 2)
            take_over_at_once()

        before_the_end = len(server.received)
        server.behaviour = lambda _address: "ok"
        work_until_nothing_waits()
        give_up_stale_claims(now=timezone.now() + CLAIM_LASTS * 2)

        notices = {notice.event: notice for notice in Notice.objects.all()}
        taken = Counter(server.message_ids())
        sent = [notice for notice in notices.values() if notice.state == "sent"]
        unknown = [notice for notice in notices.values() if notice.state == "unknown"]
        print(f"\n{len(answers)} events: {len(sent)} sent, {len(unknown)} perhaps; seed {SEED}")
        print(f"{killed_while_sending} killed while sending, {before_the_end} mails taken before the end")

        assert len(answers) == ROUNDS * ANSWERS_A_ROUND
        assert set(notices) == {f"reply:{pk}" for pk in Message.objects.values_list("pk", flat=True)}
        assert set(notices) == {f"reply:{pk}" for pk in answers}, "one row for each acknowledged event, and no other"
        assert len(sent) + len(unknown) == len(notices), "every one has come to an end that is written down"
        assert [taken[message_id(notice)] for notice in sent] == [1] * len(sent), "what is sent went exactly once"
        assert max(taken.values()) == 1, "no mail went twice"
        assert set(taken) <= {message_id(notice) for notice in notices.values()}
        assert killed_while_sending, "the proof has met what it is about"
        addresses = {message_id(notice): notice.appeal.writer.email for notice in notices.values()}
        assert all(addresses[known] == to for known, (to, _) in zip(server.message_ids(), server.received, strict=True))

        for notice in unknown:
            send_again(notice=notice, at=NOON)
        work_until_nothing_waits()
        taken = Counter(server.message_ids())
        assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
        assert {message_id(notice) for notice in notices.values()} == set(taken), "a person loses none of them"
