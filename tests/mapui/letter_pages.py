"""How tests fill in and send the pages of letters."""

import re
from typing import Any

from django.core import signing
from django.test import Client

KEY = "0b8f2a4c95a14b7e8f5e2f1f3f0d9c11"
HOW = {"lane": "message", "answer_by": "receipt", "keep_from": "nobody"}
WRITE, READ = "/letters/new/", "/letters/"
WORDS = "Half an hour of typing, <b>lost</b>?"
VISIT = re.compile(r'name="visit" value="([^"]+)"')


def stamped(key: str = KEY) -> str:
    """Return the key of a form as the page makes it."""
    return signing.TimestampSigner(salt="letter").sign(key)


def fields(**changes: str) -> dict[str, str]:
    """Return what the last page of a letter sends."""
    letter = {"key": stamped(), "city": "navchannia", "district": "1", "lat": "", "lon": "", "category": "noise"}
    letter |= HOW | {"text": "Loud.", "stance": "myself", "name": "", "email": "", "at": "preview", "to": "send"}
    return letter | changes


def visit(client: Client, address: str = WRITE) -> str:
    """Begin a visit to the pages of letters, or go on with it."""
    found = VISIT.search(client.get(address).text)
    assert found
    return found[1]


def write(client: Client, **changes: str) -> Any:
    """Send a letter to the north of the training city by the page."""
    return client.post(WRITE, fields(**changes) | {"visit": visit(client)})


def read(client: Client, receipt: str, **more: str) -> Any:
    """Open a letter with its receipt, or write into it."""
    return client.post(READ, {"receipt": receipt, "visit": visit(client, READ)} | more)
