"""The panel beside every map of letters: how well the city's past told its future."""

from typing import Any

from django import template
from django.template import RequestContext

from analysis.hotspots.forecast import YEAR
from analysis.models import PastEvaluation
from analysis.past import FEWEST, LEAST_BEFORE, LEAST_TOLD, is_being_evaluated
from appeals.models import reads_letters_in, rights_by_key
from geo.models import City
from mapui.prevention.words import past_words
from people.models import User

register = template.Library()


@register.inclusion_tag("mapui/staff/prevention/_past.html", takes_context=True)
def past_of(context: RequestContext, city: City, user: User) -> dict[str, Any]:
    """Show the latest evaluation to those who read the city's letters, and to others why there is none for them."""
    shown: dict[str, Any] = {"city": city, "csrf_token": context.get("csrf_token")}
    if not reads_letters_in(user, city):
        return shown | {"reads_letters": False}
    _own, supervised = rights_by_key(user)
    may_ask = city.pk in supervised
    past = PastEvaluation.objects.filter(city=city).latest_first().first()
    return (
        shown
        | (past_words(past) if past else {})
        | {
            "reads_letters": True,
            "may_ask": may_ask,
            "is_asked": may_ask and is_being_evaluated(city),
            "fewest_letters": FEWEST,
            "least_weeks": LEAST_BEFORE + LEAST_TOLD,
            "more_weeks": 2 * YEAR + LEAST_TOLD,
        }
    )
