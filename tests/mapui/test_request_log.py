"""A live site logs one object a line: routes, numbers, kinds of errors, and nothing that somebody typed or is."""

import io
import json
import logging
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from geo.models import City
from mapui.logs import JsonFormatter
from mapui.views import staff_letter
from people.models import User
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter

CANARY = "Канарка"
TYPED = {
    name: f"{CANARY} {name}" for name in ("text", "address", "name", "residence", "body", "receipt", "q")
} | {"email": "canary@example.org", "phone": "+380501112233"}  # fmt: skip
PRIVATE = re.compile(r"Канарк|canary|380501112233|203\.0\.113|Netscape|\b\d{4}-\d{5}\b|/letters/\d", re.IGNORECASE)
"""Whatever was typed, the address of the network, the browser, the number of a letter, the path that holds it."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console of a live site is told, at its usual level."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(JsonFormatter())
    root, requests = logging.getLogger(), logging.getLogger("requests")
    before = root.level, requests.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield told
    root.removeHandler(handler)
    root.setLevel(before[0])
    requests.setLevel(before[1])


@pytest.fixture
def caller() -> Client:
    """Somebody whose address and browser are known, and whom an error does not reach."""
    return Client(
        raise_request_exception=False, REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Netscape 4",
        HTTP_REFERER=f"http://testserver/?q={CANARY}", HTTP_X_FORWARDED_FOR="203.0.113.8",
    )  # fmt: skip


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def answered(log: io.StringIO) -> list[tuple[str, str, int, str]]:
    """Route, method, status and role of each request."""
    return [
        (line["route"], line["method"], line["status"], line["role"])
        for line in lines(log)
        if line["logger"] == "requests"
    ]


def test_a_request_is_one_line_with_its_route_and_an_id(office: Office, caller: Client, log: io.StringIO) -> None:
    response = caller.get(reverse("city", args=[office.world.city.slug]), {"q": CANARY})
    [line] = [line for line in lines(log) if line["logger"] == "requests"]
    assert line["request"] == response.headers["X-Request-ID"]
    assert (line["route"], line["method"], line["status"], line["level"]) == ("city", "GET", 200, "INFO")
    assert 0 < line["ms"] < 60_000
    assert set(line) == {
        "time", "level", "logger", "message", "request", "route", "method", "status", "ms", "role",
    }  # fmt: skip


def test_the_role_of_a_person_is_told_and_not_the_person(office: Office, caller: Client, log: io.StringIO) -> None:
    caller.get(reverse("staff_home"))
    for user in (office.officer, User.objects.create_superuser("canary@example.org", "one two three four")):
        caller.force_login(user)
        caller.get(reverse("staff_home"))
    assert answered(log) == [
        ("staff_home", "GET", 302, "visitor"),
        ("staff_home", "GET", 200, "staff"),
        ("staff_home", "GET", 200, "superuser"),
    ]
    assert not PRIVATE.search(log.getvalue())


def test_what_is_written_asked_and_read_leaves_no_word_in_the_log(
    office: Office, caller: Client, log: io.StringIO
) -> None:
    city = office.world.city
    sent = new_letter(office.world, text=TYPED["text"], address=TYPED["address"])
    page = reverse("staff_appeal", args=[city.slug, sent.appeal.public_number])
    caller.get(reverse("api-lookup"), {"address": TYPED["address"], "city": city.slug})
    caller.get(reverse("api-addresses"), {"q": TYPED["q"], "city": city.slug})
    caller.post(reverse("lookup", args=[city.slug]), TYPED)
    caller.post(reverse("write_letter"), TYPED)
    caller.post(reverse("letter"), TYPED)
    caller.post(reverse("letter"), {"receipt": sent.receipt})
    caller.post(reverse("api-appeals"), json.dumps(TYPED), "application/json", headers={"Idempotency-Key": CANARY})
    caller.post(reverse("account_login"), {"login": TYPED["email"], "password": TYPED["text"]})
    caller.get(f"/{CANARY}/nowhere/")
    caller.get("/", HTTP_HOST="canary.example.org")
    caller.generic(CANARY, "/")
    caller.get(page)  # asked to sign in
    caller.force_login(office.officer)
    caller.get(page)
    caller.post(reverse("staff_appeal_reply", args=[city.slug, sent.appeal.public_number]), TYPED)
    caller.get(reverse("staff_appeal", args=[city.slug, "2020-00001"]))
    told = log.getvalue()
    assert ("staff_appeal", "GET", 200, "staff") in answered(log)
    assert ("staff_appeal", "GET", 404, "staff") in answered(log)
    assert not PRIVATE.search(told), PRIVATE.findall(told)
    assert sent.receipt not in told


def test_a_view_that_fails_tells_where_and_not_with_what(
    office: Office, caller: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = new_letter(office.world, text=TYPED["text"])

    def fail(request: Any, city: City, letter: Any, **_more: Any) -> None:
        try:
            int(letter.text)
        except ValueError as error:
            raise SuspiciousText(f"cannot show {letter} of {TYPED['email']}: {letter.text}") from error

    monkeypatch.setattr(staff_letter, "_page", fail)
    caller.force_login(office.officer)
    response = caller.get(reverse("staff_appeal", args=[office.world.city.slug, sent.appeal.public_number]))
    assert response.status_code == 500
    [error] = [line for line in lines(log) if line["level"] == "ERROR"]
    assert (error["logger"], error["message"], error["route"]) == (
        "django.request", "Internal Server Error", "staff_appeal",
    )  # fmt: skip
    assert error["request"] == response.headers["X-Request-ID"], "the person can tell whoever looks after the site"
    assert [each["kind"] for each in error["raised"]] == [f"{__name__}.SuspiciousText", "builtins.ValueError"]
    assert error["raised"][0]["at"][-1].endswith(" fail")
    assert ("staff_appeal", "GET", 500, "staff") in answered(log)
    assert not PRIVATE.search(log.getvalue())


class SuspiciousText(Exception):
    """What a mistake of ours may raise, with words of a letter in it."""


def test_a_hostile_request_is_told_by_its_kind(office: Office, log: io.StringIO) -> None:
    logging.getLogger("django.security.DisallowedHost").error(
        "Invalid HTTP_HOST header: %s", CANARY, exc_info=SuspiciousOperation(CANARY), extra={"status_code": 400}
    )
    [line] = lines(log)
    assert line["message"] == "DisallowedHost"
    assert CANARY not in log.getvalue()


def test_a_failed_statement_is_told_by_its_code_and_constraint(db: None, log: io.StringIO) -> None:
    try:
        with transaction.atomic():
            City.objects.create(slug="admin", name_uk=CANARY)
    except IntegrityError:
        logging.getLogger("appeals.jobs").exception("a job failed: %s", uuid.UUID(int=7))
    [line] = lines(log)
    assert line["message"].startswith("a job failed: 0000")
    assert {"sqlstate": "23514", "constraint": "city_slug_not_reserved"}.items() <= line["raised"][-1].items()
    assert CANARY not in log.getvalue()


def test_probes_are_told_only_when_they_fail_and_floods_never(db: None, client: Client, log: io.StringIO) -> None:
    client.get("/healthz")
    assert answered(log) == []
    client.post("/healthz")
    assert answered(log) == [("healthz", "POST", 405, "")]


def test_nobody_is_mailed_a_report_and_no_statement_is_written(settings: Any) -> None:
    """Django's own handler would mail every value of a request that failed."""
    assert "mail_admins" not in settings.LOGGING["handlers"]
    assert settings.LOGGING["loggers"]["django"]["handlers"] == []
    assert settings.LOGGING["loggers"]["django.db.backends"]["level"] == "INFO"
    first_of_ours = settings.MIDDLEWARE.index("mapui.request_log.RequestLog")
    assert first_of_ours < settings.MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
