"""Secrets of second factors: sealed at rest, and codes as RFC 6238 gives them."""

import base64
import datetime
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from hypothesis import given
from hypothesis import strategies as st

from people.models import User
from people.second_factor import (
    UnreadableSecret,
    code_at,
    give_authenticator_app,
    has_second_factor,
    seal,
    totp,
    unseal,
)

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@given(st.text())
def test_what_is_sealed_comes_back_and_is_never_twice_the_same(text: str) -> None:
    assert unseal(seal(text)) == text
    assert seal(text) != seal(text)


def test_sealed_text_that_was_touched_does_not_open() -> None:
    content = bytearray(base64.urlsafe_b64decode(seal("secret")))
    content[-1] ^= 1
    with pytest.raises(UnreadableSecret):
        unseal(base64.urlsafe_b64encode(content).decode())


def test_a_new_key_seals_and_the_one_before_still_opens(settings: Any) -> None:
    settings.SECOND_FACTOR_KEY = ["old"]
    old = seal("secret")
    settings.SECOND_FACTOR_KEY = ["new", "old"]
    new = seal("secret")
    assert unseal(old) == "secret"
    settings.SECOND_FACTOR_KEY = ["new"]
    assert unseal(new) == "secret"
    with pytest.raises(UnreadableSecret):
        unseal(old)


# RFC 6238, appendix B, the last six digits of SHA-1's eight
@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert totp(RFC_SECRET, datetime.datetime.fromtimestamp(second, datetime.UTC)) == code


def test_the_database_keeps_no_secret_in_the_clear(db: None) -> None:
    user = User.objects.create_user("officer@example.org")
    give_authenticator_app(user)
    kept = Authenticator.objects.get(user=user).data
    assert unseal(kept["secret"]) not in json.dumps(kept)
    assert has_second_factor(user)
    assert len(code_at(user, datetime.datetime.now(datetime.UTC))) == 6
