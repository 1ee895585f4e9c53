"""The charts beside the heatmap: no letter is lost, and nothing is drawn beyond the paper."""

import datetime
import itertools

from hypothesis import given
from hypothesis import strategies as st

from mapui.heat.charts import HEIGHT, SIDE, WIDTH, Bin, bars_of, bins_of, dots_of, summed

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))
LETTERS = st.integers(0, 5000)


@given(st.dictionaries(DAYS, LETTERS, min_size=1))
def test_a_trend_loses_no_letter(by_day: dict[datetime.date, int]) -> None:
    _unit, bins = bins_of(min(by_day), max(by_day))
    spans = summed(bins, by_day)
    assert sum(most for _least, most in spans) == sum(by_day.values())
    assert all(a.last + datetime.timedelta(days=1) == b.first for a, b in itertools.pairwise(bins))


@given(DAYS, st.lists(st.tuples(LETTERS, LETTERS).map(sorted).map(tuple), min_size=1))
def test_bars_stay_on_the_paper_and_keep_their_proportions(start: datetime.date, spans: list[tuple[int, int]]) -> None:
    days = [start + datetime.timedelta(days=n) for n in range(len(spans))]
    bars = bars_of([Bin(day, day) for day in days], spans, first=None, last=None)
    for bar in bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH + 0.01
        assert -0.01 <= bar.open_y <= bar.y <= HEIGHT
    highest = max(bars, key=lambda bar: bar.most)
    assert highest.most == 0 or abs(highest.open_y) < 0.02


def test_the_days_that_are_chosen_are_marked() -> None:
    unit, bins = bins_of(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    first, last = datetime.date(2026, 6, 3), datetime.date(2026, 6, 9)
    bars = bars_of(bins, [(1, 1)] * len(bins), first=first, last=last)
    assert unit == "week"
    assert [str(bar.bin.first) for bar in bars if bar.chosen] == ["2026-06-01", "2026-06-08"], "weeks that it touches"


def test_the_days_that_are_compared_are_marked_where_they_are_not_chosen() -> None:
    _unit, bins = bins_of(datetime.date(2026, 6, 1), datetime.date(2026, 6, 6))
    first, last = datetime.date(2026, 6, 4), datetime.date(2026, 6, 5)
    before = (datetime.date(2026, 6, 2), datetime.date(2026, 6, 4))
    bars = bars_of(bins, [(1, 1)] * 6, first=first, last=last, before=before)
    assert [bar.bin.first.day for bar in bars if bar.chosen] == [4, 5]
    assert [bar.bin.first.day for bar in bars if bar.compared] == [2, 3]


def test_hours_that_are_chosen_are_told_from_others() -> None:
    dots = dots_of([(1, 22, (1, 1)), (2, 3, (1, 1)), (2, 4, (1, 1))], chosen=range(22, 28))
    assert [dot.chosen for dot in dots] == [True, True, False]


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(0, 23), st.tuples(LETTERS, LETTERS).map(sorted).map(tuple))))
def test_discs_do_not_touch(hours: list[tuple[int, int, tuple[int, int]]]) -> None:
    for dot in dots_of(hours):
        assert dot.r <= dot.open_r <= SIDE / 2
        assert dot.most == 0 or dot.open_r > 0
