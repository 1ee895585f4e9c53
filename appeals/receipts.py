"""Receipts (код звернення): what a writer keeps instead of an account. Pure functions, no database.

A receipt is 80 bits in Crockford's base32 (https://www.crockford.com/base32.html), written in four groups of four.
It is drawn from the letter's idempotency key under a key of the server, so that a repeated submission gives the
same receipt while the database holds only a keyed hash of it and of the idempotency key: neither leads back.
"""

import hashlib
import hmac
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
BITS = LENGTH * 5
SHORT = 8
"""Characters of a short code, 40 bits: for what is less than a letter, where tries are limited."""
GROUP = 4
_MISREAD = {"O": "0", "I": "1", "L": "1"}
# A Ukrainian keyboard, or a voice on the phone, gives the letters that look the same.
_CYRILLIC = dict(zip("АВЕЗНІКМОРСТУХ", "ABE3H1KM0PCTYX", strict=True))
_READ_AS = str.maketrans(_MISREAD | _CYRILLIC)
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—−_.·]+")
_SHAPE = re.compile(f"[{ALPHABET}]*")
IDEMPOTENCY_KEY_SHAPE = re.compile(r"[\x21-\x7e]{16,128}")
"""16 to 128 visible ASCII characters, such as a UUID: shorter keys would meet by chance and share a receipt."""


class NotAReceipt(ValueError):
    """What was typed cannot be a receipt: not as many characters, or a character that no receipt has."""


def new_idempotency_key() -> str:
    """Return a fresh key for one form, 128 bits from the system's randomness."""
    return secrets.token_hex(16)


def receipt_for(idempotency_key: str, secret: bytes) -> str:
    """Return the receipt (grouped) that belongs to an idempotency key under the server's secret."""
    return _drawn("receipt", idempotency_key, secret, LENGTH)


def short_code_for(idempotency_key: str, secret: bytes) -> str:
    """Return the short code (grouped) that belongs to an idempotency key under the server's secret."""
    return _drawn("short-code", idempotency_key, secret, SHORT)


def grouped(receipt: str) -> str:
    """Write a normalised receipt the way people read it: XXXX-XXXX-XXXX-XXXX."""
    return "-".join(receipt[start : start + GROUP] for start in range(0, len(receipt), GROUP))


def normalise(typed: str, *, length: int = LENGTH) -> str:
    """Return the characters a person meant: any case, spaces, dashes, O for 0, I or L for 1, Cyrillic look-alikes.

    Raises NotAReceipt.
    """
    receipt = _SEPARATORS.sub("", typed).upper().translate(_READ_AS)
    if len(receipt) != length or not _SHAPE.fullmatch(receipt):
        raise NotAReceipt
    return receipt


def keyed_hash(purpose: str, value: str, secret: bytes) -> str:
    """Return the HMAC-SHA256, in hexadecimal, of a value for one purpose; the database keeps only this."""
    return hmac.new(secret, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def receipt_hash(typed: str, secret: bytes) -> str:
    """Return the keyed hash of a receipt as typed. Raises NotAReceipt."""
    return keyed_hash("receipt-at-rest", normalise(typed), secret)


def short_code_hash(typed: str, secret: bytes) -> str:
    """Return the keyed hash of a short code as typed. Raises NotAReceipt."""
    return keyed_hash("short-code-at-rest", normalise(typed, length=SHORT), secret)


def _drawn(purpose: str, idempotency_key: str, secret: bytes, length: int) -> str:
    digest = hmac.digest(secret, f"{purpose}\0{idempotency_key}".encode(), hashlib.sha256)
    bits = length * 5
    number = int.from_bytes(digest[: bits // 8])
    return grouped("".join(ALPHABET[(number >> shift) & 31] for shift in range(bits - 5, -1, -5)))
