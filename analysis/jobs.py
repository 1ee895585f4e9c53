"""The clock of releases."""

from django.utils import timezone
from procrastinate.contrib.django import app

from analysis.closing import close_due
from appeals.jobs import UPKEEP


@app.periodic(cron="27 1 * * *")
@app.task(name="analysis.close_periods", queue=UPKEEP, queueing_lock="analysis.close_periods")
def close_periods(timestamp: int) -> None:
    """Release what is due; a day on which no worker ran is made up for."""
    close_due(now=timezone.now())
