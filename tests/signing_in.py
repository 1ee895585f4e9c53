"""How a test signs somebody in: by `force_login`, which counts as having shown the second factor too."""

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from people.models import User

_force_login = Client.force_login


def with_second_factor(client: Client, user: User, backend: Any = None) -> None:
    """Sign a person in as after password and second factor, now. `tests/conftest.py` makes it `Client.force_login`."""
    by_password_alone(client, user)
    session = client.session
    now = time.time()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": now}, {"method": "mfa", "at": now}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def by_password_alone(client: Client, user: User) -> None:
    """Sign a person in as after the password, with the second factor still to show."""
    _force_login(client, user)
