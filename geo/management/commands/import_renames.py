"""`import_renames FILE --city SLUG [--commit]`: dry run unless --commit."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.addresses.importing.renames import import_renames, read_renames
from geo.management.arguments import city_of_slug, take_file_for_city
from geo.tables import MAX_BYTES, FileRefused


class Command(BaseCommand):
    """Exit codes: 0 done (or the dry run could read the file), 1 refused with reasons, 2 wrong usage."""

    help = "Bring renames of streets in from CSV or XLSX; shows what becomes of them, changes nothing without --commit."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Describe the command's arguments."""
        take_file_for_city(parser, holding="old_type,old_name,new_type,new_name,scope,date,source")

    def handle(self, *args: Any, file: Path, city: str, commit: bool, **options: Any) -> None:
        """Tell what becomes of every row; with --commit, record it."""
        tenant = city_of_slug(city)
        try:
            with file.open("rb") as opened:
                table = read_renames(opened.read(MAX_BYTES + 1), name=file.name)
        except FileRefused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        report = import_renames(tenant, table, commit=commit)
        for row in report.rows:
            self.stdout.write(f"{row.row:>4} {'?' if row.is_open else ' '} {row.old} → {row.new}: {row.sentence}")
        if report.open and not report.changes and len(report.open) == len(report.rows):
            raise CommandError(_("No row could be carried out; nothing was changed."), returncode=1)
        self.stdout.write(_("Done.") if commit else _("Nothing was changed. Add --commit to carry this out."))
