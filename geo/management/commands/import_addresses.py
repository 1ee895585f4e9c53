"""`import_addresses FILE --city SLUG [--commit]`: dry run unless --commit."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.addresses.importing import UnreadableAddresses, import_addresses
from geo.management.arguments import city_of_slug

LISTED = 50


class Command(BaseCommand):
    """Exit codes: 0 done (or the dry run could read the file), 1 refused with reasons, 2 wrong usage."""

    help = "Bring streets and houses in from CSV, GeoJSON or OSM; shows what changes, changes nothing without --commit."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Describe the command's arguments."""
        parser.add_argument("file", type=Path, help="CSV (street,house,lat,lon), GeoJSON points, .osm or .osm.pbf")
        parser.add_argument("--city", required=True, metavar="SLUG")
        parser.add_argument("--commit", action="store_true", help="record; without it nothing is changed")

    def handle(self, *args: Any, file: Path, city: str, commit: bool, **options: Any) -> None:
        """Tell what the file brings; with --commit, record it."""
        tenant = city_of_slug(city)
        if not file.is_file():
            raise CommandError(_("There is no file “%(path)s”.") % {"path": file}, returncode=2)
        try:
            report = import_addresses(tenant, file, commit=commit, say=self._progress)
        except UnreadableAddresses as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        for label, count in report.lines():
            self.stdout.write(f"{count:>10,}  {label}")
        for place, text, reason in report.refusals[:LISTED]:
            self.stdout.write(f"  {place}: {text}: {reason}")
        if report.refused > LISTED:
            self.stdout.write(_("  and %(count)d more") % {"count": report.refused - LISTED})
        if report.refused and not report.found:
            raise CommandError(_("The file holds no address; nothing was changed."), returncode=1)
        self.stdout.write(_("Done.") if commit else _("Nothing was changed. Add --commit to carry this out."))

    def _progress(self, rows: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{rows:,} ")
            sys.stderr.flush()
