"""Who has done what: read from the histories of the letters, never ticked."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from appeals.access import as_task
from appeals.models import Event, ExerciseLetter, ExerciseRun
from appeals.training.tasks import EXERCISES, Task
from geo.moments import local_day
from people.models import User

TASK = "training"
"""Under this name the histories of exercises are read: states and days come out, no words."""


@dataclass(frozen=True, slots=True)
class Done:
    """One exercise of one person: when they did it, and whether by the day it was due."""

    person: User
    task: Task
    number: str
    due_on: datetime.date
    done_on: datetime.date | None

    @property
    def in_time(self) -> bool:
        """Whether it was done by the day it was due."""
        return self.done_on is not None and self.done_on <= self.due_on


def exercises_of(run: ExerciseRun, person: User | None = None) -> list[Done]:
    """Return the exercises of a run, of one person where given, in the order of people and exercises."""
    order = list(Task)
    with as_task(TASK):
        rows = ExerciseLetter.objects.filter(run=run).select_related("appeal", "person")
        letters = list(rows.filter(person=person) if person else rows)
        events = _first_moves([letter.appeal_id for letter in letters])
    found = []
    for letter in letters:
        task = Task(letter.task)
        done_at = events.get((letter.appeal_id, letter.person_id, EXERCISES[task].move.value))
        done_on = local_day(done_at) if done_at else None
        found.append(Done(letter.person, task, letter.appeal.public_number, letter.appeal.answer_due_on, done_on))
    return sorted(found, key=lambda one: (str(one.person), one.person.pk, order.index(one.task)))


def by_person(exercises: Sequence[Done]) -> list[tuple[User, list[Done]]]:
    """Return the exercises by whose they are."""
    grouped: dict[int, tuple[User, list[Done]]] = {}
    for one in exercises:
        grouped.setdefault(one.person.pk, (one.person, []))[1].append(one)
    return list(grouped.values())


def numbers_of(exercises: Sequence[Done]) -> list[dict[str, str | int]]:
    """Return what stays of a run when its letters are erased: by exercise, how many, done, and done in time."""
    counted: dict[Task, list[Done]] = defaultdict(list)
    for one in exercises:
        counted[one.task].append(one)
    return [
        {
            "task": task.value,
            "all": len(counted[task]),
            "done": sum(one.done_on is not None for one in counted[task]),
            "in_time": sum(one.in_time for one in counted[task]),
        }
        for task in Task
        if task in counted
    ]


def _first_moves(letters: Sequence[int]) -> dict[tuple[int, int, str], datetime.datetime]:
    """When each person first made each move in each letter."""
    moves = {exercise.move.value for exercise in EXERCISES.values()}
    rows = Event.objects.filter(appeal__in=letters, kind__in=moves, by__isnull=False).order_by("-at", "-pk")
    return {(appeal, by, kind): at for appeal, by, kind, at in rows.values_list("appeal", "by", "kind", "at") if by}
