"""The states of a letter and the moves between them, as a table. Pure: no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a letter stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    REOPENED = "reopened"
    CLOSED = "closed"
    SPAM = "spam"


class Move(StrEnum):
    """What can be done with a letter."""

    ACCEPT = "accept"
    ANSWER = "answer"
    ASK_AGAIN = "ask_again"
    CLOSE = "close"
    MARK_SPAM = "mark_spam"
    NOT_SPAM = "not_spam"


@dataclass(frozen=True, slots=True)
class Step:
    """From which states a move is allowed, and where it leads."""

    sources: frozenset[State]
    target: State


MOVES: Final[Mapping[Move, Step]] = {
    Move.ACCEPT: Step(frozenset({State.RECEIVED}), State.ACCEPTED),
    Move.ANSWER: Step(frozenset({State.ACCEPTED, State.ANSWERED, State.REOPENED}), State.ANSWERED),
    Move.ASK_AGAIN: Step(frozenset({State.ANSWERED}), State.REOPENED),
    Move.CLOSE: Step(frozenset({State.ACCEPTED, State.ANSWERED, State.REOPENED}), State.CLOSED),
    Move.MARK_SPAM: Step(frozenset({State.RECEIVED, State.ACCEPTED}), State.SPAM),
    Move.NOT_SPAM: Step(frozenset({State.SPAM}), State.RECEIVED),
}
OPEN_STATES: Final = (State.RECEIVED, State.ACCEPTED, State.REOPENED)
"""The officer owes the next step: these have a deadline that counts."""
ACCEPTED_STATES: Final = (State.ACCEPTED, State.ANSWERED, State.REOPENED, State.CLOSED)
"""Somebody responsible has accepted the letter: only these are counted."""


class MoveNotAllowed(Exception):
    """The table has no such move from this state."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(f"{move} is not allowed from {state}")
        self.move, self.state = move, state


def after(move: Move, state: State) -> State:
    """Return the state after a move. Raises MoveNotAllowed."""
    step = MOVES[move]
    if state not in step.sources:
        raise MoveNotAllowed(move, state)
    return step.target


def allowed_from(state: State) -> tuple[Move, ...]:
    """Return the moves that the table allows from a state, in its order."""
    return tuple(move for move, step in MOVES.items() if state in step.sources)
