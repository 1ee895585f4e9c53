"""The table of moves: whatever is tried, a letter stays in a state that the table knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.workflow import ACCEPTED_STATES, MOVES, OPEN_STATES, Move, MoveNotAllowed, State, after, allowed_from


@given(st.lists(st.sampled_from(list(Move))))
def test_no_sequence_of_moves_breaks_the_table(moves: list[Move]) -> None:
    state, accepted = State.RECEIVED, False
    for move in moves:
        try:
            following = after(move, state)
        except MoveNotAllowed:
            assert move not in allowed_from(state)
            continue
        assert move in allowed_from(state)
        assert following is MOVES[move].target
        accepted = following is not State.RECEIVED and (accepted or move is Move.ACCEPT)
        state = following
        assert accepted or state not in ACCEPTED_STATES, "only an accepted letter is answered or closed"


def test_every_state_can_be_reached() -> None:
    reached = {State.RECEIVED}
    for _round in State:
        reached |= {step.target for step in MOVES.values() if step.sources & reached}
    assert reached == set(State)


@pytest.mark.parametrize("state", OPEN_STATES)
def test_every_open_letter_leads_to_an_answer(state: State) -> None:
    ways = {move: MOVES[move].target for move in allowed_from(state)}
    assert Move.ANSWER in ways or Move.ANSWER in allowed_from(ways[Move.ACCEPT])
