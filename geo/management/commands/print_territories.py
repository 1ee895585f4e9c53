"""Print the street list of each district of a city."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from geo.management.arguments import city_of_slug
from geo.territories.printing import as_csv, printed_lines


class Command(BaseCommand):
    """Fold the houses that each district serves to streets and ranges, as CSV. Exit codes: 0 done, 2 wrong usage."""

    help = "Print the streets and houses of each district as CSV: by the list in force, else by the polygon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", required=True, metavar="SLUG")

    def handle(self, *args: Any, city: str, **options: Any) -> None:
        """Write the CSV to the standard output."""
        self.stdout.write(as_csv(printed_lines(city_of_slug(city), timezone.now())), ending="")
