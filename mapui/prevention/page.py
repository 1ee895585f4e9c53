"""The page of prevention: hotspots of today, places where something is done, and what came of it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from analysis.districts import districts_read
from analysis.filters import HeatFilters
from analysis.geojson import as_geojson
from analysis.grids import outline_of
from analysis.hotspot_api import HOTSPOT_ZOOM
from analysis.hotspots.significance import FEWEST
from analysis.models import Measure, MeasureVersion, PreventionPlace, sees_whole
from analysis.prevention.measuring import BeforeAfter, before_and_after
from analysis.prevention.places import Hotspot, hotspots_now, place_of
from appeals.models import rights_by_key
from geo.models import City, District
from geo.moments import local_day
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given, keep_as_prefetched
from mapui.heat.spots import SHOWN, district_of
from mapui.heat.words import chance_words, day_words, steadiness_words, verdict_words
from mapui.prevention.forms import DAYS, SearchForm
from mapui.prevention.words import comparisons
from people.models import User

PAGE_SIZE = 5
"""Places of a page: their comparisons are corrected together."""


def _open(places: str = "") -> Q:
    """The condition that rows are of a city, and of a place that a person reads; `places` leads to theirs."""
    read = Q(**{f"{places}city__in": each_given("supervised", "bigint")})
    read |= Q(**{f"{places}district__in": each_given("own", "bigint")})
    return Q(**{f"{places}city": given("city", "bigint")}) & read


ELSEWHERE: Final = PreparedQuery(
    lambda: (
        District.objects.filter(city=given("city", "bigint")).exclude(pk__in=each_given("own", "bigint")).order_by()[:1]
    )
)
PLACES: Final = PreparedQuery(lambda: PreventionPlace.objects.filter(_open()).select_related("district", "category"))
MEASURES: Final = PreparedQuery(lambda: Measure.objects.filter(_open("place__")))
VERSIONS: Final = PreparedQuery(lambda: MeasureVersion.objects.filter(_open("measure__place__")))


@dataclass(frozen=True, slots=True)
class Search:
    """By which letters hotspots are looked for, and how it stands in an address."""

    form: SearchForm
    filters: HeatFilters
    query: str

    @classmethod
    def read(cls, query: QueryDict, *, today: datetime.date) -> "Search":
        """Read the topic and the span; what cannot be read means all topics of twelve months."""
        form = SearchForm({"category": query.get("category", ""), "days": query.get("days") or "364"})
        good = form.is_valid()
        category = form.cleaned_data["category"] if good else None
        days = form.cleaned_data["days"] if good else "364"
        filters = HeatFilters(
            categories=(category.slug,) if category else (),
            first=today - datetime.timedelta(days=DAYS[days] - 1),
            last=today,
            zoom=HOTSPOT_ZOOM,
        )
        return cls(form, filters, urlencode({"category": category.slug if category else "", "days": days}))


def prevention_page(city: City, user: User, query: QueryDict, *, at: datetime.datetime) -> dict[str, Any]:
    """Return everything that the page shows."""
    today = local_day(at)
    search = Search.read(query, today=today)
    places = [place for place in places_of(city, user, on=today) if standing(place)]
    page = Paginator(places, PAGE_SIZE).get_page(query.get("page"))
    whole_city = supervises(user, city, on=today)
    measured = before_and_after(page, known=places, city=city, user=user, at=at)
    found, hotspots = hotspots_now(city, user, search.filters, at=at)
    shown = _hotspots(city, user, hotspots[:SHOWN], places, search, at=at)
    metadata = {"letters": found.n, "fewest_letters": FEWEST}
    return {
        "search": search,
        "first": search.filters.first,
        "last": search.filters.last,
        "words": verdict_words(found.verdict, metadata, found=len(hotspots)),
        "hotspots": shown,
        "page": page,
        "places": [_place(place, measured.get(place.pk), today=today, whole_city=whole_city) for place in page],
        "on_map": {
            "hotspots": [_feature(each.as_geojson(), each.rank) for each in hotspots[:SHOWN]],
            "places": [_feature(shape_of(place), place.number) for place in places],
        },
        "fewest": FEWEST,
    }


def places_of(city: City, user: User, *, on: datetime.date) -> list[PreventionPlace]:
    """Return the places that a user reads on a local day, the newest first, with all that was done there."""
    own, supervised = rights_by_key(user, on=on)
    rights = {"city": city.pk, "own": own, "supervised": supervised}
    places, measures, versions = answers_of(*(each.asked(**rights) for each in (PLACES, MEASURES, VERSIONS)))
    at_place, of_measure = _grouped(measures, "place_id"), _grouped(versions, "measure_id")
    for measure in measures:
        keep_as_prefetched(measure, "versions", of_measure[measure.pk])
    for place in places:
        keep_as_prefetched(place, "measures", at_place[place.pk])
    return places


def _grouped(rows: Iterable[Any], name: str) -> defaultdict[int, list[Any]]:
    found = defaultdict[int, list[Any]](list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def standing(place: PreventionPlace) -> list[tuple[Measure, MeasureVersion]]:
    """Return the measures of a place that are not withdrawn, by day."""
    each = [(measure, measure.current) for measure in place.measures.all()]
    kept = [(measure, now) for measure, now in each if now.state != MeasureVersion.State.WITHDRAWN]
    return sorted(kept, key=lambda one: (one[1].on, one[0].pk))


def supervises(user: User, city: City, *, on: datetime.date) -> bool:
    """Tell whether a user reads the letters of every district of a city."""
    if sees_whole(city, user, on=on):
        return True
    own, _supervised = rights_by_key(user, on=on)
    return not ELSEWHERE.rows(city=city.pk, own=own)


def shape_of(place: PreventionPlace) -> dict[str, Any]:
    """Return the squares of a place as one GeoJSON geometry."""
    return as_geojson(outline_of(place.cells, place.zoom))


def place_facts(place: PreventionPlace) -> dict[str, Any]:
    """Return what a place is, in words."""
    return {
        "number": place.number,
        "district": place.district.name,
        "topic": place.category.name if place.category else _("All topics with a place"),
        "chosen": day_words(place.first, place.last),
        "squares": len(place.cells),
    }


def _place(
    place: PreventionPlace, measured: BeforeAfter | None, *, today: datetime.date, whole_city: bool
) -> dict[str, Any]:
    return place_facts(place) | {
        "measures": [
            {"measure": measure, "now": now, "is_late": now.state == MeasureVersion.State.PLANNED and now.on < today}
            for measure, now in standing(place)
        ],
        "begun": measured and measured.begun,
        "comparisons": comparisons(measured, whole_city=whole_city) if measured else [],
    }


def _hotspots(
    city: City,
    user: User,
    hotspots: Iterable[Hotspot],
    places: Iterable[PreventionPlace],
    search: Search,
    *,
    at: datetime.datetime,
) -> list[dict[str, Any]]:
    districts = districts_read(city, user, at=at)
    rows = []
    for each in hotspots:
        place = place_of(each, places, categories=search.filters.categories, on=local_day(at))
        rows.append(
            {
                "number": each.rank,
                "district": district_of(each.as_geojson(), districts),
                "letters": each.letters,
                "chance": chance_words(each.by_chance),
                "times": round(each.times, 1),
                "steadiness": steadiness_words(each.stability),
                "place": place.number if place else None,
                "cell": each.cells[0],
            }
        )
    return rows


def _feature(geometry: dict[str, Any], number: int) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"number": number}}
