"""Fixtures for every test: the database, and the smallest world (tests/world.py)."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.urls import get_resolver
from hypothesis import HealthCheck, given, is_hypothesis_test, settings
from hypothesis import strategies as st
from PIL import Image

from appeals import access
from appeals.doors import LETTERS, RECEIPTS
from tests.connections import begin  # noqa: F401 (a fixture)
from tests.databases import name_test_database
from tests.seeds import leave_as_new, leave_seeds_alone
from tests.signing_in import with_second_factor
from tests.world import World, build_world

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


DEAREST = ("tests/project/", "tests/analysis/test_attacks.py")
"""What takes longest of all, one test a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the dearest: at the end one process would be left alone with them."""
    items.sort(key=lambda item: not item.nodeid.startswith(DEAREST))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let hypothesis read our modules for their constants before any test draws.

    It does so the first time that it draws a constant, one draw in twenty, and again for modules that came since: in a
    new checkout more than three seconds, which would count as the slowness of whatever test happens to be the first.
    """
    if any(is_hypothesis_test(getattr(item, "obj", None)) for item in session.items):
        _ = get_resolver(site.ROOT_URLCONF).url_patterns
        many = given(st.lists(st.integers(), min_size=200, max_size=200))
        settings(max_examples=5, database=None, deadline=None, suppress_health_check=list(HealthCheck))(
            many(lambda _numbers: None)
        )()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_createdb: bool, django_db_blocker: Any) -> None:
    """Let several checkouts, people and processes of one run keep test databases of their own."""
    with django_db_blocker.unblock():
        name_test_database(anew=django_db_createdb)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Empty what a run that was killed left behind (see --reuse-db); so does each test with real commits after it."""
    with django_db_blocker.unblock():
        seeds = leave_seeds_alone()
    TransactionTestCase._fixture_teardown = lambda case: leave_as_new(seeds)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def test_sees_every_letter(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test look at every letter on its own connection; what it calls sees only what it is let see.

    A test in a transaction says so to that transaction, one with real commits to its session.
    """
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('letters.task', 'test', false)")
        yield
        connection.close()
    elif marker or "db" in request.fixturenames:
        request.getfixturevalue("db")
        eyes = access._Eyes(task="test")
        token = access._current.set(eyes)
        access._tell(eyes)
        yield
        access._current.reset(token)
    else:
        yield


@pytest.fixture(autouse=True)
def doors_are_quiet() -> None:
    """Forget what the process knows of the load of an earlier test."""
    for door in (LETTERS, RECEIPTS):
        door.forget()


@pytest.fixture(scope="session", autouse=True)
def sign_ins_have_a_second_factor() -> None:
    """Let every test sign staff in with one call; how it is done for real, the tests of the sign-in show."""
    Client.force_login = with_second_factor  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> Iterator[None]:
    """Hash passwords in a moment; tests/people/test_sign_in.py signs in with the hash of the site, a million rounds."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; tests that read it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is absent: the real data sets are not part of the project")
    return SHARED_DATA


@pytest.fixture
def no_picture_read_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave Pillow without HEIF, as in a process that has read no picture yet."""
    Image.init()
    monkeypatch.delitem(sys.modules, "people.pictures", raising=False)
    monkeypatch.delitem(Image.OPEN, "HEIF", raising=False)
    monkeypatch.setattr(Image, "ID", [kind for kind in Image.ID if kind != "HEIF"])


@pytest.fixture
def world(db: None) -> World:
    """Three square districts of one pilot city, with officers: see tests/world.py."""
    return build_world()
