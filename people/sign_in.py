"""Sign-in rules: accounts are given by a coordinator, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth without public registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody can sign up: staff are invited."""
        return False
