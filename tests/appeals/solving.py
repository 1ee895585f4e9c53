"""Solving a challenge as a client does (ALTCHA, version 1)."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def solved(challenge: Mapping[str, Any]) -> str:
    """Find the number of a challenge and return the payload that brings it."""
    salt = hashlib.sha256(challenge["salt"].encode())
    for number in range(challenge["maxnumber"] + 1):
        tried = salt.copy()
        tried.update(str(number).encode())
        if tried.hexdigest() == challenge["challenge"]:
            return solution(challenge, number)
    raise AssertionError("the challenge has no solution")


def solution(challenge: Mapping[str, Any], number: int) -> str:
    """Return the payload of a challenge with some number."""
    members = ("algorithm", "challenge", "salt", "signature")
    return base64.b64encode(
        json.dumps({name: challenge[name] for name in members} | {"number": number}).encode()
    ).decode()
