"""Print the street list of each district of a city."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from geo.models import City
from geo.territories.printing import as_csv, printed_lines


class Command(BaseCommand):
    """Fold the houses of each polygon in force to streets and ranges, as CSV. Exit codes: 0 done, 2 wrong usage."""

    help = "Print the streets and houses of each district's polygon in force as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", required=True, metavar="SLUG")

    def handle(self, *args: Any, city: str, **options: Any) -> None:
        """Write the CSV to the standard output."""
        tenant = City.objects.filter(slug=city).first()
        if tenant is None:
            known = ", ".join(City.objects.values_list("slug", flat=True)) or "none yet: add_city SLUG --name-uk …"
            raise CommandError(f"There is no city {city}. Cities: {known}", returncode=2)
        self.stdout.write(as_csv(printed_lines(tenant, timezone.now())), ending="")
