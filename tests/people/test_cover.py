"""On which days nobody answers: the same as looking at every day by itself."""

import datetime
import itertools

from hypothesis import given
from hypothesis import strategies as st

from people.cover import days_without_anybody
from people.importing.plan import Days

DAY = datetime.date(2026, 6, 1)
within = Days(DAY, DAY + datetime.timedelta(days=30))


def span(first: int, length: int) -> Days:
    start = DAY + datetime.timedelta(days=first)
    return Days(start, start + datetime.timedelta(days=length) if length < 50 else datetime.date.max)


spans = st.builds(span, st.integers(-20, 40), st.integers(1, 50))
officers = st.integers(1, 3)


@given(
    st.lists(st.tuples(officers, spans), max_size=5),
    st.dictionaries(officers, st.lists(spans, max_size=3), max_size=3),
)
def test_a_district_is_empty_on_exactly_the_days_on_which_no_posted_officer_is_there(
    postings: list[tuple[int, Days]], leaves: dict[int, list[Days]]
) -> None:
    found = days_without_anybody(postings, leaves, within=within)
    for n in range(30):
        here = span(n, 1)
        there = [
            officer
            for officer, days in postings
            if days.overlaps(here) and not any(away.overlaps(here) for away in leaves.get(officer, []))
        ]
        assert any(each.overlaps(here) for each in found) == (not there)
    assert all(one.end < two.start for one, two in itertools.pairwise(found))
    assert all(within.start <= each.start < each.end <= within.end for each in found)


def test_a_district_without_postings_is_empty_all_the_time() -> None:
    assert days_without_anybody([], {}, within=within) == [within]
