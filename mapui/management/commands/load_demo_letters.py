"""Fill a training city with letters of the demonstration."""

import random
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from geo.management.arguments import city_of_slug
from mapui.demo_letters import NothingToDraw, write_demo_letters


class Command(BaseCommand):
    """`load_demo_letters`: exit 0 done, 1 refused: the city is not for training, or has nobody who could answer."""

    help = (
        "Write 400 made-up letters of the last 100 days into a training city, answer most of them, release what is due."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument("--city", default="ternopil-training", metavar="SLUG")
        parser.add_argument("--letters", type=int, default=400)
        parser.add_argument("--days", type=int, default=100)
        parser.add_argument("--seed", type=int, default=2026, help="the same seed writes the same letters")

    def handle(self, *args: Any, city: str, letters: int, days: int, seed: int, **options: Any) -> None:
        """Write them; on a terminal say how far it is."""
        tenant = city_of_slug(city)
        if not tenant.is_training:
            raise CommandError(f"{city} is not a training city: made-up letters belong into no other.", returncode=1)
        try:
            written = write_demo_letters(
                tenant,
                letters=letters,
                days=days,
                now=timezone.now(),
                chance=random.Random(seed),  # noqa: S311 - nothing secret
                say=self._progress(letters),
            )
        except NothingToDraw as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        self.stdout.write(f"{city}: {written} letters written.")

    def _progress(self, letters: int) -> Any:
        def say(written: int) -> None:
            if sys.stderr.isatty():
                self.stderr.write(f"\r{written} of {letters}", ending="")

        return say
