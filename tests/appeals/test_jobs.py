"""The worker, for real: jobs are taken from the site's own database."""

import datetime
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from appeals import jobs
from appeals.models import Notice
from appeals.notices import enqueue
from mapui.worker import worker_beside
from tests.appeals.conftest import build_office
from tests.appeals.test_notices import answered
from tests.world import NOON

pytestmark = pytest.mark.django_db(transaction=True)


def work(*queues: str) -> None:
    """Let a worker do what waits in some queues, and end. It also enqueues what its clock asks for, in `upkeep`."""

    def run() -> None:
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, queues=list(queues))

    # In a thread of its own: a browser's tests may have left a loop running in this one.
    with app.replace_connector(DjangoConnector().get_worker_connector()), ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


def notice() -> Notice:
    """Return the notice of an answered letter."""
    answered(build_office())
    return Notice.objects.get(side="writer")  # the clock may tell the staff what is due


def test_worker_sends_what_waits_and_the_queue_is_empty_again():
    waiting = notice()
    work("mail")
    waiting.refresh_from_db()
    assert (waiting.state, len(mail.outbox)) == ("sent", 1)
    assert list(ProcrastinateJob.objects.filter(queue_name="mail")) == []


def test_what_a_worker_enqueues_is_in_its_transaction_too(settings):
    """Its own app would use a connection from a pool."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1,
    )  # fmt: skip
    waiting = notice()
    work("mail")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.trouble) == ("waiting", "unreachable")
    (job,) = ProcrastinateJob.objects.filter(queue_name="mail")
    assert (job.status, job.args) == ("todo", {"notice_id": waiting.pk})
    assert job.scheduled_at > timezone.now()
    with app.replace_connector(DjangoConnector().get_worker_connector()), transaction.atomic():
        enqueue(waiting, at=NOON)
        transaction.set_rollback(True)
    assert ProcrastinateJob.objects.filter(queue_name="mail").count() == 1


def test_what_a_dead_worker_had_begun_is_given_to_the_living():
    waiting = notice()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
        )
    work("mail")
    waiting.refresh_from_db()
    assert waiting.state == "waiting", "only the clock's job looks for it"
    app.configure_task("appeals.take_over", queueing_lock="this test").defer(timestamp=0)
    work("upkeep", "mail")
    waiting.refresh_from_db()
    assert waiting.state == "sent"


def test_finished_jobs_are_forgotten_and_waiting_ones_are_not():
    waiting = notice()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args) VALUES ('mail', 'gone', 'todo', '{}')"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'gone'")
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '8 days'")
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE task_name <> 'gone'"
        )
    app.configure_task("appeals.forget_old_jobs", queueing_lock="this test").defer(timestamp=0)
    work("upkeep", "mail")
    assert [job.args for job in ProcrastinateJob.objects.filter(queue_name="mail")] == [{"notice_id": waiting.pk}]


def test_worker_beside_the_site_sends_at_once_and_ends_with_it():
    with worker_beside():
        waiting = notice()
        for _ in range(100):
            waiting.refresh_from_db()
            if waiting.state == "sent":
                break
            time.sleep(0.05)
        assert waiting.state == "sent"
        assert "worker" in {thread.name for thread in threading.enumerate()}
    assert "worker" not in {thread.name for thread in threading.enumerate()}
    assert isinstance(app.connector, DjangoConnector)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        assert cursor.fetchone() == (0,)


def test_every_job_is_known_and_the_clock_starts_what_it_should():
    assert {name for name in app.tasks if name.startswith("appeals.")} == {
        "appeals.deliver", "appeals.take_over", "appeals.give_up_stale_claims", "appeals.announce_due",
        "appeals.forget_old_jobs", "appeals.seal_reading_log", "appeals.erase_expired",
    }  # fmt: skip
    clocks = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert clocks == {name for name in app.tasks if name.startswith(("appeals.", "analysis."))} - {
        "appeals.deliver", "analysis.evaluate_past",
    }  # fmt: skip
    assert jobs.queue_age(now=NOON) == datetime.timedelta(0)
