"""The API keeps its own description: nothing breaks it, answers are as described, nobody reads what is not theirs.

Requests are made by schemathesis from the OpenAPI document, right ones and wrong ones, for everybody in turn.
"""

import os
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from appeals import services
from appeals.drafts import Draft
from appeals.models import Appeal
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.world import NOON, build_world

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = SchemaGenerator().get_schema(request=None, public=True)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {f"{found.ok().method.upper()} {found.ok().path}": found.ok() for found in SCHEMA.get_all_operations()}
KNOWN = {
    "city": ["navchannia", "inshe", "kvadraty", "nowhere"],
    "category": ["noise", "domestic-violence"],
    "district": ["1", "2"],
    "what": ["cells", "districts", "areas", "hotspots"],
    "format": ["geojson", "csv", "gpkg"],
    "lat": ["49.995", "50.005"],
    "lon": ["25.005", "30.005"],
    "bbox": ["-180,-90,180,90", "25,49.9,25.1,50.1"],
    "text": ["Гучно."],
}
"""Values that lead further than chance does; each is taken about every other time."""
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "500"))
PUBLIC = "visitor"


class Eyes:
    """Who asks: a name, a session, and what may stand in no answer to them."""

    def __init__(self, name: str, user: User | None, secrets: list[str]) -> None:
        self.name, self.secrets = name, secrets
        client = Client()
        if user:
            client.force_login(user)
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    def __repr__(self) -> str:
        return self.name


def write_letters(office: Office, tag: str) -> dict[str, list[str]]:
    """Let letters be written to the north and the south of the office: where -> how their places are told."""
    secrets: dict[str, list[str]] = {}
    for number, (where, category) in enumerate(product(("north", "south"), ("noise", "domestic-violence"))):
        point = office.world.in_north if where == "north" else office.world.in_south
        lon, lat = round(point.x + number / 10**5, 7), round(point.y + 0.0012345, 7)
        word = f"canary{tag}{number}"
        draft = Draft(
            place=(lon, lat),
            category=category,
            text=f"{word}text",
            answer_by="email",
            name=f"{word}name",
            email=f"{word}mail@example.org",
            address=f"{word}street, 5",
        )
        sent = services.submit_appeal(
            city=office.world.city, draft=draft, idempotency_key=f"{word}-key-of-16-and-more", received_at=NOON
        )
        services.accept(appeal=Appeal.objects.with_key().get(pk=sent.appeal.pk), by=office.supervisor, at=NOON)
        secrets.setdefault(where, []).append(f"{lon}")
    return secrets


@pytest.fixture
def everybody(db: None, settings: Any) -> Iterator[list[Eyes]]:
    """People of every role in a training city, beside another city with letters of its own; no limits on calls."""
    settings.PUBLIC_API_RATE_PER_MINUTE = 0
    settings.LETTERS_PER_ADDRESS = settings.RECEIPT_TRIES_PER_ADDRESS = 10**6
    settings.LETTERS_BUSY_PER_MINUTE = settings.RECEIPTS_BUSY_PER_MINUTE = 10**6
    build_world(west=35.0)
    own, foreign = build_office(), build_office("inshe", west=30.0)
    here, there = write_letters(own, "own"), write_letters(foreign, "foreign")
    far = there["north"] + there["south"]
    users: dict[str, tuple[User | None, list[str]]] = {
        PUBLIC: (None, [*far, *here["north"], *here["south"]]),
        "officer": (own.officer, [*far, *here["south"]]),
        "supervisor": (own.supervisor, far),
        "superuser": (User.objects.create_superuser("root@example.org"), [*far, *here["north"], *here["south"]]),
    }
    for role in ("moderator", "analyst", "coordinator"):
        users[role] = (user_with_role(own.world, role, f"{role}@example.org"), [*far, *here["north"], *here["south"]])
    # As in Django's own test client: the connection is the test's.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield [Eyes(name, user, ["canary", *secrets]) for name, (user, secrets) in users.items()]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def cases(operation: Any) -> st.SearchStrategy[Any]:
    """Requests to an operation, as described and otherwise."""
    return st.sampled_from(list(GenerationMode)).flatmap(lambda mode: operation.as_strategy(generation_mode=mode))


def walk(operation: Any, everybody: list[Eyes], examples: int) -> None:
    """Ask an operation so often, for people in turn; fail where an answer is not as it has to be."""

    @given(data=st.data())
    @hypothesis_settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    def ask(data: st.DataObject) -> None:
        case, eyes = data.draw(cases(operation)), data.draw(st.sampled_from(everybody))
        for container in (case.query, case.body):
            if isinstance(container, dict):
                for name in KNOWN.keys() & container.keys():
                    if data.draw(st.booleans()):
                        container[name] = data.draw(st.sampled_from(KNOWN[name]))
        response = case.call(
            base_url="http://localhost", app=WSGIHandler(), headers={"Cookie": eyes.cookie} if eyes.cookie else {}
        )
        case.validate_response(response, checks=CHECKS)
        for secret in eyes.secrets:
            assert secret not in response.text, f"{eyes} read {secret}"

    ask()


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_api_is_as_it_describes_itself_and_tells_nobody_what_is_not_theirs(
    name: str, everybody: list[Eyes]
) -> None:
    walk(OPERATIONS[name], everybody, examples=20)


@pytest.mark.prove
@pytest.mark.parametrize("name", OPERATIONS)
def test_thousands_of_requests_find_no_fault_in_the_api(name: str, everybody: list[Eyes]) -> None:
    walk(OPERATIONS[name], everybody, examples=EXAMPLES)


def test_secrets_would_be_seen_by_whoever_may_read_them(everybody: list[Eyes]) -> None:
    assert {PUBLIC, "officer", "supervisor"} <= {eyes.name for eyes in everybody}
    [supervisor] = [eyes for eyes in everybody if eyes.name == "supervisor"]
    [visitor] = [eyes for eyes in everybody if eyes.name == PUBLIC]
    client = Client(headers={"Cookie": supervisor.cookie})
    seen = client.get("/api/v1/staff/appeals/", {"city": "navchannia"}).text
    assert [secret for secret in visitor.secrets if secret in seen]
