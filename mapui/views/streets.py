"""The streets of a district, to read and to print for a door."""

import re
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geo.models import City
from geo.territories.printing import Rule, printed_lines
from geo.territories.serving import list_in_force
from people.lookup import UnknownDistrict, district_answer


@require_safe
def district_streets(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Who serves the district and which houses, street by street, as one sheet of paper holds it."""
    city, now = get_object_or_404(City.objects.visible_on_site(), slug=slug), timezone.now()
    try:
        answer = district_answer(city=city, code=code, at=now)
    except UnknownDistrict as unknown:
        raise Http404(str(unknown)) from unknown
    lines = list(printed_lines(city, now, district=code))
    context = {
        "city": city,
        "answer": answer,
        "groups": [
            (place, [(line.street or _("All streets"), houses_in_words(line.houses or "всі")) for line in own])
            for place, own in groupby(lines, lambda line: line.settlement)
        ],
        "rules": {rule for line in lines for rule in (Rule.LIST, Rule.POLYGON) if line.rule in {rule, Rule.BOTH}},
        "territory_list": list_in_force(city, now),
        "today": now,
    }
    return render(request, "mapui/streets.html", context)


def houses_in_words(houses: str) -> str:
    """Return what `ranges.HouseSet` prints with its words in the language that is active."""
    words = {"всі": _("all houses"), "непарні": _("odd"), "парні": _("even"), "крім": _("except")}
    houses = re.sub(r"від (\S+) до кінця", lambda found: _("from %(house)s on") % {"house": found[1]}, houses)
    return re.sub(r"\b(?:всі|непарні|парні|крім)\b", lambda found: words[found[0]], houses)
