"""How tests open the office's pages."""

from django.test import Client

from people.models import User

CITY = "navchannia"


def reading(client: Client, user: User) -> Client:
    """Sign somebody in, in English."""
    client.cookies["language"] = "en"
    client.force_login(user)
    return client
