"""`import_addresses FILE --city SLUG [--commit]`: dry run unless --commit."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.addresses.importing import UnreadableAddresses, import_addresses
from geo.management.arguments import city_of_slug, take_file_for_city

LISTED = 50


class Command(BaseCommand):
    """Exit codes: 0 done (or the dry run could read the file), 1 refused with reasons, 2 wrong usage."""

    help = "Bring streets and houses in from CSV, GeoJSON or OSM; shows what changes, changes nothing without --commit."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Describe the command's arguments."""
        take_file_for_city(parser, holding="CSV (street,house,lat,lon), GeoJSON points, .osm or .osm.pbf")

    def handle(self, *args: Any, file: Path, city: str, commit: bool, **options: Any) -> None:
        """Tell what the file brings; with --commit, record it."""
        tenant = city_of_slug(city)
        try:
            report = import_addresses(tenant, file, commit=commit, say=self._progress)
        except UnreadableAddresses as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        for label, count in report.lines():
            self.stdout.write(f"{count:>10,}  {label}")
        for new, known in report.namesakes:
            self.stdout.write(_("%(new)s: is it %(known)s?") % {"new": new, "known": known})
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
