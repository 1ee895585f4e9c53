"""Keep the database: letters in one folder, the keys that open them in another."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from appeals.backups import BackupRefused, back_up
from appeals.backups.postgres import url_of


class Command(BaseCommand):
    """`backup FOLDER --keys FOLDER`: exit code 0 when all of it is on the disk; 1 when nothing was kept."""

    help = "Keep the database and officers' photos in FOLDER, and apart from them the keys of letters, for 30 days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("folder", type=Path, help="where backups lie, one folder each")
        parser.add_argument("--keys", type=Path, required=True, help="where keys of letters lie: on another machine")

    def handle(self, *args: Any, folder: Path, keys: Path, **options: Any) -> None:
        """Do it and say what was kept."""
        try:
            kept = back_up(
                url=url_of("DATABASE_BACKUP_URL"),
                to=folder,
                keys_to=keys,
                media=Path(settings.MEDIA_ROOT),
                at=timezone.now(),
            )
        except (BackupRefused, OSError) as refusal:
            raise CommandError(f"{refusal}\nNothing was kept.") from refusal
        for old in kept.dropped:
            self.stdout.write(f"{old}: deleted, its month is over")
        self.stdout.write(f"{kept.folder}: the database, {kept.facts} facts to compare a restore with")
        self.stdout.write(f"{kept.keys}: the keys of letters")
