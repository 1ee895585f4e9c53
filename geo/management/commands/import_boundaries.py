"""Import the boundaries of a city's districts."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from geo.boundaries.activation import ActivationRefused
from geo.boundaries.faces import TooTangled
from geo.boundaries.importing import BoundariesRefused, ImportOptions, check_file, commit_boundaries
from geo.boundaries.reading import UnreadableBoundaries
from geo.boundaries.repair import RepairMovesTooMuch
from geo.boundaries.report import BoundaryReport
from geo.management.arguments import at_most, day, metres
from geo.models import City
from geo.moments import start_of_local_day


class Command(BaseCommand):
    """Read, check and, with --commit, record a file of boundaries. Exit code 1: refused, with reasons."""

    help = "Check the district boundaries of a file and, with --commit, record them as a new edition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON, TopoJSON, GeoPackage, Shapefile (.shp or .zip) or KML")
        parser.add_argument("--city", required=True, metavar="SLUG")
        parser.add_argument("--code-field", metavar="F", help="field with the district's code")
        parser.add_argument("--name-field", metavar="F", help="field with the district's name")
        parser.add_argument("--population-field", metavar="F", help="field with the number of residents")
        parser.add_argument("--layer", help="layer of a file that has several")
        parser.add_argument("--crs", type=int, metavar="EPSG", help="number of the CRS, where the file states none")
        parser.add_argument("--merge-same-code", action="store_true", help="join parts that carry the same code")
        parser.add_argument("--tolerance", type=metres, default=1.0, metavar="METRES", help="what counts as a sliver")
        parser.add_argument("--repair", type=metres, metavar="METRES", help="close slivers at most so wide")
        parser.add_argument(
            "--source", type=at_most(300), default="", help="where the boundaries come from; default: the file's name"
        )
        parser.add_argument("--licence", type=at_most(200), default="")
        parser.add_argument("--valid-from", type=day, metavar="DATE", help="with --activate")
        parser.add_argument("--activate", action="store_true", help="put in force at once, or from --valid-from")
        parser.add_argument("--commit", action="store_true", help="record; without it nothing is changed")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON too")

    def handle(self, *args: Any, file: Path, city: str, **options: Any) -> None:
        """Check, report, and commit if told to."""
        if options["activate"] and not options["commit"]:
            raise CommandError("--activate needs --commit", returncode=2)
        if options["valid_from"] and not options["activate"]:
            raise CommandError("--valid-from needs --activate", returncode=2)
        tenant = City.objects.filter(slug=city).first()
        if tenant is None:
            known = ", ".join(City.objects.values_list("slug", flat=True)) or "none yet: add_city SLUG --name-uk …"
            raise CommandError(f"There is no city {city}. Cities: {known}", returncode=2)
        now = timezone.now()
        try:
            checked = check_file(tenant, file, _options(options), now=now)
            self.show(checked.report, options["report"])
            if not options["commit"]:
                self.stdout.write("Nothing was changed. Add --commit to record these boundaries.")
                if checked.report.has_errors():
                    sys.exit(1)
                return
            edition = commit_boundaries(
                checked,
                by=f"import_boundaries {file.name}"[:200],
                now=now,
                activate=options["activate"],
                valid_from=start_of_local_day(options["valid_from"]) if options["valid_from"] else None,
            )
        except (UnreadableBoundaries, RepairMovesTooMuch, TooTangled, BoundariesRefused, ActivationRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{edition}: recorded{', put in force' if options['activate'] else ''}")
        if edition.errors:
            self.stdout.write(f"{edition.errors} errors block its activation until they are corrected or accepted.")

    def show(self, report: BoundaryReport, file: Path | None) -> None:
        """Print the report, and write it as JSON where asked to."""
        self.stdout.write(report.to_text())
        if file:
            file.write_text(report.to_json(), encoding="utf-8")


def _options(options: dict[str, Any]) -> ImportOptions:
    return ImportOptions(
        code_field=options["code_field"],
        name_field=options["name_field"],
        population_field=options["population_field"],
        layer=options["layer"],
        crs_epsg=options["crs"],
        merge_same_code=options["merge_same_code"],
        tolerance_m=options["tolerance"],
        repair_m=options["repair"],
        source=options["source"],
        licence=options["licence"],
    )
