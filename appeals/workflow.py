"""The states of a letter and the moves between them, as a table. Pure: no database.

Every row of `TABLE` says from which states a move is allowed, where it leads, who may do it, in which lanes, and
whether it needs a reason that the writer reads. What is not in the table cannot happen. The odd cases:

* An answered letter stays open to questions until it is closed. A closed one comes back only when its writer reopens it
  within 14 days of the last answer; a closing without an answer gives its reason, and that counts as the answer.
* A returned formal appeal may be completed and sent again under the same number and receipt. It is a new one then:
  nobody has accepted it, and the law's clock starts on the day the complete appeal came in.
* A forwarded letter is over here, as a closed one is: the other body answers it. If that body refuses, a new letter.
* A letter brought back from spam keeps its clock: our mistake must not make the writer wait longer. It may be overdue.
* A transfer to a neighbouring officer keeps state and clock: inside the police it is still one letter.
* An upgraded message becomes a formal appeal where it stands (an answered one is asked again); the law's clock starts
  on that day. Nothing turns a formal appeal into a message.
* Extending is the supervisor's: the law gives it to the head of the body or a deputy (393/96-ВР, article 20). So is
  closing a formal appeal that has no answer (article 8).
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a letter stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    REOPENED = "reopened"
    FORWARDED = "forwarded"
    RETURNED = "returned"
    CLOSED = "closed"
    SPAM = "spam"


class Lane(StrEnum):
    """By which rules a letter is answered: the same values as `appeals.models.Lane`, which gives them names."""

    FORMAL = "formal"
    MESSAGE = "message"


class Side(StrEnum):
    """Who makes a move: a side of the conversation, never a particular user."""

    WRITER = "writer"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    MODERATOR = "moderator"


class Move(StrEnum):
    """What can be done with a letter."""

    ACCEPT = "accept"
    START_WORK = "start_work"
    STUDY = "study"
    EXTEND = "extend"
    ANSWER = "answer"
    ASK_AGAIN = "ask_again"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    FORWARD = "forward"
    RETURN = "return"
    COMPLETE = "complete"
    TRANSFER = "transfer"
    UPGRADE = "upgrade"
    MARK_SPAM = "mark_spam"
    NOT_SPAM = "not_spam"


REOPEN_DAYS: Final = 14
"""Calendar days after the last answer within which the writer may reopen a closed letter: a promise of this service."""
UNANSWERED: Final = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.REOPENED})
OPEN: Final = frozenset({State.RECEIVED}) | UNANSWERED
OFFICE: Final = frozenset({Side.OFFICER, Side.SUPERVISOR})
SECOND_LOOK: Final = OFFICE | {Side.MODERATOR}
"""A moderator brings back what an officer took for spam, and moves nothing else."""
HEAD: Final = frozenset({Side.SUPERVISOR})
WRITER: Final = frozenset({Side.WRITER})
BOTH_LANES: Final = frozenset(Lane)
FORMAL: Final = frozenset({Lane.FORMAL})
MESSAGE: Final = frozenset({Lane.MESSAGE})


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table. `target` None: the state stays. `days`: only within so many days of the last answer."""

    move: Move
    sources: frozenset[State]
    target: State | None
    by: frozenset[Side]
    lanes: frozenset[Lane] = BOTH_LANES
    needs_reason: bool = False
    days: int | None = None

    def leads_to(self, state: State) -> State:
        """Return the state after this step from one of its sources."""
        return state if self.target is None else self.target


TABLE: Final = (
    Step(Move.ACCEPT, frozenset({State.RECEIVED}), State.ACCEPTED, OFFICE),
    Step(Move.START_WORK, frozenset({State.ACCEPTED, State.REOPENED}), State.IN_PROGRESS, OFFICE),
    Step(Move.STUDY, UNANSWERED, None, OFFICE, FORMAL),
    Step(Move.EXTEND, UNANSWERED, None, HEAD, FORMAL, needs_reason=True),
    Step(Move.ANSWER, UNANSWERED | {State.ANSWERED}, State.ANSWERED, OFFICE),
    Step(Move.ASK_AGAIN, frozenset({State.ANSWERED}), State.REOPENED, WRITER),
    Step(Move.REOPEN, frozenset({State.CLOSED}), State.REOPENED, WRITER, days=REOPEN_DAYS),
    Step(Move.WITHDRAW, OPEN | {State.RETURNED}, State.CLOSED, WRITER),
    Step(Move.CLOSE, frozenset({State.ANSWERED}), State.CLOSED, OFFICE, needs_reason=True),
    Step(Move.CLOSE, UNANSWERED, State.CLOSED, OFFICE, MESSAGE, needs_reason=True),
    Step(Move.CLOSE, UNANSWERED, State.CLOSED, HEAD, FORMAL, needs_reason=True),
    Step(Move.FORWARD, OPEN, State.FORWARDED, OFFICE, needs_reason=True),
    Step(Move.RETURN, OPEN - {State.REOPENED}, State.RETURNED, OFFICE, FORMAL, needs_reason=True),
    Step(Move.COMPLETE, frozenset({State.RETURNED}), State.RECEIVED, WRITER, FORMAL),
    Step(Move.TRANSFER, OPEN, None, OFFICE, needs_reason=True),
    Step(Move.UPGRADE, OPEN, None, WRITER, MESSAGE),
    Step(Move.UPGRADE, frozenset({State.ANSWERED}), State.REOPENED, WRITER, MESSAGE),
    Step(Move.MARK_SPAM, frozenset({State.RECEIVED, State.ACCEPTED}), State.SPAM, OFFICE),
    Step(Move.NOT_SPAM, frozenset({State.SPAM}), State.RECEIVED, SECOND_LOOK),
)
OPEN_STATES: Final = tuple(state for state in State if state in OPEN)
"""The officer owes the next step: these have a deadline that counts."""
ACCEPTED_STATES: Final = (State.ACCEPTED, State.IN_PROGRESS, State.ANSWERED, State.REOPENED)
"""Nobody gets here without somebody responsible having accepted the letter."""
FINAL_STATES: Final = (State.FORWARDED, State.CLOSED)
"""Nothing is owed any more. A returned letter waits for its writer, spam for a second look."""


class MoveNotAllowed(Exception):
    """The table has no such move from this state, for this side and lane, or on this day."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(f"{move} is not allowed from {state}")
        self.move, self.state = move, state


class ReasonMissing(MoveNotAllowed):
    """The move needs a reason in words."""


class TooLateToReopen(MoveNotAllowed):
    """More than 14 days have passed since the last answer, or the writer withdrew the letter unanswered."""


def after(move: Move, state: State) -> State:
    """Return the state after a move, whoever makes it. Raises MoveNotAllowed."""
    for step in TABLE:
        if step.move is move and state in step.sources:
            return step.leads_to(state)
    raise MoveNotAllowed(move, state)


def allowed_from(state: State, *, by: Side | None = None, lane: Lane | None = None) -> tuple[Move, ...]:
    """Return the moves that the table allows from a state, in its order; for one side and one lane where given."""
    steps = (step for step in TABLE if state in step.sources)
    return tuple(dict.fromkeys(step.move for step in steps if _open_to(step, by, lane)))


def needs_reason(move: Move) -> bool:
    """Tell whether a move asks for a reason that the writer reads."""
    return any(step.needs_reason for step in TABLE if step.move is move)


def make(
    move: Move,
    state: State,
    *,
    by: Side,
    lane: Lane,
    on: datetime.date,
    reason: str = "",
    answered_on: datetime.date | None = None,
) -> State:
    """Return the state after a side makes a move on a local day.

    `answered_on` is the local day of the office's last word to the writer: an answer, or the reason for closing without
    one; None where there was none. Raises MoveNotAllowed, ReasonMissing, TooLateToReopen.
    """
    for step in TABLE:
        if step.move is move and state in step.sources and _open_to(step, by, lane):
            if step.needs_reason and not reason.strip():
                raise ReasonMissing(move, state)
            if step.days is not None and (answered_on is None or (on - answered_on).days > step.days):
                raise TooLateToReopen(move, state)
            return step.leads_to(state)
    raise MoveNotAllowed(move, state)


def _open_to(step: Step, by: Side | None, lane: Lane | None) -> bool:
    return (by is None or by in step.by) and (lane is None or lane in step.lanes)
