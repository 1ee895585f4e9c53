"""The second factor of a sign-in: secrets sealed at rest, codes of an authenticator app."""

import base64
import datetime
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from people.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""
NONCE_BYTES = 12
LABEL = b"people.second_factor"
"""Binds key and sealed text to this use: the same setting would give another key elsewhere."""


class UnreadableSecret(Exception):
    """A second factor was sealed under a key that SECOND_FACTOR_KEY no longer names."""


def seal(text: str) -> str:
    """Return the text sealed by AES-256-GCM under the first key of SECOND_FACTOR_KEY."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_keys()[0]).encrypt(nonce, text.encode(), LABEL)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str) -> str:
    """Return the text that was sealed under any key of SECOND_FACTOR_KEY. Raises UnreadableSecret."""
    content = base64.urlsafe_b64decode(sealed)
    for key in _keys():
        try:
            return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], LABEL).decode()
        except InvalidTag:
            continue
    raise UnreadableSecret(_("This second factor was made under another SECOND_FACTOR_KEY."))


def _keys() -> list[bytes]:
    """Derive one AES key from each word of the setting: the first seals, all unseal."""
    return [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=LABEL).derive(word.encode())
        for word in settings.SECOND_FACTOR_KEY
    ]


class SealedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second factors with their secrets sealed, and errors that say what to do next."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. A code lives for 30 seconds and works once: wait for the next."),
    }

    def encrypt(self, text: str) -> str:
        """Seal what allauth keeps in the database."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal it. Raises UnreadableSecret."""
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """Name a new passkey by its place in the row."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}


def has_second_factor(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def give_authenticator_app(user: User) -> None:
    """Give a person a new secret of an authenticator app in place of every second factor there was."""
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, generate_totp_secret())


def code_at(user: User, moment: datetime.datetime) -> str:
    """Return the code that the person's authenticator app shows at a moment; empty without an app.

    RFC 6238: SHA-1, 6 digits, steps of 30 seconds. Raises UnreadableSecret.
    """
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return totp(unseal(app.data["secret"]), moment) if app else ""


def totp(secret: str, moment: datetime.datetime) -> str:
    """Return the code of a base32 secret at a moment (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, int(moment.timestamp()) // settings.MFA_TOTP_PERIOD)))
