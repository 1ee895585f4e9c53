"""The half-year report: it tells what may be told of letters, keeps every version, and stays as it was signed."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from analysis.closing import close_due
from analysis.models import MeasureVersion, PreventionPlace, Report
from analysis.reports.deeds import (
    BadPeriod,
    NotTheirReport,
    SignedAlready,
    WrittenMeanwhile,
    begin,
    sign,
    words_of,
    write,
)
from analysis.reports.numbers import numbers_of, times_told
from appeals.access import as_staff
from appeals.answer_times import FEWEST, Figures, Times
from appeals.models import Appeal, Category
from tests.analysis.letters import Sent, accepted, give_houses
from tests.appeals.conftest import Office, user_with_role
from tests.world import NOON, TODAY

FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 6, 30)
LATE = datetime.datetime(2026, 8, 2, 9, tzinfo=datetime.UTC)
"""By then June is released."""


def report_of(office: Office, *, whole_city: bool = False) -> Report:
    by = office.supervisor if whole_city else office.officer
    with as_staff(by):
        return begin(
            city=office.world.city, district=None if whole_city else office.world.north, first=FIRST, last=LAST,
            by=by, at=LATE,
        )  # fmt: skip


def numbers(office: Office, report: Report) -> dict[str, object]:
    by = office.officer if report.district_id else office.supervisor
    with as_staff(by, on=LATE.date()):
        return numbers_of(report, user=by, on=LATE.date())


def told(found: dict[str, object], topic: str) -> tuple[int, int]:
    name = Category.objects.get(slug=topic).name_uk
    return next(tuple(each["span"]) for each in found["topics"] if each["names"]["uk"] == name)  # type: ignore[attr-defined]


@pytest.fixture
def counted(office: Office) -> Office:
    """A city whose June is released: three letters about noise, seven about traffic, some that are sensitive."""
    give_houses(office.world, 40)
    letters = [Sent()] * 3 + [Sent(category="traffic")] * 7 + [Sent(category="domestic-violence")] * 6
    accepted(office, [*letters, Sent(kept=True), Sent(district="3", place=(25.025, 49.995))])
    close_due(now=LATE)
    return office


def test_small_counts_are_told_as_a_span_and_months_to_come_are_named(counted: Office) -> None:
    found = numbers(counted, report_of(counted))
    assert told(found, "noise") == (1, 4)
    least, most = told(found, "traffic")
    assert least <= 7 <= most
    assert [month["first"] for month in found["months"]] == ["2026-06-01"]  # type: ignore[attr-defined]
    assert found["missing"] == [f"2026-0{month}-01" for month in range(1, 6)]  # nothing was released of them


def test_district_tells_nothing_of_sensitive_topics_and_the_city_their_sum_alone(counted: Office) -> None:
    district, city = report_of(counted), report_of(counted, whole_city=True)
    names = Category.objects.get(slug="domestic-violence").name_uk
    assert numbers(counted, district)["sensitive"] is None
    for report in (district, city):
        assert names not in str(numbers(counted, report)["topics"])
    least, most = numbers(counted, city)["sensitive"]  # type: ignore[misc]
    assert least <= 6 <= most  # type: ignore[has-type]
    assert numbers(counted, city)["sensitive_missing"] == ["2026-01-01"]


def test_what_a_report_tells_of_letters_is_a_sum_of_released_figures(counted: Office) -> None:
    found = numbers(counted, report_of(counted, whole_city=True))
    months = [tuple(month["span"]) for month in found["months"]]  # type: ignore[attr-defined]
    topics = [tuple(topic["span"]) for topic in found["topics"]]  # type: ignore[attr-defined]
    assert [sum(n) for n in zip(*months, strict=True)] == [sum(n) for n in zip(*topics, strict=True)]


figures = st.builds(
    Figures,
    st.builds(Times, st.dictionaries(st.integers(0, 9), st.integers(1, 40), max_size=4)),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.dictionaries(st.sampled_from(["yes", "partly", "no"]), st.integers(0, 30)),
)


@given(figures)
def test_times_are_told_of_enough_letters_alone_and_never_of_how_many(known: Figures) -> None:
    told_of = times_told(known)
    assert set(told_of) == {"median", "nine_in_ten", "in_time", "helped"}
    if known.n < FEWEST:
        assert told_of["median"] is told_of["nine_in_ten"] is None
    if known.decided < FEWEST:
        assert told_of["in_time"] is None
    if known.rated < FEWEST:
        assert told_of["helped"] is None
    twice = times_told(Figures.of_all([known, known]))
    if known.n >= FEWEST and known.decided >= FEWEST and known.rated >= FEWEST:
        assert twice == told_of  # twice as many letters of the same kind look the same


@pytest.mark.parametrize("kept_from", ["nobody", "officer", "supervisor"])
def test_letter_kept_from_somebody_is_in_no_figures_of_the_whole_city(office: Office, kept_from: str) -> None:
    *_others, last = accepted(office, [*[Sent()] * (FEWEST - 1), Sent(kept=kept_from != "nobody")])
    if kept_from == "supervisor":
        other = user_with_role(office.world, "supervisor", "other@example.org")
        Appeal.objects.filter(pk=last.pk).update(recused_officer=None, recused_supervisor=other)
    times = numbers(office, report_of(office, whole_city=True))["times"]
    assert (times["median"] is not None) == (kept_from == "nobody")  # type: ignore[index]


def test_measures_done_in_the_half_year_are_counted_by_kind(counted: Office) -> None:
    place = PreventionPlace.objects.create(
        city=counted.world.city, district=counted.world.north, number=1, zoom=17, cells=[1], first=FIRST, last=LAST,
        recorded_by=counted.officer, recorded_at=NOON,
    )  # fmt: skip
    for n, (kind, state, on) in enumerate(
        [("patrol", "done", TODAY), ("visit", "planned", TODAY), ("visit", "done", LAST + datetime.timedelta(days=9))]
    ):
        measure = place.measures.create(key=f"00000000-0000-0000-0000-00000000000{n}")
        MeasureVersion.objects.create(
            measure=measure, number=1, kind=kind, state=state, on=on, by=counted.officer, at=NOON
        )
    assert numbers(counted, report_of(counted))["measures"] == {"patrol": 1}


def test_measures_count_as_their_newest_version_says_and_where_they_are_read(counted: Office) -> None:
    sensitive = Category.objects.get(slug="domestic-violence")
    north, hidden, south = (
        PreventionPlace.objects.create(
            city=counted.world.city, district=district, number=n, zoom=17, cells=[1], category=category, first=FIRST,
            last=LAST, recorded_by=counted.officer, recorded_at=NOON,
        )
        for n, (district, category) in enumerate(
            [(counted.world.north, None), (counted.world.north, sensitive), (counted.world.south, None)]
        )
    )  # fmt: skip
    for n, (place, kinds_and_states) in enumerate(
        [
            (north, [("visit", "planned"), ("patrol", "done"), ("light", "done")]),
            (north, [("talk", "done"), ("talk", "withdrawn")]),
            (hidden, [("visit", "done")]),
            (south, [("patrol", "done")]),
        ]
    ):
        measure = place.measures.create(key=f"00000000-0000-0000-0000-00000000000{n}")
        for number, (kind, state) in enumerate(kinds_and_states):
            measure.versions.create(number=number, kind=kind, state=state, on=TODAY, by=counted.officer, at=NOON)
    assert numbers(counted, report_of(counted))["measures"] == {"light": 1}
    city = report_of(counted, whole_city=True)
    assert numbers(counted, city)["measures"] == {"light": 1, "patrol": 1}
    moderator = user_with_role(counted.world, "moderator", "moderator@example.org")
    with as_staff(moderator, on=LATE.date()):
        assert numbers_of(city, user=moderator, on=LATE.date())["measures"] == {}


def test_words_are_kept_in_versions_and_nobody_overwrites_another(office: Office) -> None:
    report = report_of(office)
    with as_staff(office.officer):
        write(report=report, words={"done": "Visits."}, after=0, by=office.officer, at=LATE)
        assert write(report=report, words={"done": " Visits.\r\n"}, after=1, by=office.officer, at=LATE) is None
        write(report=report, words={"done": "Visits and talks."}, after=1, by=office.officer, at=LATE)
        with pytest.raises(WrittenMeanwhile):
            write(report=report, words={"done": "Other."}, after=1, by=office.officer, at=LATE)
    assert [version.words["done"] for version in report.versions.all()] == ["Visits.", "Visits and talks."]
    assert words_of(report)["done"] == "Visits and talks."


def test_what_was_signed_stays_as_it_was_in_the_database_too(office: Office) -> None:
    report = report_of(office)
    with as_staff(office.officer):
        signed = sign(report=report, content={"words": {}}, by=office.officer, at=LATE, printed=lambda _signed: b"%PDF")
        with pytest.raises(SignedAlready):
            write(report=report, words={"done": "Late."}, after=0, by=office.officer, at=LATE)
        with pytest.raises(SignedAlready):
            sign(report=report, content={}, by=office.officer, at=LATE, printed=lambda _signed: b"")
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=signed.pk).update(content={"words": {"done": "Other."}})
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=signed.pk).delete()
    assert report_of(office) != signed  # a correction is another report


def test_half_year_has_one_report_in_the_making(office: Office) -> None:
    assert report_of(office) == report_of(office)


@pytest.mark.parametrize(
    ("first", "last"),
    [(FIRST, datetime.date(2026, 6, 29)), (TODAY, TODAY), (datetime.date(2026, 7, 1), datetime.date(2026, 12, 31))],
)
def test_report_is_about_whole_months_that_have_ended(
    office: Office, first: datetime.date, last: datetime.date
) -> None:
    with as_staff(office.officer), pytest.raises(BadPeriod):
        begin(city=office.world.city, district=office.world.north, first=first, last=last, by=office.officer, at=LATE)


def test_officer_reports_of_their_own_district_alone(office: Office) -> None:
    moderator = user_with_role(office.world, "moderator", "moderator@example.org")
    for by, district in ((office.officer, office.world.south), (office.officer, None), (moderator, office.world.north)):
        with as_staff(by), pytest.raises(NotTheirReport), transaction.atomic():
            begin(city=office.world.city, district=district, first=FIRST, last=LAST, by=by, at=LATE)
    assert not Report.objects.visible_to(moderator, on=TODAY).exists()
