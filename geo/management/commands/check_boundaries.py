"""Check the boundaries that a city has."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from geo.boundaries.importing import recheck_edition
from geo.management.arguments import metres
from geo.models import BoundaryEdition, City


class Command(BaseCommand):
    """Check the edition in force, or the newest, once more. Exit code 1: it has errors that nobody accepted."""

    help = "Check a city's boundaries in force (or its newest edition) again; nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", required=True, metavar="SLUG")
        parser.add_argument("--edition", type=int, metavar="N", help="number of the edition; default: the one in force")
        parser.add_argument("--tolerance", type=metres, default=1.0, metavar="METRES")
        parser.add_argument("--report", type=Path, metavar="FILE.json")

    def handle(self, *args: Any, city: str, edition: int | None, tolerance: float, **options: Any) -> None:
        """Print the report."""
        if not City.objects.filter(slug=city).exists():
            raise CommandError(f"There is no city {city}.", returncode=2)
        now = timezone.now()
        editions = BoundaryEdition.objects.filter(city__slug=city)
        chosen = (
            editions.filter(number=edition).first()
            if edition
            else editions.in_force_at(now).first() or editions.order_by("-number").first()
        )
        if chosen is None:
            raise CommandError(f"{city} has no such edition: import_boundaries FILE --city {city}", returncode=2)
        report = recheck_edition(chosen, tolerance_m=tolerance, now=now)
        accepted = chosen.accepted.keys()
        self.stdout.write(report.to_text(accepted_keys=accepted))
        if options["report"]:
            options["report"].write_text(report.to_json(), encoding="utf-8")
        if report.has_errors(accepted_keys=accepted):
            sys.exit(1)
