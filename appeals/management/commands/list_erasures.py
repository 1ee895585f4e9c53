"""Print the tombstones, to be kept beside the backups."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appeals.services import replaying


class Command(BaseCommand):
    """`list_erasures > erasures.jsonl`: one line each, nothing personal. Exit code 0."""

    help = "Print what was erased or taken down, for `replay_erasures` after an older backup is restored."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--taken-down", action="store_true", help="what was taken off the site; else erasures")

    def handle(self, *args: Any, taken_down: bool, **options: Any) -> None:
        """Print line by line."""
        for stone in replaying.taken_down() if taken_down else replaying.tombstones():
            self.stdout.write(stone.line())
