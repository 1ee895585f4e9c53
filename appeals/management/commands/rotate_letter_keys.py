"""Wrap the keys of all letters by the first key of LETTER_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from appeals.models import key_ring
from appeals.sealing import CannotUnseal
from appeals.services.rotating import keys_to_rewrap, rewrap_some


class Command(BaseCommand):
    """`rotate_letter_keys [--batch N]`: exit 0 when every key is wrapped by the current one; may be stopped and begun
    again at any time.
    """

    help = "Wrap the keys of letters by the first key of LETTER_KEYS; after that the others may be taken out."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--batch", type=int, default=500, help="Keys in one transaction (default: 500).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go on batch by batch until none is left."""
        if options["batch"] < 1:
            raise CommandError("--batch must be at least 1.", returncode=2)
        whole, done = keys_to_rewrap(), 0
        try:
            while some := rewrap_some(at_most=options["batch"]):
                done += some
                if self.stdout.isatty():
                    self.stdout.write(f"\r{done:,} of {whole:,} keys", ending="")
                    self.stdout.flush()
        except CannotUnseal as missing:
            raise CommandError(f"{missing}. {done} keys are wrapped anew; add that key and run again.") from missing
        if self.stdout.isatty() and done:
            self.stdout.write("")
        if left := keys_to_rewrap():
            raise CommandError(f"{left} keys are in use by somebody else. Run again.")
        self.stdout.write(f"{done} keys wrapped anew; all are wrapped by “{key_ring().current}”.")
