"""The demonstration's sign-ins with the codes of this moment."""

import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mapui.demo import sign_ins


class Command(BaseCommand):
    """Print what an authenticator app would show for every demonstration sign-in."""

    help = "Print the sign-ins of the demonstration: e-mail, password, the code of now, role."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line each. Raises CommandError where there is no demonstration."""
        now = timezone.now()
        known = sign_ins(now)
        if not known:
            raise CommandError("there is no demonstration in this database; ./dev manage load_demo loads it")
        for sign_in in known:
            self.stdout.write(f"sign in    {sign_in}")
        left_s = settings.MFA_TOTP_PERIOD - int(now.timestamp()) % settings.MFA_TOTP_PERIOD
        until = timezone.localtime(now + datetime.timedelta(seconds=left_s))
        self.stdout.write(f"codes      good until {until:%H:%M:%S}, each for one sign-in")
