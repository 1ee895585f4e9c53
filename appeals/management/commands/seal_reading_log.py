"""Seal the days of the reading log that are over; the worker does the same each hour."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from appeals.services.reading_log import last_full_day, seal_days_until


class Command(BaseCommand):
    """`seal_reading_log`: exit 0, also where nothing was left to seal."""

    help = "Write down the signed digest of every day of the reading log that is over."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and tell the last digest, which is worth keeping elsewhere."""
        now = timezone.now()
        if days := seal_days_until(last_full_day(now), now=now):
            self.stdout.write(f"Days sealed: {len(days)}. Keep elsewhere: {days[-1]}")
        else:
            self.stdout.write("Every day that is over was sealed before.")
