"""Print the tombstones, to be kept beside the backups."""

from typing import Any

from django.core.management.base import BaseCommand

from appeals.services.replaying import tombstones


class Command(BaseCommand):
    """`list_erasures > erasures.jsonl`: one line each, nothing personal. Exit code 0."""

    help = "Print what was erased or taken down, for `replay_erasures` after an older backup is restored."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print line by line."""
        for stone in tombstones():
            self.stdout.write(stone.line())
