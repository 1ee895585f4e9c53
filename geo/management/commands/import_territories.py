"""Import the territories of a city's districts, given as lists of streets and houses."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from geo.addresses.index import forget_gazetteer
from geo.management.arguments import at_most
from geo.models import City
from geo.tables import MAX_BYTES, FileRefused
from geo.territories.adding import NewPlaces, add_places, new_places
from geo.territories.files import read_territories
from geo.territories.recording import ListRefused, compile_reading, record_territories
from geo.territories.report import as_text, report_on


class Command(BaseCommand):
    """Read, check and, with --commit, record a list. Exit codes: 0 done, 1 refused (with reasons), 2 wrong usage."""

    help = "Check a list of streets and houses of a city's districts and, with --commit, put it in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or XLSX with district, street, houses; else a text")
        parser.add_argument("--city", required=True, metavar="SLUG")
        parser.add_argument("--district", default="", metavar="CODE", help="whose a text without headings is")
        parser.add_argument(
            "--source", type=at_most(300), default="", help="where the list comes from; default: the file's name"
        )
        parser.add_argument(
            "--add-streets",
            action="store_true",
            help="record streets that the gazetteer does not know, without points",
        )
        parser.add_argument("--commit", action="store_true", help="record; without it nothing is changed")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON too")

    def handle(self, *args: Any, file: Path, city: str, **options: Any) -> None:
        """Check, report, and commit if told to."""
        tenant = City.objects.filter(slug=city).first()
        if tenant is None:
            known = ", ".join(City.objects.values_list("slug", flat=True)) or "none yet: add_city SLUG --name-uk …"
            raise CommandError(f"There is no city {city}. Cities: {known}", returncode=2)
        try:
            with file.open("rb") as opened:
                content = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
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
            self.stdout.write(f"Columns that nothing was read from: {', '.join(reading.unused)}\n")
        compiled = compile_reading(city, reading)
        if options["add_streets"]:
            places = new_places(city, compiled)
            add_places(city, places)
            self.stdout.write(_as_text(places))
            compiled = compile_reading(city, reading)
        report = report_on(city, compiled, at=now)
        self.stdout.write(as_text(report))
        if options["report"]:
            options["report"].write_text(report.to_json(), encoding="utf-8")
        if not options["commit"]:
            return "Nothing was changed. Add --commit to put this list in force."
        recorded = record_territories(
            city=city,
            compiled=compiled,
            source=options["source"] or file.name,
            sha256=hashlib.sha256(content).hexdigest(),
            recorded_at=now,
            recorded_by=f"import_territories {file.name}"[:200],
        )
        return f"{recorded}: recorded, put in force"


def _as_text(places: NewPlaces) -> str:
    """Every street and settlement that is new, and how many names may be no streets."""
    lines = [f"New settlements: {len(places.settlements)}", *(f"  {name}" for name in places.settlements)]
    lines += [f"New streets: {len(places.streets)}"]
    for street in places.streets:
        lines.append(f"  {street}" + (f" (is it {', '.join(street.guesses)}?)" if street.guesses else ""))
    if places.left:
        lines += [
            f"Names left out: {len(places.left)}. They may be no streets: write «вул.» before those that are.",
            *(f"  {name}" for name in places.left),
        ]
    return "\n".join([*lines, ""])
