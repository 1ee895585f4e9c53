"""`import_officers FILE --city SLUG [--stations FILE] [--commit]`: dry run unless --commit."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.management.arguments import city_of_slug
from people.importing import (
    MAX_BYTES,
    FileRefused,
    ImportRefused,
    PlanOutdated,
    commit_import,
    plan_import,
    read_officers_file,
    read_stations_file,
)

REFUSED, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    """Exit codes: 0 done (or the dry run found nothing wrong), 1 refused with reasons, 2 wrong usage."""

    help = "Bring officers and stations in from CSV or XLSX; shows the plan, changes nothing without --commit."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Describe the command's arguments."""
        parser.add_argument("file", type=Path, help="officers: CSV or XLSX, one row a posting")
        parser.add_argument("--city", required=True, metavar="SLUG")
        parser.add_argument("--stations", type=Path, metavar="FILE", help="stations: CSV or XLSX")
        parser.add_argument("--commit", action="store_true", help="carry the plan out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the plan; with --commit and no errors, carry it out."""
        city = city_of_slug(options["city"])
        today = timezone.localdate()
        try:
            officers = read_officers_file(_content(options["file"]), name=options["file"].name)
            stations_file: Path | None = options["stations"]
            stations = read_stations_file(_content(stations_file), name=stations_file.name) if stations_file else None
        except FileRefused as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        plan = plan_import(city=city, today=today, officers=officers, stations=stations)
        for line in plan.lines():
            self.stdout.write(line)
        if plan.errors:
            raise CommandError(_("Refused; nothing was changed."), returncode=REFUSED)
        if not options["commit"]:
            self.stdout.write(_("Nothing was changed. Add --commit to carry this out."))
            return
        try:
            commit_import(
                city=city, today=today, at=timezone.now(), officers=officers, stations=stations,
                expected=plan.fingerprint,
            )  # fmt: skip
        except (ImportRefused, PlanOutdated) as refusal:
            raise CommandError(
                _("Somebody changed the officers meanwhile; nothing was changed. Run the command again."),
                returncode=REFUSED,
            ) from refusal
        self.stdout.write(_("Done."))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(
            _("“%(path)s” cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror},
            returncode=WRONG_USAGE,
        ) from error
