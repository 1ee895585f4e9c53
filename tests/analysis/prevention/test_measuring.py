"""Before and after: which days are set side by side, beside what, and under whose eyes."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.models import PreventionPlace
from analysis.prevention.measuring import DAY, Days, before_and_after, spans_of
from analysis.prevention.places import MEASURED_DAYS
from tests.analysis.letters import Sent, accepted
from tests.analysis.prevention.worlds import ELSEWHERE, at_corner, days_ago, draft, recorded, with_hotspot
from tests.analysis.test_live_hotspots import scattered
from tests.appeals.conftest import Office
from tests.world import NOON, TODAY

somewhen = st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 12, 31))


@given(first=somewhen, length=st.integers(0, 400), begun=somewhen, today=somewhen, counted_since=somewhen)
def test_no_day_by_which_a_place_was_chosen_is_before_or_since(first, length, begun, today, counted_since):
    place = PreventionPlace(first=first, last=first + length * DAY)
    spans = spans_of(place, begun, counted_since=counted_since, today=today)
    if len(spans.before):
        assert spans.before.last < min(place.first, begun)
        assert spans.before.first >= counted_since
    if len(spans.chosen):
        assert place.first == spans.chosen.first
        assert spans.chosen.last <= place.last
        assert spans.chosen.last < begun
    if len(spans.since):
        assert max(place.last, begun) < spans.since.first
        assert spans.since.last < today
    assert max(len(spans.before), len(spans.since)) <= MEASURED_DAYS


def test_days_without_a_day_are_empty():
    assert (len(Days(TODAY, TODAY)), len(Days(TODAY, TODAY - DAY)), len(Days(TODAY, TODAY - 9 * DAY))) == (1, 0, 0)


LATER = NOON + datetime.timedelta(days=200)


def measured(office: Office, *, supervisor: bool = False):
    """What is told of the only place, 200 days later."""
    user = office.supervisor if supervisor else office.officer
    places = PreventionPlace.objects.prefetch_related("measures__versions")
    return before_and_after(places, known=places, city=office.world.city, user=user, at=LATER)


@pytest.fixture
def story(office: Office) -> Office:
    """Letters of the year before, of the days the place was chosen by, and since; a patrol ten days before today."""
    everywhere = [*scattered(90, at=days_ago(500)), *scattered(60, at=days_ago(-100), seed=5)]
    accepted(office, [*everywhere, *at_corner(40, days=500), *at_corner(4, days=-100)])
    with_hotspot(office)
    recorded(office)
    return office


def test_a_place_where_letters_ceased_is_told_beside_the_rest(story: Office) -> None:
    [told] = measured(story, supervisor=True).values()
    assert told.begun == TODAY - 10 * DAY
    assert told.rest.asked.place.before >= 40
    assert 4 <= told.rest.asked.place.after < 20
    assert (told.rest.verdict, told.rest.direction) == ("found", -1)
    assert told.rest.interval[1] < 1


def test_the_rest_leaves_out_a_ring_around_the_place(story: Office) -> None:
    [told] = measured(story, supervisor=True).values()
    asked = told.rest.asked
    assert asked.place.before + asked.others.before < 90 + 40


def test_an_officer_is_measured_by_the_letters_of_the_own_district(story: Office) -> None:
    [mine], [all_] = (measured(story, supervisor=eyes).values() for eyes in (False, True))
    assert mine.rest.asked.others.both < all_.rest.asked.others.both
    assert mine.rest.asked.place == all_.rest.asked.place


def test_letters_kept_from_the_officer_are_not_in_their_numbers(story: Office) -> None:
    before = {eyes: measured(story, supervisor=eyes) for eyes in (False, True)}
    accepted(story, at_corner(9, days=-100, kept=True))
    after = {eyes: measured(story, supervisor=eyes) for eyes in (False, True)}
    [(mine, mine_now)] = zip(before[False].values(), after[False].values(), strict=True)
    [(all_, all_now)] = zip(before[True].values(), after[True].values(), strict=True)
    assert mine_now.rest.asked == mine.rest.asked
    assert all_now.rest.asked.place.after == all_.rest.asked.place.after + 9


def test_other_hotspots_are_those_of_the_same_days_without_a_deed(story: Office) -> None:
    accepted(story, [Sent(place=ELSEWHERE, at=days_ago(20), district="3")] * 30)
    accepted(story, [Sent(place=ELSEWHERE, at=days_ago(-100), district="3")] * 12)
    [told] = measured(story, supervisor=True).values()
    others = told.hotspots.asked.others
    assert others.before >= 30
    assert others.after >= 12
    assert told.hotspots.asked.place.before >= 30
    [mine] = measured(story).values()
    assert mine.hotspots.asked.others.both == 0, "there is none in the officer's district"
    assert mine.hotspots.verdict == "few"


def test_what_is_only_planned_is_not_measured(office: Office) -> None:
    with_hotspot(office)
    recorded(office, draft(state="planned", days=-3))
    assert measured(office) == {}


def test_a_young_city_says_that_it_cannot_tell(office: Office) -> None:
    with_hotspot(office)
    recorded(office)
    [told] = measured(office).values()
    assert len(told.spans.before) == 0
    assert told.rest.verdict == "few"
