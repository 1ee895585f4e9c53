"""Erase what is kept no longer: names and contacts, letters, days of the log of openings, reports of mistakes."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from appeals import card_reports
from appeals.models import Erasure, RetentionRule
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

    Exit codes: 0 done, 2 wrong usage, or no such city.
    """

    help = "Erase names and contacts, letters, openings and reports whose term is over (docs/privacy.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument(
            "--dry-run", action="store_true", help="only count, by rule and city; names each term and its source"
        )
        parser.add_argument("--city", metavar="SLUG", help="one city; no openings, no reports of mistakes")
        parser.add_argument("--batch", type=at_least_one, default=200, help="letters in one transaction (default: 200)")

    def handle(self, *args: Any, dry_run: bool, city: str | None, batch: int, **options: Any) -> None:
        """Erase, and tell how much."""
        if dry_run:
            for rule in RetentionRule.objects.all():
                source = f", {rule.source}" if rule.source else ""
                unit = rule.unit if rule.number == 1 else f"{rule.unit}s"
                self.stdout.write(f"term of {rule.what}: {rule.number} {unit}{source}")
        self._erase(city_of_slug(city) if city else None, now=timezone.now(), dry_run=dry_run, batch=batch)

    def _erase(self, city: City | None, *, now: Any, dry_run: bool, batch: int) -> None:
        said = "due" if dry_run else "erased"
        reports = (0, 0) if city else self._forget(now=now, dry_run=dry_run)
        if any(reports):
            self.stdout.write(f"reports of mistakes: e-mails {said}: {reports[0]}; reports {said}: {reports[1]}")
        found = erasing.counts_due(on=local_day(now), city=city)
        days = [] if city else erasing.expired_days(on=local_day(now))
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
        if not found and not days and not any(reports):
            self.stdout.write("Nothing is due.")

    def _forget(self, *, now: Any, dry_run: bool) -> tuple[int, int]:
        """How many e-mails of readers and how many reports are due, or were erased."""
        return card_reports.counts_due(at=now) if dry_run else card_reports.forget(at=now)
