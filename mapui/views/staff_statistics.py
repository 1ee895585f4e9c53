"""How the city answers: honest statistics for its supervisors. Days and order stand in the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appeals.answer_times import FEWEST
from appeals.filters import BadFilter
from appeals.statistics import Statistics, statistics_of
from geo.models import City, District
from geo.moments import local_day
from mapui.letter_readers import reader, supervisor_of_letters
from mapui.lists import PAGE_SIZE, page_of
from mapui.statistics import (
    Asked,
    days_words,
    half_years,
    in_time_words,
    page_told,
    rows_by_district,
    rows_by_officer,
    satisfaction_words,
    table_of,
    withdrawn_words,
)
from people.models import Officer


@require_safe
@never_cache
@supervisor_of_letters
def statistics(request: HttpRequest, city: City) -> HttpResponse:
    """Show times and shares of the letters received on the days asked for, and by district or by officer.

    `all` puts every row on one page, to be printed.
    """
    today = local_day(timezone.now())
    try:
        asked, problem = Asked.read(request.GET, today=today), ""
    except BadFilter as bad:
        asked, problem = Asked.usual(today=today), str(bad)
    days = {"first": asked.first, "last": asked.last, "on": today}
    found: Statistics[Officer] | Statistics[District]
    if asked.by_officer:
        found = statistics_of(city, reader(request), by=Officer, **days)
        rows = rows_by_officer(found.rows)
    else:
        found = statistics_of(city, reader(request), by=District, **days)
        rows = rows_by_district(found.rows)
    table = table_of(rows, asked, name=_("Officer") if asked.by_officer else _("District"))
    page = page_of(request, table["rows"], size=max(len(rows), 1) if "all" in request.GET else PAGE_SIZE)
    context = {
        "city": city,
        "today": today,
        "asked": asked,
        "problem": problem,
        "total": found.total,
        "total_told": {
            "median": days_words(found.total.median),
            "nine": days_words(found.total.nine_in_ten),
            "in_time": in_time_words(found.total),
            "helped": satisfaction_words(found.total),
        },
        "withdrawn": withdrawn_words(found.withdrawn),
        "heads": table["heads"],
        "page": page,
        "rows": page_told(page),
        "fewest": FEWEST,
        "half_years": half_years(today),
    }
    return render(request, "mapui/staff/statistics/page.html", context)
