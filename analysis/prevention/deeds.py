"""Plan, record, change, withdraw and discuss measures: every version stays, and words can be erased for good."""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from analysis.filters import HeatFilters
from analysis.models import Measure, MeasureComment, MeasureVersion, PreventionPlace
from analysis.prevention.drafts import Draft, sound, worded
from analysis.prevention.errors import BadWords, MeasureChanged, NoHotspotThere, NotATopicOfPlaces, NotTheirs
from analysis.prevention.places import Hotspot, districts_served, hotspots_now, place_of, serves_in
from appeals.models import Category
from geo.cells import ZOOM, Range
from geo.models import City, District
from geo.moments import local_day
from people.models import User

State = MeasureVersion.State


def record_at_hotspot(
    *, city: City, filters: HeatFilters, cell: int, draft: Draft, key: uuid.UUID, by: User, at: datetime.datetime
) -> Measure:
    """Record a measure at the hotspot of today that holds a cell; return it. The same key is the same measure.

    Where a place that is still measured touches the hotspot, the measure belongs to it; else the hotspot becomes a
    place. Raises NotTheirs, NotATopicOfPlaces, NoHotspotThere, BadDay, BadWords.
    """
    category = _topic(filters)
    if not serves_in(by, city, on=local_day(at)):
        raise _not_theirs()
    with transaction.atomic():
        City.objects.select_for_update(no_key=True).get(pk=city.pk)  # one place after another
        if made := Measure.objects.filter(key=key, place__city=city).first():
            return made
        _found, hotspots = hotspots_now(city, by, filters, at=at, resamples=0)
        hotspot = next((each for each in hotspots if cell in each.cells), None)
        if hotspot is None:
            raise NoHotspotThere(
                _("This place does not stand out from chance any more. Choose one of the hotspots of today.")
            )
        today = local_day(at)
        known = PreventionPlace.objects.visible_to(by, on=today).filter(city=city)
        whole = known.select_related("category").prefetch_related("measures__versions")
        place = place_of(hotspot, whole, categories=filters.categories, on=today)
        if place is None:
            place = _new_place(city, hotspot, filters, category, by=by, at=at)
        return record_measure(place=place, draft=draft, key=key, by=by, at=at)


def record_measure(*, place: PreventionPlace, draft: Draft, key: uuid.UUID, by: User, at: datetime.datetime) -> Measure:
    """Record a measure at a place; return it. The same key is the same measure.

    Raises NotTheirs, BadDay, BadWords.
    """
    _refuse_others(place, by=by, at=at)
    text = sound(draft, today=local_day(at))
    with transaction.atomic():
        measure, is_new = Measure.objects.get_or_create(key=key, defaults={"place": place})
        if measure.place_id != place.pk:
            raise MeasureChanged(_("This was sent before, about another place. Open the page anew."))
        if is_new:
            _version(measure, 1, kind=draft.kind, state=draft.state, on=draft.on, text=text, by=by, at=at)
    return measure


def change_measure(*, measure: Measure, draft: Draft, after: int, by: User, at: datetime.datetime) -> MeasureVersion:
    """Give a measure another version; return it. `after` is the number of the version that was read.

    Raises NotTheirs, BadDay, BadWords; MeasureChanged where another version came in between.
    """
    _refuse_others(measure.place, by=by, at=at)
    text = sound(draft, today=local_day(at))
    return _next(measure, after, kind=draft.kind, state=draft.state, on=draft.on, text=text, by=by, at=at)


def withdraw_measure(*, measure: Measure, after: int, by: User, at: datetime.datetime) -> MeasureVersion:
    """Take a measure back: it counts no more, and can be put back. Raises NotTheirs, MeasureChanged."""
    _refuse_others(measure.place, by=by, at=at)
    last = measure.current
    if last.state == State.WITHDRAWN:
        return last
    return _next(measure, after, kind=last.kind, state=State.WITHDRAWN, on=last.on, text=last.text, by=by, at=at)


def put_back(*, measure: Measure, number: int, after: int, by: User, at: datetime.datetime) -> MeasureVersion:
    """Let a measure be what an earlier version of it was. Raises NotTheirs, MeasureChanged.

    What was planned for a day that has passed comes back as it was: whoever sees it says whether it is done.
    """
    _refuse_others(measure.place, by=by, at=at)
    earlier = next((each for each in measure.versions.all() if each.number == number), None)
    if earlier is None or earlier.state == State.WITHDRAWN:
        raise MeasureChanged(_("There is no such version to put back."))
    return _next(measure, after, kind=earlier.kind, state=earlier.state, on=earlier.on, text=earlier.text, by=by, at=at)


def comment_on(*, measure: Measure, text: str, key: uuid.UUID, by: User, at: datetime.datetime) -> MeasureComment:
    """Say something to a measure; return it. The same key is the same comment. Raises NotTheirs, BadWords."""
    _refuse_strangers(measure, by=by, at=at)
    words = worded(text)
    if not words:
        raise BadWords(_("Write the comment: it is empty."))
    comment, _new = MeasureComment.objects.get_or_create(
        key=key, defaults={"measure": measure, "text": words, "by": by, "at": at}
    )
    return comment


def erase_words(*, measure: Measure, by: User, at: datetime.datetime) -> int:
    """Erase the words of all versions and comments for good; the facts stay. Return how many. Raises NotTheirs."""
    _refuse_strangers(measure, by=by, at=at)
    with transaction.atomic():
        written = (measure.versions, measure.comments)
        return sum(rows.exclude(text="").update(text="", erased_at=at) for rows in written)


def _topic(filters: HeatFilters) -> Category | None:
    """Return the topic of the filters, or None for all."""
    if not filters.categories:
        return None
    category = Category.objects.filter(slug__in=filters.categories, protected=False).first()
    if category is None or len(filters.categories) > 1:
        raise NotATopicOfPlaces(_("Choose one topic or all: sensitive topics have no place."))
    return category


def _new_place(
    city: City, hotspot: Hotspot, filters: HeatFilters, category: Category | None, *, by: User, at: datetime.datetime
) -> PreventionPlace:
    if filters.first is None or filters.last is None:
        raise ValueError("a place is chosen by a span of days")
    last = PreventionPlace.objects.filter(city=city).aggregate(last=Max("number"))["last"] or 0
    return PreventionPlace.objects.create(
        city=city,
        district=_district(city, hotspot, filters, by=by, at=at),
        number=last + 1,
        zoom=hotspot.zoom,
        cells=list(hotspot.cells),
        category=category,
        first=filters.first,
        last=filters.last,
        recorded_by=by,
        recorded_at=at,
    )


def _district(city: City, hotspot: Hotspot, filters: HeatFilters, *, by: User, at: datetime.datetime) -> District:
    """Return the district of the officer's from which most of the hotspot's letters came."""
    shift = 2 * (ZOOM - hotspot.zoom)
    ranges = (Range(cell << shift, ((cell + 1) << shift) - 1) for cell in hotspot.cells)
    served = District.objects.filter(districts_served(by, on=local_day(at)))
    letters = filters.cells(city, by).in_ranges(ranges).filter(district__in=served)
    most = letters.order_by().values("district").annotate(n=Sum("n")).order_by("-n", "district__code").first()
    if most is None:
        raise _not_theirs()
    return District.objects.get(pk=most["district"])


def _refuse_others(place: PreventionPlace, *, by: User, at: datetime.datetime) -> None:
    """Raise NotTheirs unless `by` serves the place's district that day."""
    served = District.objects.filter(districts_served(by, on=local_day(at)), pk=place.district_id)
    if not by.is_active or not served.exists():
        raise _not_theirs()


def _refuse_strangers(measure: Measure, *, by: User, at: datetime.datetime) -> None:
    """Raise NotTheirs unless `by` reads the letters of the measure's district that day."""
    if not Measure.objects.visible_to(by, on=local_day(at)).filter(pk=measure.pk).exists():
        raise _not_theirs()


def _not_theirs() -> NotTheirs:
    return NotTheirs(_("Measures are recorded by the officer who serves the district today."))


def _next(measure: Measure, after: int, **fields: object) -> MeasureVersion:
    """Add the version after the one that was read. Raises MeasureChanged."""
    try:
        if measure.current.number == after:
            with transaction.atomic():
                return _version(measure, after + 1, **fields)
    except IntegrityError:
        pass
    raise MeasureChanged(_("The measure was changed meanwhile. Look at it, then decide anew."))


def _version(measure: Measure, number: int, **fields: object) -> MeasureVersion:
    return MeasureVersion.objects.create(measure=measure, number=number, **fields)
