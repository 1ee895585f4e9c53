"""Training mode: the copy of a city, one's own exercises, and the results for those who look after them."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appeals.models import ExerciseRun
from appeals.training.deeds import TrainingRefused, begin_exercises, end_exercises, make_training_copy
from appeals.training.results import Done, by_person, exercises_of
from appeals.training.tasks import Task
from geo.copying import CannotCopy
from geo.models import City
from mapui.letter_readers import reader
from mapui.permissions import has_role, recently_confirmed, staff_of_city
from mapui.training_words import TASKS
from people.models import Membership

Role = Membership.Role
LOOK_ON = (Role.SUPERVISOR, Role.COORDINATOR)
RUNS_SHOWN = 10


@require_safe
@never_cache
@staff_of_city(Role.OFFICER, *LOOK_ON)
def training(request: HttpRequest, city: City) -> HttpResponse:
    """The way to the copy; in the copy one's exercises, and everybody's results for supervisors and coordinators."""
    copy = city if city.is_copy else City.objects.filter(copy_of=city).first()
    user = reader(request)
    runs = list(ExerciseRun.objects.filter(city=copy)[:RUNS_SHOWN]) if copy else []
    running = next((run for run in runs if run.ended_at is None), None)
    looks_on = has_role(user, city, *LOOK_ON)
    own = exercises_of(running, user) if running and city.is_copy else []
    everybody = exercises_of(running) if running and city.is_copy and looks_on else []
    context = {
        "city": city,
        "copy": copy,
        "running": running,
        "own": [_row(one) for one in own],
        "people": [
            {"person": person, "rows": [_row(one) for one in rows], "done": sum(bool(one.done_on) for one in rows)}
            for person, rows in by_person(everybody)
        ],
        "past": [{"run": run, "numbers": _numbers(run)} for run in runs if run.ended_at] if looks_on else [],
        "looks_on": looks_on,
        "coordinates": has_role(user, city, Role.COORDINATOR),
    }
    return render(request, "mapui/staff/training.html", context)


@require_POST
@never_cache
@staff_of_city(Role.COORDINATOR)
@recently_confirmed
def deed(request: HttpRequest, city: City, name: str) -> HttpResponse:
    """Make or renew the copy; begin or end the exercises."""
    by, now = reader(request), timezone.now()
    if name not in {"copy", "begin", "end"}:
        raise Http404
    if (name == "copy") is city.is_copy:
        raise PermissionDenied
    try:
        if name == "copy":
            copy = make_training_copy(city=city, by=by, at=now)
            messages.success(request, _("The training copy is up to date."))
            return redirect("staff_training", copy.slug)
        if name == "begin":
            begin_exercises(copy=city, by=by, seed=secrets.randbelow(2**32), at=now)
            messages.success(request, _("The exercises have begun: everybody finds theirs on this page."))
        else:
            end_exercises(copy=city, by=by, at=now)
            messages.success(request, _("The exercises are over: their letters are erased, the numbers stay."))
    except (TrainingRefused, CannotCopy) as refusal:
        messages.error(request, str(refusal))
    return redirect("staff_training", city.slug)


def _row(one: Done) -> dict[str, Any]:
    return {"one": one, "words": TASKS[one.task]}


def _numbers(run: ExerciseRun) -> list[dict[str, Any]]:
    return [each | {"title": TASKS[Task(each["task"])].title} for each in run.results]
