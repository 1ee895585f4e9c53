"""Leaves: a substitute acts while the main one is away, what happened stays, and every change is written down."""

import datetime

import pytest

from people.foreseeing import MANY_DISTRICTS, Foreseen, empty_districts, foresee
from people.importing.plan import Days
from people.leaves import (
    Absence,
    ChangedSince,
    EndedAlready,
    LeaveOverlaps,
    NotKeeper,
    NotOfficersOfCity,
    SomebodyActs,
    change,
    end,
    put_down,
    undo,
)
from people.models import Leave, Officer, Posting, StaffDeed
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.world import NOON, TODAY


@pytest.fixture
def office(db: None) -> Office:
    """A training city whose officer of the north and supervisor can sign in."""
    return build_office()


def day(n: int) -> datetime.date:
    """A day so many days after TODAY."""
    return TODAY + datetime.timedelta(days=n)


def newcomer(office: Office, key: str = "new") -> Officer:
    return Officer.objects.create(city=office.world.city, key=key, name_uk=f"Новий {key}", checked_on=TODAY)


def acting(office: Office) -> list[tuple[str, str, datetime.date, datetime.date | None]]:
    """Who acts for the north because of a leave: key, district, first day, day after the last."""
    rows = Posting.objects.filter(role="acting", district=office.world.north).select_related("officer", "district")
    return [(each.officer.key, each.district.code, each.during.lower, each.during.upper) for each in rows]


def put(office: Office, first: int, last: int | None, substitute: Officer | None = None) -> StaffDeed:
    absence = Absence(day(first), None if last is None else day(last), substitute)
    return put_down(by=office.supervisor, officer=office.world.officer, absence=absence, at=NOON)


def the_leave(office: Office) -> Leave:
    return Leave.objects.get(officer=office.world.officer)


def test_substitute_acts_in_the_districts_of_whoever_is_away_for_those_days(office: Office) -> None:
    deed = put(office, 3, 9, newcomer(office))
    assert acting(office) == [("new", "1", day(3), day(10))]
    assert (deed.deed, deed.by, deed.facts["before"]) == ("leave", office.supervisor, None)
    assert deed.facts["after"] == {"first": day(3).isoformat(), "last": day(9).isoformat(), "substitute": "new"}


def test_changing_a_leave_that_runs_keeps_who_stood_in_before_today(office: Office) -> None:
    put(office, -3, 9, newcomer(office, "one"))
    change(by=office.supervisor, leave=the_leave(office), at=NOON,
           absence=Absence(day(-3), day(12), newcomer(office, "two")))  # fmt: skip
    assert sorted(acting(office)) == [("one", "1", day(-3), TODAY), ("two", "1", TODAY, day(13))]


def test_first_substitute_of_a_leave_that_runs_acts_from_today(office: Office) -> None:
    put(office, -3, 9)
    change(by=office.supervisor, leave=the_leave(office), at=NOON,
           absence=Absence(day(-3), day(9), newcomer(office)))  # fmt: skip
    assert acting(office) == [("new", "1", TODAY, day(10))]


def test_leave_put_down_late_tells_who_stood_in(office: Office) -> None:
    put(office, -3, 9, newcomer(office))
    assert acting(office) == [("new", "1", day(-3), day(10))]


def test_whoever_is_back_today_answers_today(office: Office) -> None:
    put(office, -3, None, newcomer(office))
    end(by=office.supervisor, leave=the_leave(office), at=NOON)
    assert the_leave(office).during.upper == TODAY
    assert acting(office) == [("new", "1", day(-3), TODAY)]


@pytest.mark.parametrize("last", [-1, -2])
def test_leave_that_has_ended_is_not_ended_again(office: Office, last: int) -> None:
    put(office, -5, last, newcomer(office))
    with pytest.raises(EndedAlready):
        end(by=office.supervisor, leave=the_leave(office), at=NOON)
    assert the_leave(office).during.upper == day(last + 1)
    assert acting(office) == [("new", "1", day(-5), day(last + 1))]


def test_leave_that_has_not_begun_is_taken_back_whole(office: Office) -> None:
    put(office, 3, 9, newcomer(office))
    end(by=office.supervisor, leave=the_leave(office), at=NOON)
    assert not Leave.objects.filter(officer=office.world.officer).exists()
    assert acting(office) == []


def test_every_deed_is_undone_to_what_stood_before(office: Office) -> None:
    substitute = newcomer(office)
    put_deed = put(office, 3, 9, substitute)
    changed = change(
        by=office.supervisor, leave=the_leave(office), absence=Absence(day(5), day(6)), at=NOON
    )  # fmt: skip
    undo(by=office.supervisor, deed=changed, at=NOON)
    assert Absence.of(the_leave(office)) == Absence(day(3), day(9), substitute)
    taken_back = undo(by=office.supervisor, deed=put_deed, at=NOON)
    assert not Leave.objects.filter(officer=office.world.officer).exists()
    undo(by=office.supervisor, deed=taken_back, at=NOON)
    assert Absence.of(the_leave(office)) == Absence(day(3), day(9), substitute)
    assert StaffDeed.objects.filter(deed="leave").count() == 5


def test_what_was_changed_since_is_not_undone(office: Office) -> None:
    first = put(office, 3, 9)
    change(by=office.supervisor, leave=the_leave(office), absence=Absence(day(5), day(6)), at=NOON)
    with pytest.raises(ChangedSince):
        undo(by=office.supervisor, deed=first, at=NOON)


def test_nobody_is_away_twice_and_nobody_acts_where_somebody_acts(office: Office) -> None:
    put(office, 3, 9, newcomer(office))
    with pytest.raises(LeaveOverlaps):
        put(office, 9, 12)
    Leave.objects.filter(officer=office.world.officer_on_leave).delete()
    with pytest.raises(SomebodyActs):
        put_down(by=office.supervisor, officer=office.world.officer_on_leave, at=NOON,
                 absence=Absence(day(1), day(2), office.world.officer))  # fmt: skip


def test_substitute_is_another_officer_of_the_same_city(office: Office) -> None:
    elsewhere = build_office("inshe", west=26.0)
    for substitute in (office.world.officer, elsewhere.world.officer):
        with pytest.raises(NotOfficersOfCity):
            put(office, 3, 9, substitute)
    assert not Leave.objects.filter(officer=office.world.officer).exists()


@pytest.mark.parametrize("role", ["officer", "moderator", "analyst"])
def test_only_supervisors_and_coordinators_put_leaves_down(office: Office, role: str) -> None:
    by = user_with_role(office.world, role, f"{role}@example.org")
    with pytest.raises(NotKeeper):
        put_down(by=by, officer=office.world.officer, absence=Absence(day(1), day(2)), at=NOON)
    stranger = build_office("inshe", west=26.0).supervisor
    with pytest.raises(NotKeeper):
        put_down(by=stranger, officer=office.world.officer, absence=Absence(day(1), day(2)), at=NOON)


def foreseen(office: Office, absence: Absence) -> Foreseen:
    def deed() -> object:
        return put_down(by=office.supervisor, officer=office.world.officer, absence=absence, at=NOON)

    return foresee(deed, city=office.world.city, absence=absence)


def test_district_that_would_be_left_empty_is_foreseen_and_nothing_is_changed(office: Office) -> None:
    found = foreseen(office, Absence(day(3), day(9)))
    assert [(each.district, each.days) for each in found.empty] == [(office.world.north, Days(day(3), day(10)))]
    assert not Leave.objects.filter(officer=office.world.officer).exists()
    assert not StaffDeed.objects.exists()


def test_nothing_is_foreseen_where_a_free_substitute_stands_in(office: Office) -> None:
    assert not foreseen(office, Absence(day(3), day(9), newcomer(office)))


def test_substitute_who_is_away_too_is_foreseen_with_the_days_left_empty(office: Office) -> None:
    substitute = newcomer(office)
    Leave.objects.create(officer=substitute, during=(day(8), day(20)))
    found = foreseen(office, Absence(day(3), day(9), substitute))
    assert found.away == (Days(day(8), day(20)),)
    assert [each.days for each in found.empty] == [Days(day(8), day(10))]


def test_substitute_with_many_districts_is_foreseen(office: Office) -> None:
    Posting.objects.create(officer=office.world.acting, district=office.world.south, during=(day(0), None))
    found = foreseen(office, Absence(day(3), day(9), office.world.acting))
    assert found.serves == MANY_DISTRICTS
    assert found.serves_many


def test_vacant_district_is_empty_all_month(office: Office) -> None:
    month = Days(TODAY, day(30))
    assert [(each.district, each.days) for each in empty_districts(office.world.city, within=month)] == [
        (office.world.south, month)
    ]
