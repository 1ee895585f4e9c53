"""The opening kit of a city: what is ready and what is missing, and the step to the next stage."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appeals.readiness import answered_item, kit, move_on
from geo.models import City
from geo.prepared_queries import PreparedQuery, given
from geo.stages import (
    Item,
    Need,
    NotReady,
    Readiness,
    Stage,
    StageRefused,
    Step,
    missing_for,
    stage_that_needs,
    steps_from,
)
from mapui.deed_words import sentence_of
from mapui.letter_readers import reader
from mapui.opening_words import NEEDS, STAGES
from mapui.permissions import recently_confirmed, staff_of_city
from people.models import Membership, StaffDeed

COORDINATOR = Membership.Role.COORDINATOR
Deed = StaffDeed.Deed
ON_THE_CITY = (Deed.ADDED, Deed.STAGE, Deed.SETTINGS, Deed.REVIEWED, Deed.TRAINING, Deed.PAGE, Deed.LINE)
DEEDS_SHOWN = 20
DEEDS: Final = PreparedQuery(
    lambda: StaffDeed.objects.filter(city=given("city", "bigint"), deed__in=ON_THE_CITY).select_related("by", "whom")[
        :DEEDS_SHOWN
    ]
)


@require_safe
@never_cache
@staff_of_city(COORDINATOR)
def opening(request: HttpRequest, city: City) -> HttpResponse:
    """Show every item of the kit as it stands now, and the steps from the city's stage."""
    items = kit(city, at=timezone.now())
    steps = () if city.is_copy else steps_from(city.stage)
    waits = [answered_item(city)] if any(Need.ANSWERED in step.needs for step in steps) else []
    context = {
        "city": city,
        "rows": [_row(city, item) for item in items],
        "ready": sum(item.readiness is Readiness.DONE for item in items),
        "to_look_at": sum(item.readiness is Readiness.WARNING for item in items),
        "seen": STAGES[Stage(city.stage)].seen,
        "steps": [_step(city, step, [*items, *waits]) for step in steps],
        "deeds": [{"at": each.at, "words": sentence_of(each)} for each in DEEDS.rows(city=city.pk)],
    }
    return render(request, "mapui/staff/opening.html", context)


@require_POST
@never_cache
@staff_of_city(COORDINATOR)
@recently_confirmed
def move(request: HttpRequest, city: City) -> HttpResponse:
    """Move the city to the stage that was asked for, or say what is missing."""
    try:
        city = move_on(city=city, to=request.POST.get("to", ""), by=reader(request), at=timezone.now())
    except NotReady as refusal:
        for item in refusal.missing:
            messages.error(request, f"{NEEDS[item.need].title}: {item.sentence}")
    except StageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The stage is now: %(stage)s.") % {"stage": city.get_stage_display()})
    return redirect("staff_opening", city.slug)


def _row(city: City, item: Item) -> dict[str, Any]:
    words = NEEDS[item.need]
    needed = stage_that_needs(item.need, stage=city.stage) if item.readiness is Readiness.MISSING else None
    return {
        "item": item,
        "title": words.title,
        "link": words.link,
        "url": reverse(words.page, args=[city.slug]),
        "needed_for": needed and City.Stage(needed).label,
    }


def _step(city: City, step: Step, items: list[Item]) -> dict[str, Any]:
    words = STAGES[step.target]
    missing = missing_for(step, items)
    return {
        "to": step.target,
        "goes_on": step.goes_on,
        "name": City.Stage(step.target).label,
        "seen": words.seen,
        "button": words.button,
        "missing": [_row(city, item) for item in missing],
    }
