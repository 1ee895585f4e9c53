"""Sealing: what people wrote rests encrypted (docs/adr/0007). Pure: keys are arguments, no database.

Each letter has a key of its own, 256 bits; the key rests wrapped by a key of the server that lies outside the database.
Both steps are AES-GCM (NIST SP 800-38D) with 96-bit nonces from the system's randomness; the associated data names
table, row and column, so that nothing sealed can be moved to another place unnoticed. Deleting the wrapped key erases
all that it sealed.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class CannotUnseal(Exception):
    """What is sealed was changed, lies in another place than it was sealed for, or the key is another one."""


class BadKeys(ValueError):
    """The setting of the server's keys cannot be read; the text says what is wrong with it, never a key."""


def new_key() -> bytes:
    """Return a fresh key of a letter."""
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def seal(key: bytes, plain: bytes, *, table: str, row: str, column: str) -> bytes:
    """Return nonce and ciphertext of `plain`, bound to its place."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _place(table, row, column))


def unseal(key: bytes, sealed: bytes, *, table: str, row: str, column: str) -> bytes:
    """Return what was sealed for this very place. Raises CannotUnseal."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(table, row, column))
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal(f"{table}.{column}") from error


def _place(*parts: str) -> bytes:
    """Name a place; no part holds the separator, so no two places read alike."""
    if any("\0" in part for part in parts):
        raise ValueError("a place has no NUL in its parts")
    return "\0".join(parts).encode()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The server's keys by name. New keys of letters are wrapped by `current`, older ones are still unwrapped."""

    keys: Mapping[str, bytes]
    current: str

    @classmethod
    def read(cls, setting: str) -> Self:
        """Read `name:base64` pairs with commas between them, the current one first. Raises BadKeys."""
        keys: dict[str, bytes] = {}
        for pair in filter(None, (part.strip() for part in setting.split(","))):
            name, _, encoded = pair.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = b""
            if not name or len(key) != KEY_BYTES or name in keys:
                raise BadKeys(f"LETTER_KEYS: “{name}” must be a name, a colon and 32 bytes in base64, once")
            keys[name] = key
        if not keys:
            raise BadKeys("LETTER_KEYS: there is no key")
        return cls(keys, next(iter(keys)))

    def wrap(self, key: bytes, *, row: str, table: str = "appeals_letterkey") -> bytes:
        """Return a row's key, sealed under the current key of the server."""
        return seal(self.keys[self.current], key, table=table, row=row, column="wrapped")

    def unwrap(self, wrapped: bytes, *, by: str, row: str, table: str = "appeals_letterkey") -> bytes:
        """Return a row's key. Raises CannotUnseal, also where the ring has no key `by` any more."""
        if by not in self.keys:
            raise CannotUnseal(f"LETTER_KEYS has no “{by}”")
        return unseal(self.keys[by], wrapped, table=table, row=row, column="wrapped")
