"""Put a backup back into an empty database, compare all of it, and erase again what has been erased since."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from appeals.backups import BackupRefused, migrations_in, put_back
from appeals.backups.dumping import ERASURES, TAKEN_DOWN
from appeals.backups.postgres import url_of

RULES_CAME_WITH: Final = "appeals.0093_retention_rules"
TOLD_TERMS_BEFORE: Final = ("LETTERS_KEPT_YEARS", "CONTACTS_KEPT_YEARS", "READING_LOG_KEPT_YEARS")
"""Where an operator's terms of keeping stood until then; the migration reads them once more."""


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
        self.take_down(beside={erasures.parent, folder.parent})
        self.erase_by_rule(folder, os.environ)
        call_command("rebuild_cells", stdout=self.stdout)
        self.stdout.write("Mails that waited when the backup was made wait again: look at the staff page “Mail” first.")

    def take_down(self, *, beside: set[Path]) -> None:
        """Take off the site again what was taken off it, where backups knew of that already."""
        files = [folder / TAKEN_DOWN for folder in sorted(beside) if (folder / TAKEN_DOWN).is_file()]
        for file in files:
            self.stdout.write(f"{file}:")
            call_command("replay_erasures", str(file), stdout=self.stdout)
        if not files:
            self.stdout.write(f"{TAKEN_DOWN} is not there: what was taken off the site since is on it again.")

    def erase_by_rule(self, folder: Path, environ: Mapping[str, str]) -> None:
        """Erase what is over since, by terms that are the operator's; by mere defaults only count it."""
        if RULES_CAME_WITH in migrations_in(folder) or any(environ.get(name) for name in TOLD_TERMS_BEFORE):
            call_command("erase_expired", stdout=self.stdout)
            return
        self.stdout.write(
            f"The backup is older than the terms of keeping, and none of {', '.join(TOLD_TERMS_BEFORE)} is set: the "
            "terms are the defaults, and nothing was erased by them:"
        )
        call_command("erase_expired", dry_run=True, stdout=self.stdout)
        self.stdout.write(
            "Start no worker yet: it erases by them at night. Put the terms right in /admin/, “Terms of keeping”, look "
            "at `./dev manage erase_expired --dry-run`, then run `./dev manage erase_expired`."
        )
