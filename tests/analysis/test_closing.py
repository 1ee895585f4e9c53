"""Closing a period: counted once, a month late, masked where small, and frozen."""

import datetime
from io import StringIO
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import Model, Sum
from django.utils import timezone, translation

from analysis.closing import NotDueYet, ReleasedBefore, WrongSpan, close_due, close_period
from analysis.jobs import close_periods
from analysis.models import AreaFigure, AreaPlan, CellCount, HourFigure, PartFigure, Release, ReleaseArea
from analysis.periods import Period, Span
from geo.boundaries.activation import activate_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import House
from geo.moments import local_day, start_of_local_day
from tests.analysis.letters import Sent, accepted, give_houses
from tests.appeals.conftest import Office
from tests.world import LONG_AGO, square

Kind = Release.Kind
JUNE, QUARTER, YEAR = Period.read("2026-06"), Period.read("2026-Q2"), Period.read("2026")
AUGUST = datetime.datetime(2026, 8, 1, 3, 0, tzinfo=datetime.UTC)
LATE = datetime.datetime(2027, 2, 1, 3, 0, tzinfo=datetime.UTC)


def june(day: int = 1, hour: int = 9) -> datetime.datetime:
    """A moment in June, in UTC: noon in Kyiv unless another hour is given."""
    return datetime.datetime(2026, 6, day, hour, 0, tzinfo=datetime.UTC)


def close_june(office: Office, *, now: datetime.datetime = AUGUST) -> Release:
    """Release June."""
    return close_period(city=office.world.city, kind=Kind.ORDINARY, period=JUNE, now=now)


def spans(figures: Any) -> list[tuple[int, int]]:
    """Return the spans of figures, in order."""
    return sorted(figures.values_list("at_least", "at_most"))


def test_small_counts_are_told_as_a_span_and_others_as_they_are(office: Office) -> None:
    give_houses(office.world, 60)
    accepted(office, [Sent()] * 4 + [Sent((25.0009, 49.9909))] * 5 + [Sent(category="traffic")])
    release = close_june(office)
    assert spans(AreaFigure.objects.filter(release=release, category="noise")) == [(1, 4), (5, 5)]
    assert spans(AreaFigure.objects.filter(release=release, category="traffic")) == [(1, 4)]
    assert {"noise", "traffic"} <= set(release.categories)
    assert "domestic-violence" not in release.categories


def test_only_the_letters_of_the_period_that_are_kept_from_nobody_count(office: Office) -> None:
    others = [Sent(at=june(1, 9) - datetime.timedelta(days=1)), Sent(at=june(30, 21)), Sent(kept=True)]
    accepted(office, [Sent(at=june(1, 0)), Sent(at=june(30, 20)), *others] + [Sent()] * 3)
    assert spans(AreaFigure.objects.filter(release=close_june(office))) == [(5, 5)]


def test_hours_are_by_district_and_hold_what_came_by_itself(office: Office) -> None:
    accepted(
        office,
        [Sent(at=june(1))] * 3 + [Sent(place=None, at=june(8))] * 4 + [Sent(at=june(1), source="phone")]
        + [Sent((25.015, 49.995), at=june(2, 21), district="2")],
    )  # fmt: skip
    figures = HourFigure.objects.filter(release=close_june(office)).order_by("hour")
    rows = list(figures.values_list("district__code", "hour", "at_least", "at_most"))
    assert rows == [("1", 12, 7, 7), ("2", 48, 1, 4)]


def test_protected_letters_are_counted_by_quarter_from_their_sealed_places(office: Office) -> None:
    give_houses(office.world, 300)
    accepted(office, [Sent(category="domestic-violence", at=june(day)) for day in range(1, 7)])
    accepted(office, [Sent((25.015, 49.995), category="domestic-violence", district="2"), Sent()])
    release = close_period(city=office.world.city, kind=Kind.PROTECTED, period=QUARTER, now=AUGUST)
    figures = AreaFigure.objects.filter(release=release)
    assert spans(figures) == [(1, 4), (6, 6)]
    six = figures.get(at_least=6).area
    assert six.addresses >= 100
    assert six.shape.covers(office.world.in_north)
    assert not HourFigure.objects.filter(release=release).exists()


def test_protected_hours_are_four_parts_of_the_day_of_the_whole_city_and_year(office: Office) -> None:
    accepted(office, [Sent(category="domestic-violence", at=june(day, 20)) for day in range(1, 8)])
    accepted(office, [Sent(category="domestic-violence", at=june(2, 0), district="2")])
    release = close_period(city=office.world.city, kind=Kind.PARTS, period=YEAR, now=LATE)
    parts = PartFigure.objects.filter(release=release).order_by("part")
    assert list(parts.values_list("category", "part", "at_least", "at_most")) == [
        ("domestic-violence", PartFigure.Part.NIGHT, 1, 4),
        ("domestic-violence", PartFigure.Part.EVENING, 7, 7),
    ]


def test_a_period_is_released_a_month_late_and_once(office: Office) -> None:
    accepted(office, [Sent()])
    with pytest.raises(NotDueYet, match="2026-08-01"):
        close_june(office, now=AUGUST - datetime.timedelta(hours=12))
    close_june(office)
    with pytest.raises(ReleasedBefore):
        close_june(office)
    with pytest.raises(WrongSpan):
        close_period(city=office.world.city, kind=Kind.ORDINARY, period=QUARTER, now=LATE)


def test_what_is_accepted_later_changes_no_release(office: Office) -> None:
    accepted(office, [Sent()])
    release = close_june(office)
    accepted(office, [Sent()] * 9)
    assert close_due(now=AUGUST, city=office.world.city) == []
    assert spans(AreaFigure.objects.filter(release=release)) == [(1, 4)]


def test_everything_due_is_released_by_the_clock_and_made_up_for(office: Office) -> None:
    accepted(office, [Sent(at=june(1) - datetime.timedelta(days=61)), Sent(category="domestic-violence")])
    released = [(each.kind, str(each.period)) for each in close_due(now=LATE)]
    months = ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"]
    assert released == [
        *(("ordinary", month) for month in months),
        *(("protected", quarter) for quarter in ("2026-Q2", "2026-Q3", "2026-Q4")),
        ("parts", "2026"),
    ]
    close_periods(timestamp=0)
    assert Release.objects.filter(first__lte=datetime.date(2026, 12, 1)).count() == len(released)


def test_the_command_releases_and_refuses(office: Office) -> None:
    accepted(office, [Sent(at=datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC))])
    said, one_city = StringIO(), ("close_period", "--city", "navchannia", "--period")
    with translation.override("en"):
        call_command(*one_city, "2026-01", stdout=said)
        assert said.getvalue() == "navchannia ordinary 2026-01: released, navchannia ordinary #1\n"
        with pytest.raises(CommandError, match="never issued again") as refused:
            call_command(*one_city, "2026-01")
        assert refused.value.returncode == 1
        with pytest.raises(CommandError, match="not before"):
            call_command(*one_city, "2099-Q1")
        with pytest.raises(CommandError, match="not a period"):
            call_command(*one_city, "yesterday")


def test_the_same_letters_make_the_same_release(office: Office) -> None:
    """Freezing depends on nothing but the letters, the addresses and the settings."""
    give_houses(office.world, 60)
    accepted(office, [Sent((25.001 + 0.0005 * i, 49.992)) for i in range(15)] + [Sent()] * 6)
    made = []
    for _ in range(2):
        with transaction.atomic():
            release = close_june(office)
            rows = AreaFigure.objects.filter(release=release).order_by("area__number")
            made.append(list(rows.values_list("area__district__code", "area__number", "at_least", "at_most")))
            transaction.set_rollback(True)
    assert made[0] == made[1] != []


FROZEN: list[tuple[type[Model], dict[str, Any]]] = [
    (AreaFigure, {"at_most": 99}),
    (HourFigure, {"at_least": 0}),
    (PartFigure, {"at_least": 0}),
    (Release, {"small": 1}),
    (Release, {"closed_at": AUGUST}),
    (ReleaseArea, {"addresses": 1}),
    (AreaPlan, {"addresses": 1}),
]


@pytest.mark.parametrize(("model", "change"), FROZEN)
def test_what_is_frozen_is_neither_changed_nor_deleted(
    office: Office, model: type[Model], change: dict[str, Any]
) -> None:
    accepted(office, [Sent(), Sent(category="domestic-violence")])
    close_due(now=LATE)
    rows = model._default_manager.all()
    assert rows.exists()
    for deed in (lambda: rows.update(**change), lambda: rows._raw_delete(rows.db)):
        with (
            pytest.raises(Exception, match=r"never changed|Cannot update or delete|Cannot delete"),
            transaction.atomic(),
        ):
            deed()


def test_a_closed_release_takes_no_figure_and_its_plan_no_area(office: Office) -> None:
    accepted(office, [Sent()])
    release = close_june(office)
    area = ReleaseArea.objects.filter(plan=release.plan)[0]
    with pytest.raises(IntegrityError, match="takes no figures"), transaction.atomic():
        AreaFigure.objects.create(release=release, area=area, category="traffic", at_least=1, at_most=4)
    area.pk, area.number = None, 99
    with pytest.raises(IntegrityError, match="keeps its areas"), transaction.atomic():
        area.save(force_insert=True)


def test_new_addresses_make_new_areas_and_old_releases_keep_theirs(office: Office) -> None:
    give_houses(office.world, 30)
    accepted(office, [Sent(), Sent(at=june(1) + datetime.timedelta(days=31))])
    june_release = close_june(office)
    give_houses(office.world, 60, seed=2)
    september = AUGUST + datetime.timedelta(days=31)
    july = close_period(city=office.world.city, kind=Kind.ORDINARY, period=Period.read("2026-07"), now=september)
    assert june_release.plan and july.plan
    assert (june_release.plan.number, july.plan.number) == (1, 2)
    assert june_release.plan.areas.count() < july.plan.areas.count()


def test_nothing_new_keeps_the_areas_and_a_new_edition_draws_others(office: Office) -> None:
    accepted(office, [Sent(), Sent(at=june(1) - datetime.timedelta(days=31))])
    may = close_period(city=office.world.city, kind=Kind.ORDINARY, period=Period.read("2026-05"), now=AUGUST)
    assert close_june(office).plan == may.plan
    edition = record_edition(
        city=office.world.city,
        districts=[DrawnDistrict("1", "Північна", square(25.0, 49.99, 0.02), "North")],
        source="tests",
        recorded_at=LONG_AGO,
        recorded_by="tests",
    )
    begins = timezone.now()  # the database lets nobody rewrite what was in force before its own clock
    activate_edition(edition, starts_at=begins, by="tests", now=begins)
    accepted(office, [Sent(at=begins)])
    later = Period.holding(local_day(begins), Span.MONTH)
    due = start_of_local_day(later.due_on(delay=1))
    assert plan_of(close_period(city=office.world.city, kind=Kind.ORDINARY, period=later, now=due)).edition == edition


def plan_of(release: Release) -> AreaPlan:
    """Return the plan that a release has."""
    assert release.plan
    return release.plan


def test_a_letter_outside_the_cells_of_its_district_counts_by_hour_alone(office: Office) -> None:
    accepted(office, [Sent((25.04, 49.995))] * 5)
    release = close_june(office)
    assert not AreaFigure.objects.filter(release=release).exists()
    assert HourFigure.objects.filter(release=release).aggregate(n=Sum("at_least"))["n"] == 5


def test_before_a_city_had_polygons_hours_alone_are_released(office: Office) -> None:
    accepted(office, [Sent(at=LONG_AGO - datetime.timedelta(days=40))])
    period = Period.read("2024-11")
    release = close_period(city=office.world.city, kind=Kind.ORDINARY, period=period, now=AUGUST)
    assert release.plan is None
    assert HourFigure.objects.filter(release=release).exists()


def test_areas_know_their_homes(office: Office) -> None:
    give_houses(office.world, 60)
    accepted(office, [Sent()])
    plan = close_june(office).plan
    assert plan and plan.addresses == 180 == House.objects.count()
    assert plan.areas.aggregate(n=Sum("addresses"))["n"] == 180
    assert all(area.addresses >= 8 for area in plan.areas.all())
    assert plan.areas.filter(shape__covers=Point(25.005, 49.995, srid=4326)).count() == 1
    assert CellCount.objects.letters() == 1
