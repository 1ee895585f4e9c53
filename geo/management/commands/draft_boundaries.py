"""Draft the polygons of a city from its list of streets."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.boundaries.faces import TooTangled
from geo.boundaries.importing import BoundariesRefused, commit_boundaries
from geo.boundaries.refusals import refusal_text
from geo.boundaries.telling import report_text
from geo.management.arguments import city_of_slug
from geo.territories.drafting import NothingToDraft, check_drafted, draft_basis


class Command(BaseCommand):
    """Dry run unless --commit. Exit codes: 0 done, 1 nothing can be drawn or the check found errors, 2 wrong usage."""

    help = "Draw district polygons around the addresses of the list in force; record them as a draft with --commit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", required=True, metavar="SLUG")
        parser.add_argument("--commit", action="store_true", help="record the draft edition; without it nothing is")
        parser.add_argument("--report", type=Path, metavar="FILE.json")

    def handle(self, *args: Any, city: str, commit: bool, report: Path | None, **options: Any) -> None:
        """Print the report, and the number of the edition."""
        tenant, now = city_of_slug(city), timezone.now()
        try:
            checked = check_drafted(tenant, draft_basis(tenant, now), now=now)
            self.stdout.write(report_text(checked.report))
            if report:
                report.write_text(checked.report.to_json(), encoding="utf-8")
            if commit:
                edition = commit_boundaries(checked, by="draft_boundaries", now=now)
        except (NothingToDraft, TooTangled, BoundariesRefused) as refusal:
            raise CommandError(refusal_text(refusal)) from refusal
        if commit:
            self.stdout.write(
                _("%(edition)s: recorded, not in force. Open it in the editor of boundaries.") % {"edition": edition}
            )
        else:
            self.stdout.write(_("Nothing was changed. Add --commit to record the draft."))
        if checked.report.has_errors():
            sys.exit(1)
