"""The clock of releases and of evaluations."""

from django.utils import timezone
from procrastinate.contrib.django import app

from analysis.closing import close_due
from analysis.past import EVALUATE, QUEUE, cities_with_letters, evaluate_past
from appeals.jobs import UPKEEP
from geo.models import City


@app.periodic(cron="27 1 * * *")
@app.task(name="analysis.close_periods", queue=UPKEEP, queueing_lock="analysis.close_periods")
def close_periods(timestamp: int) -> None:
    """Release what is due; a day on which no worker ran is made up for."""
    close_due(now=timezone.now())


@app.task(name=EVALUATE, queue=QUEUE)
def evaluate_one(city_id: int) -> None:
    """Evaluate the past of one city, because somebody asked."""
    evaluate_past(city=City.objects.get(pk=city_id), now=timezone.now())


@app.periodic(cron="11 3 * * 1")
@app.task(name="analysis.evaluate_pasts", queue=UPKEEP, queueing_lock="analysis.evaluate_pasts")
def evaluate_pasts(timestamp: int) -> None:
    """Evaluate the past of every city in the night after a week has ended."""
    for city in cities_with_letters():
        evaluate_past(city=city, now=timezone.now())
