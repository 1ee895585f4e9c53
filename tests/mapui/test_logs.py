"""The log, as it is configured, says what happened and not where or to whom."""

import io
import logging
import socket
import sys
import threading
from collections.abc import Iterator

import pytest
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import IntegrityError, transaction

from geo.models import City
from mapui.management.commands.serve import free_server

ADDRESSES = ["Слов'янська,%205", 'Слов"янська,%205', "Слов’янська, 5", "вул. Слов'янська 5?5"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console is told."""
    get_internal_wsgi_application()  # sets logging up anew when it is loaded first
    told = io.StringIO()
    # pytest listens beside it
    [console] = [one for one in logging.getLogger("django.server").handlers if type(one) is logging.StreamHandler]
    assert console in logging.getLogger().handlers
    console.setStream(told)
    yield told
    console.setStream(sys.stderr)


@pytest.mark.parametrize("address", ADDRESSES)
def test_request_line_loses_its_query_and_keeps_the_rest(log: io.StringIO, address: str) -> None:
    line = f"GET /api/v1/lookup/?city=kvadraty&address={address} HTTP/1.1"
    logging.getLogger("django.server").info('"%s" %s %s', line, 200, 17)
    assert log.getvalue().endswith('INFO django.server "GET /api/v1/lookup/ HTTP/1.1" 200 17\n')


def test_sentence_about_an_address_keeps_only_its_path(log: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not found: %s", "/ternopil/?lat=49.55&lon=25.59")
    logging.getLogger("django.request").warning("Not found: /ternopil/?lat=49.55&lon=25.59")
    assert log.getvalue().count("Not found: /ternopil/\n") == 2


@pytest.mark.parametrize("address", ADDRESSES)
def test_api_asked_over_http_leaves_no_place_in_the_log(log: io.StringIO, address: str) -> None:
    server = free_server(None)
    server.daemon_threads = False  # so that closing waits for the last line
    server.set_app(get_internal_wsgi_application())
    answering = threading.Thread(target=server.handle_request)
    answering.start()
    with socket.create_connection(("127.0.0.1", server.server_port)) as caller:
        caller.sendall(f"GET /api/v1/lookup/?address={address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        caller.shutdown(socket.SHUT_WR)
        while caller.recv(4096):
            pass
    answering.join()
    server.server_close()
    assert "/api/v1/lookup/ HTTP/1.1" in log.getvalue()
    assert "address" not in log.getvalue()
    assert "5 HTTP" not in log.getvalue()


def test_failed_statement_is_logged_without_its_values(db: None, log: io.StringIO) -> None:
    secret = "Таємне\n\nмісто"
    try:
        with transaction.atomic():
            City.objects.create(slug="admin", name_uk=secret)
    except IntegrityError:
        logging.getLogger("django.request").exception("Internal Server Error")
    assert log.getvalue().count("city_slug_not_reserved") == 2, "the exception of psycopg and Django's"
    assert "direct cause" in log.getvalue()
    assert "DETAIL" not in log.getvalue()
    assert "Таємне" not in log.getvalue()


def test_a_flood_that_is_turned_away_does_not_fill_the_log(log: io.StringIO) -> None:
    logger = logging.getLogger("django.request")
    logger.warning("Too Many Requests: %s", "/letters/", extra={"status_code": 429})
    logger.warning("Not Found: %s", "/nowhere/", extra={"status_code": 404})
    assert "Too Many" not in log.getvalue()
    assert "Not Found" in log.getvalue()
