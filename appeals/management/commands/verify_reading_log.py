"""Verify that the log of openings is as it was sealed, day by day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from appeals.models import OpeningDigest
from appeals.services.reading_log import verify


class Command(BaseCommand):
    """`verify_reading_log [--kept DIGEST]`: exit 0 when everything fits, 1 when something does not."""

    help = "Verify that no opening of a letter was changed, removed or added after its day."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--kept", default="", help="A digest kept outside the database: some day must have it.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and name the first day that does not fit."""
        if found := verify(now=timezone.now(), kept=options["kept"].strip().lower()):
            first, others = found[0], len(found) - 1
            more = f" Findings after it: {others}." if others else ""
            raise CommandError(f"The reading log does not fit from {first.day} on: {first.trouble}.{more}")
        last = OpeningDigest.objects.last()
        self.stdout.write(
            f"The reading log fits up to {last}"
            if last
            else "No day of the reading log is sealed yet: nothing to verify."
        )
