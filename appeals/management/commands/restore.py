"""Put a backup back into an empty database, compare all of it, and erase again what has been erased since."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from appeals.backups import BackupRefused, put_back
from appeals.backups.dumping import ERASURES
from appeals.backups.postgres import url_of


class Command(BaseCommand):
    """Exit codes: 0 the site may be opened again; 1 it may not, and why; 2 usage."""

    help = "Fill the empty database of DATABASE_OWNER_URL from a backup and compare it with what was kept."
    requires_system_checks = []  # there are no tables yet

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("folder", type=Path, help="the folder of one backup")
        keys = parser.add_mutually_exclusive_group(required=True)
        keys.add_argument("--keys", type=Path, help="the folder of its keys")
        keys.add_argument("--without-keys", action="store_true", help="the keys are gone: no letter can be read")
        parser.add_argument("--erasures", type=Path, help=f"tombstones; without it {ERASURES} beside the backup")

    def handle(self, *args: Any, folder: Path, keys: Path | None, erasures: Path | None, **options: Any) -> None:
        """Restore, migrate, erase again, count anew."""
        erasures = erasures or folder.parent / ERASURES
        if not erasures.is_file():
            raise CommandError(f"{erasures} is not there: it names what was erased since. Nothing was restored.")
        try:
            facts = put_back(
                url=url_of("DATABASE_OWNER_URL"),
                seeing_all=url_of("DATABASE_BACKUP_URL"),
                folder=folder,
                keys=keys,
                media=Path(settings.MEDIA_ROOT),
            )
        except (BackupRefused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{facts} facts compared: rows, checksums, policies, grants, triggers, functions. All equal.")
        call_command("migrate", "--no-input", "--verbosity", "0")
        call_command("replay_erasures", str(erasures), stdout=self.stdout)
        call_command("erase_expired", stdout=self.stdout)
        call_command("rebuild_cells", stdout=self.stdout)
        self.stdout.write("Mails that waited when the backup was made wait again: look at the staff page “Mail” first.")
