"""Add a city."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.boundaries.outlining import UnusableOutline
from geo.cities import add_city
from geo.models import City


class Command(BaseCommand):
    """Add a city, by default in stage draft: its boundaries and officers come next."""

    help = "Add a city. Next: import_boundaries FILE --city SLUG."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its part of the page's address: latin letters, digits, hyphens")
        parser.add_argument("--name-uk", required=True, help="name in Ukrainian")
        parser.add_argument("--name-en", default="", help="name in English")
        parser.add_argument("--katottg", default="", help="code of the administrative unit: UA and 17 digits")
        parser.add_argument("--stage", default=City.Stage.DRAFT, choices=City.Stage.values)
        parser.add_argument(
            "--outline", type=Path, help="file with the city's own border: any kind and CRS that boundaries may have"
        )

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        """Add the city or say why not."""
        try:
            city = add_city(
                slug=slug,
                name_uk=options["name_uk"],
                name_en=options["name_en"],
                katottg=options["katottg"],
                stage=options["stage"],
                outline=options["outline"],
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except UnusableOutline as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(city)s: added in stage %(stage)s") % {"city": city.slug, "stage": city.get_stage_display()}
        )
