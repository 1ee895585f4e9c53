"""Proof of work: a sum that a browser does in about a second before its letter is taken, where very many come at once.

ALTCHA's format (https://altcha.org/docs/v2/server-integration/): find the number whose SHA-256, after the salt, is the
challenge. A challenge is made for one letter or one receipt alone: solved, it opens nothing else, and nothing has to be
remembered to refuse it elsewhere; the same letter sent again is the same letter. Pure functions, no database.
"""

import base64
import binascii
import datetime
import json
import re
from typing import Any, Final, TypedDict

from altcha import ChallengeOptions, create_challenge, verify_solution

from appeals.receipts import keyed_hash

LASTS: Final = datetime.timedelta(minutes=30)
"""A challenge is accepted for so long: time to read the page, to lose the network and to find it again."""
PAYLOAD_MAX: Final = 2_000
"""More characters than any solved challenge has."""
_SALT = re.compile(r"[0-9a-f]{24}\?expires=(?P<expires>\d{1,12})&subject=(?P<subject>[0-9a-f]{64})&", re.ASCII)
_NUMBER_MAX: Final = 2**53


class Challenge(TypedDict):
    """What has to be solved: the number, at most `maxnumber`, whose hash after `salt` is `challenge`."""

    algorithm: str
    challenge: str
    maxnumber: int
    salt: str
    signature: str


def new_challenge(subject: str, *, secret: bytes, size: int, at: datetime.datetime) -> Challenge:
    """Return a challenge of at most `size` hashes, for one letter or receipt (`subject`) alone."""
    made = create_challenge(
        ChallengeOptions(
            max_number=size,
            hmac_key=keyed_hash("work", "key", secret),
            expires=at + LASTS,
            params={"subject": keyed_hash("work", subject, secret)},
        )
    )
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "maxnumber": made.max_number,
        "salt": made.salt,
        "signature": made.signature,
    }


def is_solved(work: str, subject: str, *, secret: bytes, at: datetime.datetime) -> bool:
    """Tell whether `work` (base64 of a challenge and its `number` in JSON) is ours, solved, in time, for `subject`."""
    given = _read(work)
    salt = _SALT.fullmatch(given.get("salt", "")) if given else None
    if given is None or salt is None:
        return False
    if salt["subject"] != keyed_hash("work", subject, secret) or int(salt["expires"]) < at.timestamp():
        return False
    # The library would ask its own clock; what it signs is the hash of the whole salt with the number.
    solved, _reason = verify_solution(given, keyed_hash("work", "key", secret), check_expires=False)
    return solved


def _read(work: str) -> Any:
    """Return the members of a solution where each has its type, else None."""
    if not work or len(work) > PAYLOAD_MAX:
        return None
    try:
        given = json.loads(base64.b64decode(work, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or given.get("algorithm") != "SHA-256":
        return None
    words = ("challenge", "salt", "signature")
    number = given.get("number")
    if (
        type(number) is not int
        or not 0 <= number <= _NUMBER_MAX
        or not all(isinstance(given.get(w), str) for w in words)
    ):
        return None
    return given
