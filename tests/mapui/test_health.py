"""The service says whether it lives and whether it is ready."""

import datetime

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from geo import checks


def test_alive_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_tables_are_up_to_date(db: None, client: Client) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "faults": []}


def test_not_ready_without_postgis_and_nobody_is_told_the_drivers_words(db: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO nowhere")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "faults": ["The database does not answer, or lacks PostGIS or pg_trgm."],
    }


def test_not_ready_when_the_database_refuses_and_nobody_is_told_the_drivers_words(
    transactional_db: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    connection.close()
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "no_such_database"
    try:
        response = client.get("/readyz")
    finally:
        connection.settings_dict["NAME"] = name
    assert response.status_code == 503
    assert "no_such_database" not in response.text
    assert "no_such_database" in caplog.text, "the operator is told"


def test_not_ready_while_migrations_wait(db: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'analysis'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["faults"]) == (503, ["The tables are not up to date."])


def test_not_ready_while_no_worker_takes_the_jobs(db: None, client: Client) -> None:
    long_ago = timezone.now() - datetime.timedelta(minutes=16)
    for at, status in ((timezone.now(), 200), (timezone.now() + datetime.timedelta(days=1), 200), (long_ago, 503)):
        app.configure_task("appeals.deliver", queue="mail", schedule_at=at).defer(notice_id=1)
        assert client.get("/readyz").status_code == status
    assert client.get("/readyz").json()["faults"] == ["No worker takes the jobs: mails wait."]


def test_an_old_gdal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "gdal_version", lambda: b"3.6.2")
    assert [message.id for message in run_checks(tags=["security"]) if message.id.startswith("geo")] == ["geo.E001"]


def test_the_gdal_in_use_is_new_enough() -> None:
    assert checks.check_gdal() == []


def test_this_database_reads_cyrillic(db: None) -> None:
    assert checks.database_faults("default") == []
