"""Load the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mapui.demo import load_demo, sign_ins


class Command(BaseCommand):
    """Load two pilot cities and a training city with demonstration districts and officers. Nothing of it is real."""

    help = "Load the demonstration cities that are not there yet, and print their sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load through the same importers as everybody, in one transaction."""
        load_demo(now=timezone.now(), say=self.stdout.write)
        for sign_in in sign_ins(timezone.now()):
            self.stdout.write(f"sign in    {sign_in}")
