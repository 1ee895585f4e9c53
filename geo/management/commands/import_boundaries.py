"""Import the boundaries of a city's districts."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.boundaries.activation import ActivationRefused
from geo.boundaries.faces import TooTangled
from geo.boundaries.importing import BoundariesRefused, ImportOptions, check_file, commit_boundaries
from geo.boundaries.refusals import refusal_text
from geo.boundaries.repair import RepairMovesTooMuch
from geo.boundaries.telling import report_text
from geo.boundaries.unreadable import UnreadableBoundaries
from geo.management.arguments import at_most, city_of_slug, day, metres, take_file_for_city
from geo.moments import start_of_local_day


class Command(BaseCommand):
    """Read, check and, with --commit, record a file. Exit codes: 0 done, 1 refused (with reasons), 2 wrong usage."""

    help = "Check the district boundaries of a file and, with --commit, record them as a new edition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        take_file_for_city(parser, holding="GeoJSON, TopoJSON, GeoPackage, Shapefile (.shp or .zip) or KML")
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
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON too")

    def handle(self, *args: Any, file: Path, city: str, **options: Any) -> None:
        """Check, report, and commit if told to."""
        if options["activate"] and not options["commit"]:
            raise CommandError(_("--activate needs --commit"), returncode=2)
        if options["valid_from"] and not options["activate"]:
            raise CommandError(_("--valid-from needs --activate"), returncode=2)
        tenant = city_of_slug(city)
        now = timezone.now()
        try:
            checked = check_file(tenant, file, _options(options), now=now)
            self.stdout.write(report_text(checked.report))
            if options["report"]:
                options["report"].write_text(checked.report.to_json(), encoding="utf-8")
            if not options["commit"]:
                self.stdout.write(_("Nothing was changed. Add --commit to record these boundaries."))
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
            raise CommandError(refusal_text(refusal)) from refusal
        if options["activate"]:
            self.stdout.write(_("%(edition)s: recorded, put in force") % {"edition": edition})
        else:
            self.stdout.write(_("%(edition)s: recorded, not in force") % {"edition": edition})
        if edition.errors:
            self.stdout.write(
                ngettext(
                    "%(n)d error blocks its activation until it is corrected or accepted.",
                    "%(n)d errors block its activation until they are corrected or accepted.",
                    edition.errors,
                )
                % {"n": edition.errors}
            )


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
