"""Release the periods that are due; the worker does the same each night."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis.closing import CannotClose, close_due, close_period
from analysis.models import Release
from analysis.periods import Period
from geo.management.arguments import city_of_slug


def period(text: str) -> Period:
    """Read a month, quarter or year."""
    try:
        return Period.read(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a period such as 2026-01, 2026-Q1 or 2026") from None


class Command(BaseCommand):
    """Without a period everything that is due. Exit codes: 0 done, 1 refused, with the reason, 2 wrong usage."""

    help = (
        "Count the periods that are due, mask small counts, and freeze them as releases: they are never issued again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument("--city", metavar="SLUG", help="one city; without it all")
        parser.add_argument("--period", type=period, help="2026-01 (ordinary), 2026-Q1 (protected) or 2026 (parts)")

    def handle(self, *args: Any, city: str | None, period: Period | None, **options: Any) -> None:
        """Release, and name each release."""
        tenant, now = city_of_slug(city) if city else None, timezone.now()
        if period is None:
            released = close_due(now=now, city=tenant)
        elif tenant is None:
            raise CommandError("--period needs --city", returncode=2)
        else:
            [kind] = (kind for kind in Release.Kind if kind.span is period.span)
            try:
                released = [close_period(city=tenant, kind=kind, period=period, now=now)]
            except CannotClose as refusal:
                raise CommandError(str(refusal), returncode=1) from refusal
        for each in released:
            self.stdout.write(f"{each}: released, {each.plan or 'without areas'}")
        if not released:
            self.stdout.write("Nothing is due that was not released before.")
