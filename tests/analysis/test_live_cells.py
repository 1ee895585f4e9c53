"""Live cells equal a recount of the accepted letters, whatever happens to the letters."""

import datetime
import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.counting import differences, rebuild
from analysis.filters import HeatFilters
from analysis.models import (
    LEVELS,
    MONTH_LEVELS,
    CellCount,
    HourCount,
    MonthCount,
    SumCount,
    SumKind,
    TotalCount,
    month_of,
)
from appeals import services
from appeals.models import Appeal, Category
from geo.cells import COARSEST_ZOOM, ZOOM, Bounds, cell_of
from people.models import Membership, User
from tests.analysis.letters import COUNTED, SPAM
from tests.appeals.conftest import Office, user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON, TODAY

KEPT: dict[str, Any] = {"addressee": "supervisor", "officer": None, "why": "kept"}
CHANGES: dict[str, Callable[[Office, random.Random], dict[str, Any]]] = {
    "accept": lambda _office, _chance: COUNTED | {"accepted_at": NOON},
    "spam": lambda _office, _chance: SPAM,
    "not_spam": lambda _office, _chance: {"state": "received", "accepted_at": None, "suspected_at": None},
    "category": lambda _office, chance: {"category": chance.choice(list(Category.objects.all()))},
    "place": lambda _office, chance: {"location": _point(chance), "rule": "polygon", "protected": False},
    "no_place": lambda _office, _chance: {"location": None, "rule": "chosen"},
    "moment": lambda _office, chance: {"received_at": later(hours=chance.randrange(96))},
    "district": lambda office, chance: {"district": chance.choice([office.world.north, office.world.mid])},
    "protect": lambda _office, _chance: {"location": None, "rule": "chosen", "protected": True},
    "keep": lambda office, _chance: KEPT | {"recused_officer": office.world.officer, "recused_supervisor": None},
    "keep_above": lambda office, _chance: KEPT | {"recused_officer": None, "recused_supervisor": office.supervisor},
    "hand_up": lambda _office, _chance: KEPT | {"recused_officer": None, "recused_supervisor": None, "why": "handed"},
    "written_down": lambda _office, _chance: {"source": "phone"},
    "nothing": lambda _office, _chance: {"text_sealed": b"another"},
}
DAY = datetime.timedelta(days=1)
ALL_DAYS = datetime.date(2024, 1, 1), datetime.date(2028, 12, 31)
DEEDS = ["send", "delete", "delete_several", "all_at_once", "undone", *CHANGES]


def test_a_letter_counts_once_it_is_accepted(office: Office) -> None:
    appeal = new_letter(office.world).appeal
    assert not CellCount.objects.exists()
    services.accept(appeal=appeal, by=office.officer, at=NOON)
    count = CellCount.objects.get()
    place = office.world.in_north
    assert (count.cell, count.n, count.day, count.district) == (cell_of(place.x, place.y), 1, TODAY, office.world.north)


def test_a_letter_marked_as_spam_does_not_count(office: Office) -> None:
    spam = services.accept(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON)
    services.mark_spam(appeal=spam, by=office.officer, at=NOON)
    assert not CellCount.objects.exists()
    assert not HourCount.objects.exists()


@pytest.mark.parametrize("letter", [{"point": None}, {"category": "domestic-violence"}])
def test_a_letter_without_a_place_and_a_protected_one_count_in_their_district_alone(
    office: Office, letter: dict[str, Any]
) -> None:
    services.accept(appeal=new_letter(office.world, **letter).appeal, by=office.officer, at=NOON)
    count = CellCount.objects.get()
    assert (count.cell, count.district, count.n) == (None, office.world.north, 1)
    assert not CellCount.objects.placed().exists()
    assert list(CellCount.objects.summed()) == []
    assert CellCount.objects.visible_to(office.officer, on=TODAY).by_district() == {office.world.north.pk: 1}


def test_an_hour_of_the_week_is_one_in_kyiv(office: Office) -> None:
    """1 June 2026 is a Monday; 21:30 UTC is half past midnight on Tuesday."""
    late = datetime.datetime(2026, 6, 1, 21, 30, tzinfo=datetime.UTC)
    for moment in (NOON, late):
        services.accept(appeal=new_letter(office.world, received_at=moment).appeal, by=office.officer, at=late)
    hours = HourCount.objects.by_hour()
    assert (hours[12], hours[24], sum(hours)) == (1, 1, 2)
    assert set(HourCount.objects.values_list("month", flat=True)) == {datetime.date(2026, 6, 1)}


def test_the_hour_at_which_somebody_wrote_a_letter_down_counts_nowhere(office: Office) -> None:
    services.accept(appeal=new_letter(office.world, source="paper").appeal, by=office.officer, at=NOON)
    assert CellCount.objects.letters() == 1
    assert HourCount.objects.letters() == 0


def test_what_is_kept_from_an_officer_counts_for_supervisors_and_not_for_the_officer(office: Office) -> None:
    kept = new_letter(office.world, keep_from="officer").appeal
    services.accept(appeal=kept, by=office.supervisor, at=NOON)
    assert _letters_seen(office, office.supervisor) == 1
    assert _letters_seen(office, office.officer) == 0
    assert HourCount.objects.visible_to(office.officer, on=TODAY).letters() == 0


def test_an_officer_who_also_supervises_never_sees_what_may_be_kept_from_them(office: Office) -> None:
    kept = new_letter(office.world, keep_from="officer").appeal
    services.accept(appeal=kept, by=office.supervisor, at=NOON)
    services.accept(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON)
    Membership.objects.create(user=office.officer, city=office.world.city, role="supervisor")
    assert _letters_seen(office, office.officer) == 1


def test_what_is_kept_from_a_supervisor_counts_nowhere(office: Office) -> None:
    other = user_with_role(office.world, "supervisor", "other@example.org")
    kept = new_letter(office.world, keep_from="supervisor", kept_supervisor=office.supervisor.pk).appeal
    services.accept(appeal=kept, by=other, at=NOON)
    assert CellCount.objects.letters() == HourCount.objects.letters() == 0


def test_what_was_handed_up_still_counts_for_its_officer(office: Office) -> None:
    appeal = services.accept(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON)
    services.hand_up(appeal=appeal, by=office.officer, at=NOON, reason="It is for you.")
    assert _letters_seen(office, office.officer) == 1


def test_the_day_of_a_letter_is_the_day_in_kyiv(office: Office) -> None:
    late = datetime.datetime(2026, 6, 1, 21, 30, tzinfo=datetime.UTC)
    services.accept(appeal=new_letter(office.world, received_at=late).appeal, by=office.officer, at=late)
    assert CellCount.objects.get().day == TODAY + datetime.timedelta(days=1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2**30)), max_size=25))
def test_cells_equal_a_recount_after_any_history(office: Office, history: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        for deed, seed in [("send", 1), ("accept", 1), *history]:
            _do(office, deed, random.Random(seed))
            assert differences() == []
        counted = Appeal.objects.filter(accepted_at__isnull=False, recused_supervisor=None).exclude(state="spam")
        assert CellCount.objects.letters() == counted.count()
        assert CellCount.objects.placed().letters() == counted.filter(location__isnull=False).count()
        assert HourCount.objects.letters() == counted.filter(source="web").count()
        for level in LEVELS:
            assert TotalCount.objects.at_level(level).letters() == counted.filter(location__isnull=False).count()
        for level in MONTH_LEVELS:
            placed = counted.filter(location__isnull=False)
            assert MonthCount.objects.at_level(level).during(*ALL_DAYS).letters() == placed.count()
        assert sum(SumCount.objects.by_hour()) == counted.filter(source="web").count()
        kept = CellCount.objects.filter(kept=True).letters()
        assert kept == counted.filter(recused_officer__isnull=False).count()
        assert not HourCount.objects.filter(n=0).exists()
        assert not CellCount.objects.filter(n=0).exists()
        assert not TotalCount.objects.filter(n=0).exists()
        assert not MonthCount.objects.filter(n=0).exists()
        assert not SumCount.objects.filter(n=0).exists()
        transaction.set_rollback(True)


def _do(office: Office, deed: str, chance: random.Random) -> None:
    if deed == "send":
        _insert(office, chance)
        return
    appeal = chance.choice([*Appeal.objects.order_by("pk"), None])
    if appeal is None:
        return
    letters = Appeal.objects.filter(pk=appeal.pk)
    if change := CHANGES.get(deed):
        letters.update(**change(office, chance))
    elif deed == "delete":
        letters.delete()
    elif deed == "all_at_once":
        change = CHANGES[chance.choice(["accept", "spam", "category", "place", "moment", "protect"])]
        Appeal.objects.filter(pk__gte=appeal.pk).update(**change(office, chance))
    elif deed == "delete_several":
        Appeal.objects.filter(pk__gte=appeal.pk).delete()
    elif deed == "undone":
        with transaction.atomic():
            letters.delete()
            _insert(office, chance)
            transaction.set_rollback(True)


def _insert(office: Office, chance: random.Random) -> None:
    """Insert a letter as it is, in any state: services refuse to run inside another transaction."""
    number = Appeal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    accepted = chance.random() < 0.5
    kept = chance.random() < 0.2
    way: dict[str, Any] = {"officer": office.world.officer, "why": "main"}
    if kept:
        way = {"addressee": "supervisor", "recused_officer": office.world.officer, "why": "kept"}
    Appeal.objects.create(
        city=office.world.city, year=2026, number=number + 1, district=office.world.north, edition=office.world.edition,
        rule="polygon", lane="message", answer_by="receipt", category=Category.objects.get(slug="noise"),
        text_sealed=b"sealed", writer_sealed=b"sealed", place_sealed=b"sealed", location=_point(chance),
        received_at=NOON,
        clock_from=TODAY, answer_due_on=TODAY,
        state="accepted" if accepted else "received", accepted_at=NOON if accepted else None,
        receipt_hash=f"r{number}", **way,
    )  # fmt: skip


def _point(chance: random.Random) -> Point:
    """One of a few places, so that letters meet in a cell."""
    return Point(25.001 + chance.randrange(3) * 0.002, 49.995, srid=4326)


def test_the_command_finds_a_wrong_count_and_mends_it(office: Office) -> None:
    services.accept(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON)
    CellCount.objects.update(n=5)
    HourCount.objects.all().delete()
    TotalCount.objects.filter(zoom=16).update(n=2)
    SumCount.objects.filter(kind=2).update(number=7, n=1)
    SumCount.objects.filter(kind=1).update(n=3)
    wrong_days = [0] * 5 + [1] * 26  # it came on the first
    assert MonthCount.objects.filter(zoom=13).exclude(until=wrong_days).update(until=wrong_days) == 1
    with pytest.raises(CommandError, match="8 counts differ"):  # of a month both: what is kept, and what was counted
        call_command("rebuild_cells", "--check", "--database", "default", stdout=StringIO(), stderr=StringIO())
    call_command("rebuild_cells", "--database", "default", stdout=StringIO())
    call_command("rebuild_cells", "--check", "--database", "default", stdout=StringIO())
    assert CellCount.objects.get().n == 1
    assert rebuild() == 2 + len(LEVELS) + len(MONTH_LEVELS) + len(SumKind)


def test_cells_are_visible_to_those_who_may_read_the_letters(office: Office) -> None:
    services.accept(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON)
    services.accept(
        appeal=new_letter(office.world, district="3", point=office.world.in_south).appeal, by=office.supervisor, at=NOON
    )
    analyst = user_with_role(office.world, "analyst", "analyst@example.org")
    users = (office.officer, office.supervisor, analyst)
    counts = [CellCount.objects.visible_to(user, on=TODAY).count() for user in users]
    assert counts == [1, 2, 0]
    assert [CellCount.objects.visible_in(office.world.city, user, on=TODAY).count() for user in users] == counts


def test_a_coarser_view_sums_the_same_letters(office: Office) -> None:
    for _ in range(3):
        services.accept(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON)
    services.accept(
        appeal=new_letter(office.world, point=Point(25.0062, 49.9961, srid=4326)).appeal, by=office.officer, at=NOON
    )
    for zoom in (18, 16, 12):
        assert sum(row["letters"] for row in CellCount.objects.summed(zoom)) == 4
    place = office.world.in_north
    assert list(CellCount.objects.summed(12)) == [{"area": cell_of(place.x, place.y, 12), "letters": 4}]


def test_a_picture_of_everything_is_the_sum_of_its_days_at_every_size_and_in_any_box(office: Office) -> None:
    """With no day chosen totals are read, with all days chosen the days."""
    chance = random.Random(7)
    for _ in range(40):
        _insert(office, chance)
    days = dict(zip(("first", "last"), ALL_DAYS, strict=True))
    corner = Bounds(25.0, 49.994, 25.0035, 49.996)
    for user in (office.officer, office.supervisor):
        for categories in ((), ("noise",), ("traffic",), ("noise", "traffic")):
            for zoom in range(COARSEST_ZOOM, ZOOM + 1):
                for box in (None, corner):
                    asked = HeatFilters(categories=categories, zoom=zoom, box=box)
                    everything = list(asked.squares(office.world.city, user))
                    assert everything == list(replace(asked, **days).squares(office.world.city, user))
                    assert bool(everything) == (categories != ("traffic",))


def test_some_days_are_summed_from_their_months_as_from_the_days_themselves(office: Office) -> None:
    """Squares of zoom 16 and larger are read from months, finer ones from days."""
    chance = random.Random(11)
    for _ in range(60):
        _insert(office, chance)
    for appeal in Appeal.objects.all():
        received = later(hours=24 * chance.randrange(-70, 1))
        Appeal.objects.filter(pk=appeal.pk).update(received_at=received, location=_point(chance))
    users = office.officer, office.supervisor
    for _ in range(15):
        first, last = sorted(TODAY + datetime.timedelta(days=chance.randrange(-75, 5)) for _ in range(2))
        for user, categories, zoom in itertools.product(users, ((), ("noise",)), (9, 13, 16, 17)):
            asked = HeatFilters(categories=categories, zoom=zoom, first=first, last=last)
            by_day = list(asked.cells(office.world.city, user).summed(zoom))
            assert list(asked.squares(office.world.city, user)) == by_day


def test_a_whole_city_is_told_from_its_sums_as_from_its_districts_to_its_supervisors_alone(office: Office) -> None:
    """Nobody is told more by them: what is kept counts for a supervisor, unless they have a card themselves."""
    chance = random.Random(5)
    for _ in range(40):
        _insert(office, chance)
    for appeal in Appeal.objects.all():
        Appeal.objects.filter(pk=appeal.pk).update(received_at=later(hours=chance.randrange(-900, 1)))
    city, analyst = office.world.city, user_with_role(office.world, "analyst", "analyst@example.org")
    users = (office.officer, office.supervisor, analyst)
    assert _sums_seen(office, *users) == [False, True, False]
    Membership.objects.create(user=office.officer, city=city, role="supervisor")
    assert _sums_seen(office, *users) == [True, True, False]
    everything = HeatFilters()
    assert 0 < sum(everything.by_hour(city, office.officer)) < sum(everything.by_hour(city, office.supervisor))


def _sums_seen(office: Office, *users: User) -> list[bool]:
    """Whether users see sums; days, hours and squares are the same from them as from the rows they sum."""
    city, days = office.world.city, [None, TODAY - 20 * DAY, TODAY - 3 * DAY]
    for user, first, last in itertools.product(users, days, days):
        asked = HeatFilters(first=first, last=last)
        rows = CellCount.objects.visible_in(city, user).during(first, last).by_day()
        assert asked.by_day(city, user) == {row["day"]: row["letters"] for row in rows}
        assert asked.by_hour(city, user) == HourCount.objects.visible_in(city, user).during(first, last).by_hour()
    return [SumCount.objects.visible_in(city, user).exists() for user in users]


def test_a_letter_whose_day_changes_moves_within_its_month(office: Office) -> None:
    appeal = services.accept(appeal=new_letter(office.world).appeal, by=office.officer, at=NOON)
    Appeal.objects.filter(pk=appeal.pk).update(received_at=later(hours=48))
    count = MonthCount.objects.get(zoom=16)
    assert (count.n, count.until) == (1, [0, 0] + [1] * 29)


def test_a_day_lies_within_the_days_or_outside_at_every_edge_of_a_month(office: Office) -> None:
    """A letter on each day of a leap year's beginning, each in a cell of its own."""
    noise, letters = Category.objects.get(slug="noise"), [datetime.date(2023, 12, 1) + n * DAY for n in range(152)]
    MonthCount.objects.bulk_create(
        MonthCount(
            city=office.world.city, district=office.world.north, month=month_of(day), zoom=16, cell=number,
            category=noise, until=[int(each >= day.day) for each in range(1, 32)], n=1,
        )
        for number, day in enumerate(letters)
    )  # fmt: skip
    for first, days in itertools.product(range(28, 95), (1, 2, 28, 29, 31, 57)):
        found = MonthCount.objects.during(letters[first], letters[first + days - 1]).by_cell(16, of=16)
        assert [row["area"] for row in found] == list(range(first, first + days))


def test_a_square_that_a_box_cuts_is_counted_whole(office: Office) -> None:
    for lon in (25.0001, 25.0009):
        _accepted_at(office, Point(lon, 49.9951, srid=4326))
    west_of_one = HeatFilters(zoom=14, box=Bounds(25.0, 49.995, 25.0005, 49.9952))
    [square] = west_of_one.squares(office.world.city, office.officer)
    [by_day] = replace(west_of_one, first=TODAY).squares(office.world.city, office.officer)
    assert square["letters"] == by_day["letters"] == 2


def _letters_seen(office: Office, user: User) -> int:
    """Asked of every city and of this one."""
    of_all = CellCount.objects.visible_to(user, on=TODAY).letters()
    assert CellCount.objects.visible_in(office.world.city, user, on=TODAY).letters() == of_all
    return of_all


def _accepted_at(office: Office, point: Point) -> None:
    services.accept(appeal=new_letter(office.world, point=point).appeal, by=office.officer, at=NOON)
