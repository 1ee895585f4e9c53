"""What a reader of the heatmap asked for, and the addresses of its other views: the whole state is in the query."""

import datetime
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from analysis.filters import HeatFilters
from analysis.hotspot_api import HOTSPOT_ZOOM
from analysis.models import Sensitivity
from analysis.week import WeekHours
from appeals.filters import BadFilter
from appeals.models import Category
from geo.models import City
from mapui.heat.rates import Per

HOURS = ("weekday", "hour_from", "hour_to")
PAGE_ONLY = (*HOURS, "sort", "compare", "per", "smooth", "lang", "all")
"""Parameters that the counts of the map and of files know nothing of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they could be read, the query they came from, and in words what could not be read.

    `hours` is None where every hour of the week counts.
    """

    city: City
    live: bool
    query: QueryDict
    filters: HeatFilters
    hours: WeekHours | None = None
    error: str = ""

    @classmethod
    def read(cls, city: City, query: QueryDict, *, live: bool) -> "Asked":
        """Read the query; what is wrong in it is told, and the page shows everything."""
        try:
            filters, hours = HeatFilters.read(query, zoom=HOTSPOT_ZOOM), WeekHours.read(query)
        except BadFilter as wrong:
            kept = QueryDict(urlencode({"of": query.get("of", "")}))
            return cls(city, live, kept, HeatFilters(zoom=HOTSPOT_ZOOM), error=str(wrong))
        asked = cls(city, live, query, filters, hours)
        if hours and asked.protected_alone():
            words = _("Hours of sensitive topics are shown for no district: every hour is counted.")
            return replace(asked, query=asked.without_hours(), hours=None, error=words)
        return asked

    def protected_alone(self) -> bool:
        """Whether nothing but sensitive topics is asked for."""
        if not self.filters.categories:
            return not self.live and self.query.get("topics") == Sensitivity.PROTECTED
        topics = Category.objects.filter(slug__in=self.filters.categories)
        return set(topics.values_list("protected", flat=True)) == {True}

    @property
    def per(self) -> Per:
        """What the colours of the map measure."""
        return Per.read(self.query.get("per", ""), usual=self.usual_per)

    @property
    def usual_per(self) -> Per:
        """What they measure where nobody chose: places of different size compare by density, equal squares by count."""
        return Per.LETTERS if self.live and self.hours is None else Per.AREA

    @property
    def by_addresses(self) -> bool:
        """Whether chance is even over the known addresses, not over the area."""
        return self.per is Per.ADDRESS

    @property
    def by_district(self) -> bool:
        """Whether the map colours districts: nothing smaller has hours or residents."""
        return self.hours is not None or self.per is Per.RESIDENT

    @property
    def smooth(self) -> bool:
        """Whether the smooth layer is wished for."""
        return bool(self.query.get("smooth"))

    @property
    def compare(self) -> str:
        """With what a period is compared: "before", "year", or nothing."""
        return self.query.get("compare", "")

    @property
    def days(self) -> tuple[datetime.date, datetime.date] | None:
        """The first and the last day, where both were chosen."""
        first, last = self.filters.first, self.filters.last
        return (first, last) if first and last else None

    def without_hours(self) -> QueryDict:
        """The query for every hour of the week."""
        query = self.query.copy()
        for name in HOURS:
            query.pop(name, None)
        return query

    def link(self, **changes: str) -> str:
        """Return the query of this page with some parameters put in place; an empty one is taken out."""
        query = self.query.copy()
        for name, value in changes.items():
            query[name.rstrip("_")] = value  # of a parameter that repeats, the one value that is put is left
        kept = QueryDict(mutable=True)
        for name, values in query.lists():
            kept.setlist(name, [value for value in values if value])
        return f"?{kept.urlencode()}"

    def source(self) -> str:
        """Return the query of the API that gives the map of this page."""
        query = self.query.copy()
        for name in PAGE_ONLY:
            query.pop(name, None)
        query["city"], query["zoom"], query["of"] = self.city.slug, str(self.filters.zoom), self.of
        if "topics" in query and any(query.getlist("category")):
            del query["topics"]  # the topic says which of the two it is
        return query.urlencode()

    @property
    def of(self) -> str:
        """As the API names it."""
        return "live" if self.live else "releases"


def quick_periods(asked: Asked, today: datetime.date) -> list[dict[str, object]]:
    """Return links to periods that are often asked for, with the one that is shown marked."""
    first_of_year = today.replace(month=1, day=1)
    back = [(30, _("30 days")), (90, _("90 days"))] if asked.live else []
    periods = [(words, today - datetime.timedelta(days=days - 1), today) for days, words in back]
    periods.append((_("this year"), first_of_year, today if asked.live else today.replace(month=12, day=31)))
    last_of_last = first_of_year - datetime.timedelta(days=1)
    periods.append((_("last year"), last_of_last.replace(month=1, day=1), last_of_last))
    shown = (asked.filters.first, asked.filters.last)
    links: list[dict[str, object]] = [
        {"words": words, "href": asked.link(from_=str(first), to=str(last)), "current": shown == (first, last)}
        for words, first, last in periods
    ]
    everything = {"words": _("everything"), "href": asked.link(from_="", to="", compare="")}
    return [*links, everything | {"current": shown == (None, None)}]
