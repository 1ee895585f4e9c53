"""Jobs, and the clock that starts some of them. A job is an edge: it takes the time, and calls one deed.

procrastinate keeps them in the site's own database. A job carries the number of a row and nothing else.
"""

import datetime

from django.db.models import Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from appeals import card_reports, delivery, due
from appeals.notices import DELIVER, QUEUE
from appeals.services import erasing, reading_log

UPKEEP = "upkeep"
KEEP_FINISHED_H = 7 * 24
"""Hours for which failed jobs stay to be looked at; those that succeeded go at once (settings)."""
LOST_AFTER_S = 30
"""Seconds without a sign of life after which a worker is taken for dead; it gives one every ten."""


@app.task(name=DELIVER, queue=QUEUE, retry=RetryStrategy(wait=60))
def deliver(notice_id: int) -> None:
    """Send the mail of one notice. Only a database that does not answer, or a mistake of ours, ends in another try."""
    delivery.deliver(notice_id, clock=timezone.now)


@app.periodic(cron="*/2 * * * *")
@app.task(name="appeals.take_over", queue=UPKEEP, queueing_lock="appeals.take_over", pass_context=True)
async def take_over(context: JobContext, timestamp: int) -> None:
    """Give what dead workers had begun to the living."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=LOST_AFTER_S):
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="*/5 * * * *")
@app.task(name="appeals.give_up_stale_claims", queue=UPKEEP, queueing_lock="appeals.give_up_stale_claims")
def give_up_stale_claims(timestamp: int) -> None:
    """Mark mails whose worker was lost while sending."""
    delivery.give_up_stale_claims(now=timezone.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="appeals.announce_due", queue=UPKEEP, queueing_lock="appeals.announce_due")
def announce_due(timestamp: int) -> None:
    """Tell staff what is due; the first run of the morning does, the others find it done."""
    due.announce_due(now=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(name="appeals.seal_reading_log", queue=UPKEEP, queueing_lock="appeals.seal_reading_log")
def seal_reading_log(timestamp: int) -> None:
    """Seal the day that ended at midnight; the first run after it does, the others find it done."""
    now = timezone.now()
    reading_log.seal_days_until(reading_log.last_full_day(now), now=now)


@app.periodic(cron="43 0 * * *")
@app.task(name="appeals.erase_expired", queue=UPKEEP, queueing_lock="appeals.erase_expired")
def erase_expired(timestamp: int) -> None:
    """Erase what is kept no longer, each night; `manage.py erase_expired` does the same by hand."""
    card_reports.forget(at=timezone.now())
    erasing.erase_expired(at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="appeals.forget_old_jobs", queue=UPKEEP, queueing_lock="appeals.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete finished jobs that nobody looks at any more."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_FINISHED_H, include_failed=True, include_cancelled=True, include_aborted=True
    )


def queue_age(*, now: datetime.datetime) -> datetime.timedelta:
    """Return for how long the oldest job that could be taken has waited; nothing where none waits."""
    ready = ProcrastinateJob.objects.filter(Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=now), status="todo")
    waiting = ready.annotate(since=Coalesce("scheduled_at", Max("procrastinateevent__at")))
    oldest: datetime.datetime | None = waiting.aggregate(oldest=Min("since"))["oldest"]
    return now - oldest if oldest else datetime.timedelta(0)
