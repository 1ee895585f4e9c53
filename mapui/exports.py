"""What the page of exports says: which files there are, the filters in words, and a line of the log."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from analysis.asking import Asker
from analysis.exports.files import FORMATS
from analysis.filters import HeatFilters
from analysis.hotspot_api import HOTSPOT_ZOOM
from analysis.models import Export
from analysis.week import WeekHours
from appeals.filters import BadFilter
from appeals.models import Category
from geo.models import City
from mapui.heat.forms import HeatForm
from mapui.heat.words import day_words, week_words

CHOOSE = {
    "areas": ("topics", "category", "from", "to"),
    "hotspots": ("topics", "category", "from", "to", "per"),
    "districts": (),
    "cells": ("category", "from", "to", "zoom"),
}
"""The filters of the heatmap that choose what a file holds."""


def files_for(asker: Asker, city: City, query: QueryDict) -> list[dict[str, Any]]:
    """Return what somebody may take away, each with the address of every format."""
    words = {
        "areas": (_("Release areas"), _("Letters by area and whole period: small counts as a span, the area's homes.")),
        "hotspots": (_("Hotspots"), _("Where released letters lie denser than chance puts them, with rank and class.")),
        "districts": (_("Districts"), _("Their borders as they are in force, with names and codes.")),
        "cells": (_("Live squares"), _("Accepted letters by square, up to this minute. Not for publication.")),
    }
    what = [name for name in words if (asker.exports_live(city) if name == "cells" else asker.reads_releases(city))]
    return [
        {
            "name": name,
            "title": words[name][0],
            "about": words[name][1],
            "formats": [
                {"name": Export.Format(form).label, "href": _address(city, name, form, query)} for form in FORMATS
            ],
        }
        for name in what
    ]


def _address(city: City, what: str, form: str, query: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in CHOOSE[what]:
        kept.setlist(name, [value for value in query.getlist(name) if value])
    if "topics" in kept and kept.getlist("category"):
        del kept["topics"]  # the topic says which of the two it is
    if kept.get("per", "") not in {"", "area", "address"}:
        del kept["per"]  # the heatmap's colours have more measures than chance
    if what == "cells" and not kept.get("zoom"):
        kept["zoom"] = str(HOTSPOT_ZOOM)  # as the heatmap draws them
    kept["format"] = form
    return f"{reverse('staff_export', args=[city.slug, what])}?{kept.urlencode()}"


def filters_shown(city: City, query: QueryDict) -> list[tuple[str, str]]:
    """Return the filters that came from the heatmap as (name, value), in words."""
    try:
        filters = HeatFilters.read(query)
    except BadFilter as wrong:
        return [(_("Filters"), str(wrong))]
    topics = ", ".join(topic.name for topic in Category.objects.filter(slug__in=filters.categories))
    kind = _("sensitive topics") if query.get("topics") == "protected" else _("All topics")
    return [(_("Topic"), topics or kind), (_("Days"), _days(filters.first, filters.last)), *_hours(query)]


def _hours(query: QueryDict) -> list[tuple[str, str]]:
    """Say that hours choose nothing here, where the heatmap was asked for some."""
    try:
        hours = WeekHours.read(query)
    except BadFilter as wrong:
        return [(_("Weekdays and hours"), str(wrong))]
    if hours is None:
        return []
    words = _("all: no place is kept with its hour, so “%(hours)s” chooses on the heatmap alone")
    return [(_("Weekdays and hours"), words % {"hours": week_words(hours)})]


def _days(first: datetime.date | None, last: datetime.date | None) -> str:
    if first and last:
        return day_words(first, last)
    if first:
        return _("from %(day)s") % {"day": day_words(first, first)}
    if last:
        return _("until %(day)s") % {"day": day_words(last, last)}
    return _("All days")


def _day(written: str) -> datetime.date | None:
    try:
        return parse_date(written)
    except ValueError:  # 2026-02-31
        return None


def asked_words(asked: Mapping[str, Sequence[str]], topics: Mapping[str, str]) -> str:
    """Return the filters of one line of the log: those of the page in words, a program's as they stood in its address.

    `topics` are the names of topics by key. Of what was given twice the last counted; it is told as it stood.
    """
    single = {name: values[0] for name, values in asked.items() if len(values) == 1}
    kinds = {"ordinary": _("ordinary topics"), "protected": _("sensitive topics")}
    sizes = {zoom: _("squares of about %(size)s") % {"size": size} for zoom, size in HeatForm.SIZES}
    days = {name: _day(single.get(name, "")) for name in ("from", "to") if name in asked}
    said = {
        "category": ", ".join(topics.get(slug, slug) for slug in asked.get("category", ())),
        "topics": kinds.get(single.get("topics", ""), ""),
        "from": _days(days.get("from"), days.get("to")) if days and all(days.values()) else "",
        "zoom": sizes.get(single.get("zoom", ""), ""),
    }
    known = {name for name, words in said.items() if words} | ({"to"} if said["from"] else set())
    rest = [f"{name}={'+'.join(values)}" for name, values in asked.items() if name not in known]
    return "; ".join([words for words in said.values() if words] + rest)
