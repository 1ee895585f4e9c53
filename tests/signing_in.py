"""How a test signs somebody in: by `force_login`, which counts as having shown the second factor too."""

import datetime
import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.test import Client

from people.models import User

CODE_LEFT_S = 8
"""How long a code must still live for a test to type it, also on a busy machine."""

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


def time_of_a_fresh_code() -> datetime.datetime:
    """Return now, but wait for the next code where the present one is about to die: it is refused afterwards."""
    left = settings.MFA_TOTP_PERIOD - time.time() % settings.MFA_TOTP_PERIOD
    if left < CODE_LEFT_S:
        time.sleep(left)
    return datetime.datetime.now(datetime.UTC)
