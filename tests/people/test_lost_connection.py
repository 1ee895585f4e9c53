"""After a restart of the database the first request of every process is answered too."""

from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client

from tests.appeals.conftest import build_office
from tests.world import build_world


def lose_connection() -> None:
    """End the connection from the database's side, as a restart does, and begin the next request."""
    connection.ensure_connection()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()
    close_old_connections()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address",
    ["/", "/kvadraty/", "/kvadraty/1/", "/letters/", "/api/v1/cities/", "/api/v1/lookup/?lat=49.995&lon=25.005"],
)
def test_page_answers_over_a_connection_that_was_lost(client: Client, address: str) -> None:
    build_world()
    lose_connection()
    assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_letter_is_sent_over_a_connection_that_was_lost(client: Client) -> None:
    build_office()
    letter = {"city": "navchannia", "district": "1", "category": "noise", "text": "Loud."}
    lose_connection()
    key = {"Idempotency-Key": "k" * 16}
    assert client.post("/api/v1/appeals/", letter, content_type="application/json", headers=key).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_lookup_of_a_point_does_not_ask_first_whether_the_connection_lives(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_world()
    asked: list[bool] = []
    is_usable = DatabaseWrapper.is_usable

    def counted(self: Any) -> bool:
        asked.append(is_usable(self))
        return asked[-1]

    monkeypatch.setattr(DatabaseWrapper, "is_usable", counted)
    for address, checks in (("/api/v1/lookup/?lat=49.995&lon=25.005", []), ("/kvadraty/", [True])):
        close_old_connections()
        assert client.get(address).status_code == 200
        assert asked == checks
