"""The way back for whoever has no coordinator: administrators."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from people.managing import reset_second_factor
from people.models import User


class Command(BaseCommand):
    """Take the second factor of one person away; the deed is recorded, done by a command."""

    help = "Reset the second factor of the person with this e-mail; at the next sign-in they set up a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Reset it. Raises CommandError for an unknown e-mail."""
        whom = User.objects.filter(email__iexact=email).first()
        if whom is None:
            raise CommandError(_("Nobody signs in with %(email)s.") % {"email": email})
        reset_second_factor(by=None, whom=whom, city=None, at=timezone.now())
        self.stdout.write(_("%(email)s: at the next sign-in a new second factor is set up") % {"email": whom.email})
