"""Erase and take down again, after an older backup was restored, what had been since it was made."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from appeals.services.replaying import BadTombstone, replay, stone_of


class Command(BaseCommand):
    """Run before the site is opened again. Exit codes: 0 done, 1 a line cannot be read and nothing is done, 2 usage."""

    help = "Erase and take down again what the lines of `list_erasures` name; what is gone already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("file", type=argparse.FileType(encoding="utf-8"), help="lines of list_erasures; - is stdin")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, file: Any, dry_run: bool, **options: Any) -> None:
        """Read all lines, then erase."""
        stones = []
        with file:
            for number, line in enumerate(file, 1):
                try:
                    stones.append(stone_of(line))
                except BadTombstone as mistake:
                    raise CommandError(f"Line {number} is no tombstone. Nothing was erased.") from mistake
        done = replay(stones, dry_run=dry_run)
        said = "to erase again" if dry_run else "erased again"
        self.stdout.write(f"{said}: {done.again}; erased already: {done.already}; not in this database: {done.unknown}")
