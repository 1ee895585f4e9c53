"""The service says whether it lives and whether it is ready."""

import pytest
from django.core.checks import run_checks
from django.test import Client

from geo import checks


def test_alive_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_tables_are_up_to_date(db: None, client: Client) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "faults": []}


def test_an_old_gdal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "gdal_version", lambda: b"3.6.2")
    assert [message.id for message in run_checks(tags=["security"]) if message.id.startswith("geo")] == ["geo.E001"]


def test_the_gdal_in_use_is_new_enough() -> None:
    assert checks.check_gdal() == []


def test_this_database_reads_cyrillic(db: None) -> None:
    assert checks.database_faults("default") == []
