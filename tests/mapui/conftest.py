"""Who meets whom on the pages: a training city with its staff, and a reader of English."""

from typing import Any

import pytest
from django.test import Client

from tests.appeals.conftest import Office, build_office


@pytest.fixture
def office(db: None, settings: Any) -> Office:
    """A training city whose officer of the north and supervisor can sign in; nobody has to write slowly."""
    settings.LETTERS_MIN_FILL_S = -1
    return build_office()


@pytest.fixture
def english(client: Client) -> Client:
    """A reader who chose English."""
    client.cookies["language"] = "en"
    return client
