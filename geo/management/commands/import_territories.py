"""Import the territories of a city's districts, given as lists of streets and houses."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.addresses.index import forget_gazetteer
from geo.management.arguments import at_most, city_of_slug, take_file_for_city
from geo.models import City
from geo.tables import MAX_BYTES, FileRefused
from geo.territories.adding import add_places, new_places
from geo.territories.files import read_territories
from geo.territories.recording import ListRefused, compile_reading, record_territories
from geo.territories.report import report_on
from geo.territories.telling import places_text, report_text


class Command(BaseCommand):
    """Read, check and, with --commit, record a list. Exit codes: 0 done, 1 refused (with reasons), 2 wrong usage."""

    help = "Check a list of streets and houses of a city's districts and, with --commit, put it in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        take_file_for_city(parser, holding="CSV or XLSX with district, street, houses; else a text")
        parser.add_argument("--district", default="", metavar="CODE", help="whose a text without headings is")
        parser.add_argument(
            "--source", type=at_most(300), default="", help="where the list comes from; default: the file's name"
        )
        parser.add_argument(
            "--add-streets",
            action="store_true",
            help="record streets that the gazetteer does not know, without points",
        )
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON too")

    def handle(self, *args: Any, file: Path, city: str, **options: Any) -> None:
        """Check, report, and commit if told to."""
        tenant = city_of_slug(city)
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        try:
            with transaction.atomic():
                said = self._import(tenant, file, content, **options)
                if not options["commit"]:
                    forget_gazetteer(tenant)
                    transaction.set_rollback(True)
        except (FileRefused, ListRefused) as refusal:
            forget_gazetteer(tenant)
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(said)

    def _import(self, city: City, file: Path, content: bytes, **options: Any) -> str:
        """Do it all, in a transaction that a dry run gives up, so that it reports what would be. Return what to say."""
        now = timezone.now()
        reading = read_territories(content, name=file.name, district=options["district"])
        if reading.unused:
            columns = ", ".join(reading.unused)
            self.stdout.write(
                _("Columns of %(file)s that are not used: %(columns)s.") % {"file": file.name, "columns": columns}
            )
        compiled = compile_reading(city, reading)
        if options["add_streets"]:
            places = new_places(city, compiled)
            add_places(city, places)
            self.stdout.write(places_text(places))
            compiled = compile_reading(city, reading)
        report = report_on(city, compiled, at=now)
        self.stdout.write(report_text(report))
        if options["report"]:
            options["report"].write_text(report.to_json(), encoding="utf-8")
        if not options["commit"]:
            return _("Nothing was changed. Add --commit to put this list in force.")
        recorded = record_territories(
            city=city,
            compiled=compiled,
            source=options["source"] or file.name,
            sha256=hashlib.sha256(content).hexdigest(),
            recorded_at=now,
            recorded_by=f"import_territories {file.name}"[:200],
        )
        return _("%(list)s: recorded, put in force") % {"list": recorded}
