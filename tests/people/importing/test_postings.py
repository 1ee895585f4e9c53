"""Postings and leaves of a file: a new officer ends the posting before, history stays, contradictions are refused."""

import datetime

import pytest
from psycopg.types.range import DateRange

from people.models import Leave
from tests.people.importing.files import commit, main_days, only_error, plan, row
from tests.world import World

D = datetime.date


def test_new_main_officer_ends_the_one_before_and_history_stays(world: World):
    planned = commit(world.city, row(districts="1", from_="2026-06-15"))
    ended = next(step for step in planned.changes if step.noun == "posting")
    assert "takes over the next day" in ended.why
    assert [(c.old, c.new) for c in ended.changes] == [("no end", "14.06.2026")]
    assert main_days(world.north) == [
        (world.officer.name_uk, D(2025, 1, 1), D(2026, 6, 15)),
        ("Нова Людина", D(2026, 6, 15), None),
    ]


def test_old_file_imported_again_after_a_change_of_officer_changes_nothing(world: World):
    old = row(name_uk=world.officer.name_uk, districts="1", from_="2025-01-01", phone="")
    commit(world.city, row(districts="1", from_="2026-05-15"))
    planned = commit(world.city, old)
    assert planned.steps == ()
    assert "takes over" in planned.notes[0].text


def test_officer_can_come_back_to_the_district(world: World):
    commit(world.city, row(districts="1", from_="2026-05-15"))
    commit(world.city, row(name_uk=world.officer.name_uk, districts="1", phone=""))
    assert [name for name, *_days in main_days(world.north)] == [
        world.officer.name_uk,
        "Нова Людина",
        world.officer.name_uk,
    ]


def test_earlier_beginning_is_never_taken_from_history(world: World):
    assert plan(world.city, row(name_uk=world.officer.name_uk, districts="1", from_="2026-03-01", phone="")).steps == ()


@pytest.mark.parametrize("order", [1, -1])
def test_handover_within_one_file_is_written_in_a_safe_order(world: World, order: int):
    first, second = row(from_="2026-01-01", until="2026-05-31"), row(name_uk="Друга", phone="+380443000298")
    commit(world.city, first, second | {"from": "2026-06-01"})
    # The one that grows may come first in the file: it must wait until the other has shrunk
    commit(world.city, *[first | {"until": "2026-03-31"}, second | {"from": "2026-04-01"}][::order])
    assert main_days(world.south) == [("Нова Людина", D(2026, 1, 1), D(2026, 4, 1)), ("Друга", D(2026, 4, 1), None)]


def test_leave_changes_its_days(world: World):
    commit(world.city, row(leave_from="2026-07-01", leave_until="2026-07-14"))
    planned = commit(world.city, row(leave_from="2026-07-01", leave_until="2026-07-20"))
    assert [(c.label, c.old, c.new) for c in planned.steps[0].changes] == [("until", "14.07.2026", "20.07.2026")]
    assert Leave.objects.get(officer__key="nova-liudyna").during == DateRange(D(2026, 7, 1), D(2026, 7, 21))


def test_two_main_officers_at_once_in_a_file_are_refused(world: World):
    error = only_error(world.city, row(), row(name_uk="Друга", phone="+380443000298"))
    assert (error.row, "row 2 names Нова Людина" in error.problem) == (3, True)


def test_main_officer_cannot_be_put_under_one_who_is_there_already(world: World):
    assert "at once" in only_error(world.city, row(districts="1", from_="2024-12-01", until="2025-03-01")).problem
    assert "has had another" in only_error(world.city, row(districts="1", from_="2024-12-01")).problem


def test_officer_cannot_act_for_themselves(world: World):
    error = only_error(world.city, row(), row(role="acting"))
    assert (error.row, error.column) == (3, "role")
    name = world.officer.name_uk
    assert only_error(world.city, row(name_uk=name, phone="", districts="1", role="acting")).column == "role"


def test_overlapping_leaves_in_a_file_are_refused(world: World):
    rows = (
        row(leave_from="2026-07-01", leave_until="2026-07-14"),
        row(leave_from="2026-07-14", leave_until="2026-07-20"),
    )
    assert only_error(world.city, *rows).column == "leave_from"
