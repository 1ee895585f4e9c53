"""The table of moves: whatever is tried, a letter stays in a state that the table knows."""

import datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.words import MOVE_NAMES, STATE_NAMES
from appeals.workflow import (
    ACCEPTED_STATES,
    FINAL_STATES,
    OPEN_STATES,
    TABLE,
    Lane,
    Move,
    MoveNotAllowed,
    ReasonMissing,
    Side,
    State,
    TooLateToReopen,
    after,
    allowed_from,
    make,
    needs_reason,
)

DAY = datetime.date(2026, 6, 1)
ATTEMPTS = st.tuples(st.sampled_from(Move), st.sampled_from(Side), st.sampled_from(["", "because"]), st.integers(0, 20))


@given(st.sampled_from(Lane), st.lists(ATTEMPTS, max_size=60))
def test_no_sequence_of_moves_breaks_the_table(lane: Lane, attempts: list[tuple[Move, Side, str, int]]) -> None:
    state, on, accepted, answered_on = State.RECEIVED, DAY, False, None
    for move, by, reason, days in attempts:
        on += datetime.timedelta(days=days)
        try:
            following = make(move, state, by=by, lane=lane, on=on, reason=reason, answered_on=answered_on)
        except MoveNotAllowed as refused:
            in_the_table = move in allowed_from(state, by=by, lane=lane)
            assert in_the_table == isinstance(refused, ReasonMissing | TooLateToReopen)
            continue
        assert move in allowed_from(state, by=by, lane=lane)
        assert following is after(move, state)
        assert reason or not needs_reason(move)
        if state in FINAL_STATES:
            assert (move, by) == (Move.REOPEN, Side.WRITER)
            assert answered_on is not None
            assert (on - answered_on).days <= 14
        if move is Move.ANSWER or (move is Move.CLOSE and state is not State.ANSWERED):
            answered_on = on
        if move is Move.UPGRADE:
            lane = Lane.FORMAL
        accepted = following is not State.RECEIVED and (accepted or move is Move.ACCEPT)
        state = following
        assert accepted or state not in ACCEPTED_STATES, "only an accepted letter is worked on and answered"


@pytest.mark.parametrize("lane", Lane)
def test_every_state_can_be_reached(lane: Lane) -> None:
    reached = {State.RECEIVED}
    for _round in State:
        reached |= {after(move, state) for state in reached for move in allowed_from(state, lane=lane)}
    assert set(State) - reached == ({State.RETURNED} if lane is Lane.MESSAGE else set())


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("state", [state for state in State if state not in FINAL_STATES])
def test_every_state_that_is_not_final_has_a_way_out(state: State, lane: Lane) -> None:
    assert {after(move, state) for move in allowed_from(state, lane=lane)} - {state}


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("state", OPEN_STATES)
def test_every_open_letter_leads_to_an_answer_by_the_officer_alone(state: State, lane: Lane) -> None:
    if state is State.RECEIVED:
        state = after(Move.ACCEPT, state)
    assert Move.ANSWER in allowed_from(state, by=Side.OFFICER, lane=lane)


def test_nothing_leaves_a_closed_letter_but_its_writer_within_14_days_of_the_answer() -> None:
    assert allowed_from(State.CLOSED) == (Move.REOPEN,)
    assert allowed_from(State.FORWARDED) == ()

    def reopen(days: int, by: Side = Side.WRITER) -> State:
        on = DAY + datetime.timedelta(days=days)
        return make(Move.REOPEN, State.CLOSED, by=by, lane=Lane.MESSAGE, on=on, answered_on=DAY)

    assert reopen(0) is reopen(14) is State.REOPENED
    with pytest.raises(TooLateToReopen):
        reopen(15)
    with pytest.raises(MoveNotAllowed):
        reopen(0, by=Side.OFFICER)


def test_a_letter_withdrawn_before_any_answer_does_not_come_back() -> None:
    with pytest.raises(TooLateToReopen):
        make(Move.REOPEN, State.CLOSED, by=Side.WRITER, lane=Lane.MESSAGE, on=DAY, answered_on=None)


@pytest.mark.parametrize("state", State)
def test_a_letter_that_is_not_over_can_be_withdrawn_by_its_writer_alone(state: State) -> None:
    for lane in Lane:
        can = Move.WITHDRAW in allowed_from(state, by=Side.WRITER, lane=lane)
        assert can == (state in {*OPEN_STATES, State.RETURNED})
        assert Move.WITHDRAW not in allowed_from(state, by=Side.OFFICER, lane=lane)


def test_the_law_s_moves_belong_to_the_formal_lane_and_the_head_extends() -> None:
    for move in (Move.STUDY, Move.EXTEND, Move.RETURN, Move.COMPLETE):
        assert not any(move in allowed_from(state, lane=Lane.MESSAGE) for state in State)
    assert Move.UPGRADE not in allowed_from(State.RECEIVED, lane=Lane.FORMAL)
    assert Move.EXTEND in allowed_from(State.IN_PROGRESS, by=Side.SUPERVISOR, lane=Lane.FORMAL)
    assert Move.EXTEND not in allowed_from(State.IN_PROGRESS, by=Side.OFFICER, lane=Lane.FORMAL)


def test_a_formal_appeal_without_an_answer_is_closed_by_the_supervisor_alone() -> None:
    assert Move.CLOSE not in allowed_from(State.IN_PROGRESS, by=Side.OFFICER, lane=Lane.FORMAL)
    assert Move.CLOSE in allowed_from(State.IN_PROGRESS, by=Side.SUPERVISOR, lane=Lane.FORMAL)
    assert Move.CLOSE in allowed_from(State.ANSWERED, by=Side.OFFICER, lane=Lane.FORMAL)
    assert Move.CLOSE in allowed_from(State.IN_PROGRESS, by=Side.OFFICER, lane=Lane.MESSAGE)


def test_a_supervisor_may_do_what_an_officer_may() -> None:
    assert all(Side.SUPERVISOR in step.by for step in TABLE if Side.OFFICER in step.by)


def test_a_reason_of_blanks_is_no_reason() -> None:
    with pytest.raises(ReasonMissing):
        make(Move.FORWARD, State.RECEIVED, by=Side.OFFICER, lane=Lane.MESSAGE, on=DAY, reason=" \n")


def test_one_move_from_one_state_for_one_side_and_lane_is_one_row_and_leads_to_one_state() -> None:
    for state, by, lane, move in product(State, Side, Lane, Move):
        rows = [row for row in TABLE if row.move is move and state in row.sources]
        assert len([row for row in rows if by in row.by and lane in row.lanes]) <= 1
    for move, state in product(Move, State):
        assert len({row.leads_to(state) for row in TABLE if row.move is move and state in row.sources}) <= 1
    for move in Move:
        assert len({row.needs_reason for row in TABLE if row.move is move}) == 1


def test_a_transfer_an_extension_and_an_upgrade_leave_an_open_letter_where_it_stands() -> None:
    for state, move in product(OPEN_STATES, (Move.TRANSFER, Move.UPGRADE)):
        assert after(move, state) is state
    assert after(Move.EXTEND, State.IN_PROGRESS) is State.IN_PROGRESS
    assert after(Move.UPGRADE, State.ANSWERED) is State.REOPENED


def test_every_state_and_move_has_a_name() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(MOVE_NAMES) == set(Move)
    assert all(len(state) <= 11 for state in State), "the column holds 11 characters"
