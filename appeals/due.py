"""What is due today and what is overdue, told once a day to the officers; what is overdue to supervisors too."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from appeals.access import as_staff, as_task
from appeals.models import Appeal, Notice
from appeals.notices import announce_to_staff
from geo.moments import KYIV, local_day
from people.models import Membership, Posting, User

OFFICE_HOURS = range(7, 19)
"""Local hours in which staff are told: early enough for the day's work, and late enough after a worker was down."""
ROLES = (Membership.Role.OFFICER, Membership.Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Owed:
    """How many letters wait for a person's answer until tonight, and how many should have been answered before."""

    due_today: int
    overdue: int

    def __bool__(self) -> bool:
        return bool(self.due_today or self.overdue)


def announce_due(*, now: datetime.datetime) -> int:
    """Announce to everybody who owes answers, once a local day and within office hours. Returns to how many."""
    if now.astimezone(KYIV).hour not in OFFICE_HOURS:
        return 0
    day = local_day(now)
    people = User.objects.filter(is_active=True, is_superuser=False, memberships__role__in=ROLES).distinct()
    events = {f"due:{person.pk}:{day}": person for person in people}
    with as_task("due"):
        told = set(Notice.objects.filter(event__in=events).values_list("event", flat=True))
    owing = {event: person for event, person in events.items() if event not in told and owed_by(person, on=day)}
    for event, person in owing.items():
        with as_task("due"):
            announce_to_staff(reader=person, side=_side(person), kind=Notice.Kind.DUE, event=event, at=now)
    return len(owing)


def owed_by(user: User, *, on: datetime.date) -> Owed:
    """Count what a person owes on a local day, across their cities.

    An officer: the letters of the districts where they are posted and not on leave. A supervisor: what is overdue in
    the city, and what is due today in districts where nobody serves that day. Only letters that they may read.
    """
    serving = Posting.objects.on(on).exclude(officer__leaves__during__contains=on)
    own = Q(district__in=serving.filter(officer__user=user).values("district"))
    supervised = Q(city__in=user.memberships.filter(role=Membership.Role.SUPERVISOR).values("city"))
    left_alone = supervised & ~Q(district__in=serving.values("district"))
    letters = Appeal.objects.visible_to(user, on=on).filter(city__copy_of=None)  # an exercise is no mail's matter
    with as_staff(user, on=on):
        return Owed(
            due_today=letters.waiting().filter(own | left_alone, answer_due_on=on).count(),
            overdue=letters.overdue_on(on).filter(own | supervised).count(),
        )


def _side(user: User) -> Notice.Side:
    is_officer = user.memberships.filter(role=Membership.Role.OFFICER).exists()
    return Notice.Side.OFFICER if is_officer else Notice.Side.SUPERVISOR
