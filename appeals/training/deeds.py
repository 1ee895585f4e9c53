"""Deeds of training mode: the copy is made or renewed, exercises begin, and end with their letters erased."""

import datetime
import random
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from appeals.access import as_task
from appeals.drafts import Draft
from appeals.models import Appeal, Category, Erasure, ExerciseLetter, ExerciseRun
from appeals.services.erasing import ERASE, erase_letters
from appeals.services.history import moved
from appeals.services.sending import submit_appeal
from appeals.training.results import TASK, exercises_of, numbers_of
from appeals.training.tasks import EXERCISES, OF_AN_OFFICER, Task, letter_text
from appeals.workflow import OPEN_STATES, Lane, Move, Side, State
from geo.copying import territory_copied
from geo.models import City, District
from geo.moments import local_day
from people.copying import people_copied, trainees
from people.managing import Deed, record
from people.models import Membership, User
from people.rights import refuse_stranger

WRITER: Final[dict[str, Any]] = {"name": "Навчальна Особа", "residence": "Навчальна адреса", "phone": "+380440000000"}
"""Who writes the formal appeals of the exercises: nobody."""


class TrainingRefused(Exception):
    """A deed of training mode that cannot be; the message is a sentence."""


class NotATrainingCopy(TrainingRefused):
    """Made-up letters belong into a training copy and nowhere else."""


class ExercisesRun(TrainingRefused):
    """The exercises run already."""


class NoExercisesRun(TrainingRefused):
    """No exercises run."""


class NobodyTrains(TrainingRefused):
    """No officer of the copy has both a sign-in and a district."""


@transaction.atomic
def make_training_copy(*, city: City, by: User, at: datetime.datetime) -> City:
    """Return the training copy of a city, made or brought up to date: districts, cards, postings, roles.

    Raises NotCoordinator, geo.copying.CannotCopy, ExercisesRun.
    """
    refuse_stranger(by=by, city=city)
    if ExerciseRun.objects.filter(city__copy_of=city, ended_at=None).exists():
        raise ExercisesRun(_("Exercises run in the copy: end them first."))
    copy = territory_copied(city, by=str(by), at=at)
    people_copied(city, copy, on=local_day(at))
    record(Deed.TRAINING, by=by, whom=None, city=city, at=at, facts={"after": {"copy": copy.slug}})
    return copy


def begin_exercises(*, copy: City, by: User, seed: int, at: datetime.datetime) -> ExerciseRun:
    """Write the letters of every exercise, drawn from a seed, and return the run.

    Each letter is sent as a real one is, in a transaction of its own. What was written before a failure belongs to the
    run, and `end_exercises` erases it. Raises NotCoordinator, NotATrainingCopy, ExercisesRun, NobodyTrains.
    """
    refuse_stranger(by=by, city=copy)
    if not copy.is_copy:
        raise NotATrainingCopy(_("Exercises are for a training copy alone."))
    serving = trainees(copy, on=local_day(at))
    if not serving:
        raise NobodyTrains(_("No officer has both a sign-in and a district: invite them first."))
    with transaction.atomic():
        list(City.objects.select_for_update().filter(pk=copy.pk))
        if ExerciseRun.objects.filter(city=copy, ended_at=None).exists():
            raise ExercisesRun(_("The exercises run already."))
        run = ExerciseRun.objects.create(city=copy, seed=seed, begun_at=at, begun_by=by)
    chance = random.Random(seed)  # noqa: S311 - letters, not secrets
    for officer, own, acts in serving:
        person = officer.user
        assert person is not None  # noqa: S101 - trainees have a sign-in
        for task in OF_AN_OFFICER:
            district = acts if task is Task.SUBSTITUTE else own
            if district is not None:
                _write(run, task, district, person, chance, at)
    supervisors = User.objects.filter(
        is_active=True, memberships__city=copy, memberships__role=Membership.Role.SUPERVISOR
    )
    for person in supervisors.order_by("pk"):
        _write(run, Task.EXTEND, serving[0][1], person, chance, at)
    return run


def end_exercises(*, copy: City, by: User, at: datetime.datetime) -> ExerciseRun:
    """Keep the numbers of the run, and erase every letter of the copy. Raises NotCoordinator, NoExercisesRun.

    Whoever began a letter, or wrote one down at the desk: in a training copy nothing is real.
    """
    refuse_stranger(by=by, city=copy)
    run = ExerciseRun.objects.filter(city=copy, city__copy_of__isnull=False, ended_at=None).first()
    if run is None:
        raise NoExercisesRun(_("No exercises run here."))
    results = numbers_of(exercises_of(run))
    with as_task(ERASE):
        letters = Appeal.objects.filter(city=copy).exclude(text_sealed=b"").select_for_update(of=("self",))
        for letter in letters.with_key():
            if letter.state in {*OPEN_STATES, State.RETURNED}:
                moved(letter, Move.WITHDRAW, at=at, side=Side.WRITER)  # its writer is the program
                letter.save(update_fields=["state"])
        erase_letters(list(letters.values_list("pk", flat=True)), at=at, why=Erasure.Why.RULE)
        run.ended_at, run.results = at, results
        run.save(update_fields=["ended_at", "results"])
    return run


def _write(
    run: ExerciseRun, task: Task, district: District, person: User, chance: random.Random, at: datetime.datetime
) -> None:
    exercise = EXERCISES[task]
    draft = Draft(
        district=district.code,
        category=_category(exercise.category),
        lane=exercise.lane.value,
        text=letter_text(task, chance),
    )
    if exercise.lane is Lane.FORMAL:
        draft = replace(draft, **WRITER)
    key = f"exercise-{run.pk:06d}-{task}-{person.pk}"
    sent = submit_appeal(city=run.city, draft=draft, idempotency_key=key, received_at=at)
    with as_task(TASK):
        ExerciseLetter.objects.create(run=run, appeal=sent.appeal, task=task.value, person=person)


def _category(slug: str) -> str:
    """The category of that key where it is there still: a coordinator may have renamed it."""
    known = Category.objects.filter(slug=slug).first()
    fallback = known or Category.objects.filter(protected=False).order_by("position").first()
    return fallback.slug if fallback else slug
