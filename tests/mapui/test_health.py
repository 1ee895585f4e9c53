"""The service says whether it lives and whether it is ready."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from geo import checks
from mapui.views import health

READY = dict.fromkeys(("database", "postgis", "locale", "migrations", "queue", "media"), "ok")


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer is found anew, except where a test says otherwise."""
    monkeypatch.setattr(health, "KEPT_FOR_S", 0.0)


def test_alive_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_tables_are_up_to_date(db: None, client: Client) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "checks": READY, "faults": []}


def test_not_ready_without_postgis_and_nobody_is_told_the_drivers_words(db: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO nowhere")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "checks": dict.fromkeys(READY, "unknown") | {"database": "failed", "media": "ok"},
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
    assert response.json()["checks"] == READY | {"migrations": "failed"}


def test_not_ready_while_no_worker_takes_the_jobs(db: None, client: Client) -> None:
    long_ago = timezone.now() - datetime.timedelta(minutes=16)
    for at, status in ((timezone.now(), 200), (timezone.now() + datetime.timedelta(days=1), 200), (long_ago, 503)):
        app.configure_task("appeals.deliver", queue="mail", schedule_at=at).defer(notice_id=1)
        assert client.get("/readyz").status_code == status
    assert client.get("/readyz").json()["faults"] == ["No worker takes the jobs: mails wait."]


def test_not_ready_where_uploads_cannot_be_kept(
    db: None, client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "not" / "there" / "yet"
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "MEDIA_FREE_BYTES", 10**18)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["faults"]) == (503, ["The disk of uploads is full."])
    assert str(tmp_path) not in response.text
    settings.MEDIA_ROOT = Path("/proc/nowhere")
    assert client.get("/readyz").json()["checks"]["media"] == "failed"


def test_an_answer_holds_for_a_second_and_asks_the_database_nothing(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    client.get("/readyz")
    monkeypatch.setattr(health, "KEPT_FOR_S", 60.0)
    with django_assert_num_queries(0):
        assert client.get("/readyz").json()["status"] == "ok"


def test_an_old_gdal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "gdal_version", lambda: b"3.6.2")
    assert [message.id for message in run_checks(tags=["security"]) if message.id.startswith("geo")] == ["geo.E001"]


def test_the_gdal_in_use_is_new_enough() -> None:
    assert checks.check_gdal() == []


def test_this_database_reads_cyrillic(db: None) -> None:
    assert checks.database_faults("default") == []
