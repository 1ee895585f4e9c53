"""Sign-in rules: accounts are given by a coordinator, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth without public registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody can sign up: staff are invited."""
        return False


def keyed_hash(key: str, key_prefix: str, version: int) -> str:
    """Return the key under which tries to sign in are counted: allauth's own names the address they come from."""
    return salted_hmac("people.sign_in", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()
