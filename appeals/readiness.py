"""The opening kit of a city: what each room answers, and what the letters say; the deed that moves a city on."""

import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals.access import as_task
from appeals.models import Appeal
from appeals.workflow import OPEN_STATES, State
from geo.models import City
from geo.moments import local_day
from geo.prepared_queries import PreparedQuery, each_given, given
from geo.readiness import addresses_item, boundaries_item
from geo.stages import Item, Need, NoSuchStep, NotReady, Readiness, missing_for, step_between
from people.managing import Deed, record
from people.models import User
from people.readiness import contacts_item, officers_item, staff_item, texts_item
from people.rights import refuse_stranger

TASK: Final = "opening"
"""Under this name letters are counted for the kit: numbers come out, and nothing else."""
PRACTICE_FOR: Final = datetime.timedelta(days=90)
ANSWERS_AT_LEAST, IN_TIME_AT_LEAST = 10, 90
"""So many letters must be answered, and so many of a hundred in time: a promise of this service."""


COPIES: Final = PreparedQuery(
    lambda: City.objects.filter(copy_of=given("city", "bigint")).order_by().values_list("pk", flat=True)
)
PRACTICE: Final = PreparedQuery(
    lambda: (
        Appeal.objects.filter(city__in=each_given("cities", "bigint"), received_at__gt=given("since", "timestamptz"))
        .exclude(state=State.SPAM)
        .order_by()
        .values("city")
        .annotate(
            answered=Count("pk", filter=Q(first_word_on__isnull=False)),
            in_time=Count("pk", filter=Q(first_word_on__lte=F("first_due_on"))),
            overdue=Count("pk", filter=Q(state__in=OPEN_STATES, answer_due_on__lt=given("today", "date"))),
        )
    )
)


def kit(city: City, *, at: datetime.datetime) -> tuple[Item, ...]:
    """Return every item of a city's kit as it stands, in the order in which a city is prepared."""
    on = local_day(at)
    return (
        boundaries_item(city, at=at),
        addresses_item(city, at=at),
        officers_item(city, on=on),
        contacts_item(city, on=on),
        staff_item(city),
        texts_item(city, on=on),
        practice_item(city, at=at),
    )


def practice_item(city: City, *, at: datetime.datetime) -> Item:
    """Say how letters were answered within 90 days: in the training copy, and in the city itself."""
    cities = [city.pk, *COPIES.rows(city=city.pk)]
    with as_task(TASK):
        counts = PRACTICE.rows(cities=cities, since=at - PRACTICE_FOR, today=local_day(at))
    n = {name: sum(one[name] for one in counts) for name in ("answered", "in_time", "overdue")}
    told = ngettext(
        "%(n)d letter was answered within 90 days, %(in_time)d in time.",
        "%(n)d letters were answered within 90 days, %(in_time)d in time.",
        n["answered"],
    ) % {"n": n["answered"], "in_time": n["in_time"]}
    if n["overdue"]:
        told += " " + ngettext("%(n)d is overdue now.", "%(n)d are overdue now.", n["overdue"]) % {"n": n["overdue"]}
    elif n["answered"] < ANSWERS_AT_LEAST:
        told += " " + _("At least %(n)d are asked for.") % {"n": ANSWERS_AT_LEAST}
    enough = n["answered"] >= ANSWERS_AT_LEAST and 100 * n["in_time"] >= IN_TIME_AT_LEAST * n["answered"]
    return Item(Need.PRACTICE, Readiness.DONE if enough and not n["overdue"] else Readiness.MISSING, told)


def answered_item(city: City) -> Item:
    """Say whether a letter of the city still waits for its answer."""
    with as_task(TASK):
        waiting = Appeal.objects.filter(city=city).waiting().count()
    if not waiting:
        return Item(Need.ANSWERED, Readiness.DONE, _("No letter waits for an answer."))
    told = ngettext("%(n)d letter waits for an answer.", "%(n)d letters wait for an answer.", waiting)
    return Item(Need.ANSWERED, Readiness.MISSING, told % {"n": waiting})


@transaction.atomic
def move_on(*, city: City, to: str, by: User, at: datetime.datetime) -> City:
    """Move a city to another stage, and write down who did it. Returns the city as it is then.

    Raises NotCoordinator, NoSuchStep, NotReady with all that is missing.
    """
    refuse_stranger(by=by, city=city)
    city = City.objects.select_for_update().get(pk=city.pk)
    step = step_between(city.stage, to)
    if step is None or city.copy_of_id:
        raise NoSuchStep(_("A city does not come from this stage to that one."))
    missing = missing_for(step, (*kit(city, at=at), answered_item(city)) if step.needs else ())
    if missing:
        raise NotReady(_("Not yet: %(missing)s") % {"missing": " ".join(item.sentence for item in missing)}, missing)
    before, city.stage = city.stage, step.target
    city.save(update_fields=["stage"])
    record(Deed.STAGE, by=by, whom=None, city=city, at=at, facts={"before": before, "after": to})
    return city
