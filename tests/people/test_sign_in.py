"""Tries to sign in: counted for all processes together, by the address that the proxy names, which rests nowhere."""

import runpy
from typing import Any

import pytest
from django.conf import global_settings, settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from people.models import User

PASSWORD = "correct horse battery"
TRIES_A_MINUTE = 10


@pytest.fixture
def officer(db: None) -> User:
    return User.objects.create_user("officer@example.org", password=PASSWORD)


@pytest.fixture
def behind_proxy(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The settings that BEHIND_PROXY makes."""
    monkeypatch.setenv("BEHIND_PROXY", "true")
    made = runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))
    for name in ("ALLAUTH_TRUSTED_PROXY_COUNT", "SECURE_PROXY_SSL_HEADER"):
        setattr(settings, name, made[name])


def sign_in(login: str, password: str, **headers: str) -> bool:
    """Tell whether a new browser gets in."""
    client = Client(headers={"X-Forwarded-Proto": "https"} | headers)
    client.post(reverse("account_login"), {"login": login, "password": password})
    return "_auth_user_id" in client.session


def exhaust(**headers: str) -> None:
    for number in range(TRIES_A_MINUTE + 1):
        sign_in(f"nobody{number}@example.org", "wrong", **headers)


def test_a_password_rests_as_a_slow_hash_and_opens(db: None, settings: Any) -> None:
    shipped = runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))
    settings.PASSWORD_HASHERS = shipped.get("PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)
    officer = User.objects.create_user("officer@example.org", password=PASSWORD)
    algorithm, rounds, *_salt_and_hash = officer.password.split("$")
    assert algorithm == "pbkdf2_sha256"
    assert int(rounds) >= 1_000_000
    assert sign_in(officer.email, PASSWORD)
    assert not sign_in(officer.email, PASSWORD + "!")


def test_one_address_behind_the_proxy_locks_nobody_else_out(officer: User, behind_proxy: None) -> None:
    exhaust(**{"X-Forwarded-For": "192.0.2.1"})
    assert not sign_in(officer.email, PASSWORD, **{"X-Forwarded-For": "192.0.2.1"})
    assert sign_in(officer.email, PASSWORD, **{"X-Forwarded-For": "192.0.2.2"})


def test_address_that_the_caller_claims_itself_is_not_believed(officer: User, behind_proxy: None) -> None:
    exhaust(**{"X-Forwarded-For": "192.0.2.1"})
    assert not sign_in(officer.email, PASSWORD, **{"X-Forwarded-For": "192.0.2.99, 192.0.2.1"})


def test_without_a_proxy_its_header_is_not_believed(officer: User) -> None:
    exhaust(**{"X-Forwarded-For": "192.0.2.1"})
    assert not sign_in(officer.email, PASSWORD, **{"X-Forwarded-For": "192.0.2.2"})


def test_tries_are_counted_in_the_database_and_the_address_is_not_kept(officer: User) -> None:
    exhaust()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {settings.CACHES['default']['LOCATION']}")  # noqa: S608 - our own name
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    assert not [key for key in keys if "127.0.0.1" in key or "login" in key]
