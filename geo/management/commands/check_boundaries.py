"""Check the boundaries that a city has."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.boundaries.importing import recheck_edition
from geo.boundaries.telling import report_text
from geo.management.arguments import city_of_slug, metres
from geo.models import BoundaryEdition


class Command(BaseCommand):
    """Check the edition in force, or the newest. Exit codes: 0 fit, 1 errors that nobody accepted, 2 wrong usage."""

    help = "Check a city's boundaries in force (or its newest edition) again; nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", required=True, metavar="SLUG")
        parser.add_argument("--edition", type=int, metavar="N", help="number of the edition; default: the one in force")
        parser.add_argument("--tolerance", type=metres, default=1.0, metavar="METRES")
        parser.add_argument("--report", type=Path, metavar="FILE.json")

    def handle(self, *args: Any, city: str, edition: int | None, tolerance: float, **options: Any) -> None:
        """Print the report."""
        tenant = city_of_slug(city)
        now = timezone.now()
        editions = BoundaryEdition.objects.filter(city=tenant)
        chosen = (
            editions.filter(number=edition).first()
            if edition
            else editions.in_force_at(now).first() or editions.order_by("-number").first()
        )
        if chosen is None:
            raise CommandError(
                _("%(city)s has no such edition. Bring one in: import_boundaries FILE --city %(city)s")
                % {"city": city},
                returncode=2,
            )
        report = recheck_edition(chosen, tolerance_m=tolerance, now=now)
        self.stdout.write(report_text(report, accepted=chosen.accepted))
        if options["report"]:
            options["report"].write_text(report.to_json(), encoding="utf-8")
        if report.has_errors(accepted_keys=chosen.accepted.keys()):
            sys.exit(1)
