"""Erase what is kept no longer: names and contacts, letters, days of the log of openings."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from appeals.models import Erasure
from appeals.retention import BadTerms
from appeals.services import erasing
from geo.management.arguments import city_of_slug
from geo.models import City
from geo.moments import local_day


def at_least_one(text: str) -> int:
    """Read a number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


class Command(BaseCommand):
    """The worker does the same each night; may be stopped and begun again at any time.

    Exit codes: 0 done, 1 refused (terms that cannot be kept, no such city), 2 wrong usage.
    """

    help = "Erase names and contacts, letters and openings whose term is over (docs/privacy.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--dry-run", action="store_true", help="only count, by rule and city")
        parser.add_argument("--city", metavar="SLUG", help="one city, without the log of openings")
        parser.add_argument("--batch", type=at_least_one, default=200, help="letters in one transaction (default: 200)")

    def handle(self, *args: Any, dry_run: bool, city: str | None, batch: int, **options: Any) -> None:
        """Erase, and tell how much."""
        now = timezone.now()
        try:
            self._erase(city_of_slug(city) if city else None, now=now, dry_run=dry_run, batch=batch)
        except BadTerms as refusal:
            raise CommandError(str(refusal)) from refusal

    def _erase(self, city: City | None, *, now: Any, dry_run: bool, batch: int) -> None:
        found = erasing.counts_due(on=local_day(now), city=city)
        days = [] if city else erasing.expired_days(on=local_day(now))
        said = "due" if dry_run else "erased"
        for each in found:
            if dry_run:
                letters, contacts = each.letters, each.contacts
            else:
                letters = erasing.erase_all(Erasure.What.LETTER, at=now, city=each.city, at_most=batch)
                contacts = erasing.erase_all(Erasure.What.CONTACTS, at=now, city=each.city, at_most=batch)
            self.stdout.write(f"{each.city.slug}: letters {said}: {letters}; names and contacts {said}: {contacts}")
        if days:
            openings = "" if dry_run else f", {sum(erasing.erase_openings(day) for day in days)} openings"
            self.stdout.write(f"reading log: days {said}: {len(days)}{openings}")
        if not found and not days:
            self.stdout.write("Nothing is due.")
