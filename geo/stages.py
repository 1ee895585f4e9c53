"""The stages of a city and the moves between them, as a table. Pure: no database.

A move needs what stands in its row: `Need` names an item of the opening kit, and each room of the house answers its own
(`geo.readiness`, `people.readiness`, `appeals.readiness`). What is not in the table cannot happen:

* A city that people have looked up or written to never becomes a draft or a training city again: its letters are real.
  It is closed, and comes back as a pilot.
* Nothing is closed while a letter waits for its answer.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """How far a city has come: the same values as `geo.models.City.Stage`, which gives them names."""

    DRAFT = "draft"
    TRAINING = "training"
    PILOT = "pilot"
    OPEN = "open"
    CLOSED = "closed"


class Need(StrEnum):
    """An item of the kit."""

    BOUNDARIES = "boundaries"
    ADDRESSES = "addresses"
    OFFICERS = "officers"
    CONTACTS = "contacts"
    STAFF = "staff"
    TEXTS = "texts"
    PRACTICE = "practice"
    ANSWERED = "answered"


class Readiness(StrEnum):
    """How an item stands. A warning stands in nobody's way."""

    DONE = "done"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Item:
    """What was found for one need: how it stands, and a sentence with the numbers."""

    need: Need
    readiness: Readiness
    sentence: str


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table."""

    source: Stage
    target: Stage
    needs: tuple[Need, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether it brings the city further: towards open, not back and not out."""
        order = (Stage.CLOSED, Stage.DRAFT, Stage.TRAINING, Stage.PILOT, Stage.OPEN)
        return order.index(self.target) > order.index(self.source)


FOR_THE_PUBLIC: Final = (
    Need.BOUNDARIES, Need.ADDRESSES, Need.OFFICERS, Need.CONTACTS, Need.STAFF, Need.TEXTS,
)  # fmt: skip
"""What must be right before anybody looks an officer up."""
TABLE: Final = (
    Step(Stage.DRAFT, Stage.TRAINING, (Need.BOUNDARIES,)),
    Step(Stage.TRAINING, Stage.PILOT, FOR_THE_PUBLIC),
    Step(Stage.TRAINING, Stage.DRAFT),
    Step(Stage.PILOT, Stage.OPEN, (*FOR_THE_PUBLIC, Need.PRACTICE)),
    Step(Stage.PILOT, Stage.CLOSED, (Need.ANSWERED,)),
    Step(Stage.OPEN, Stage.PILOT),
    Step(Stage.OPEN, Stage.CLOSED, (Need.ANSWERED,)),
    Step(Stage.CLOSED, Stage.PILOT, FOR_THE_PUBLIC),
)


class StageRefused(Exception):
    """The city stays in its stage; the message is a sentence."""


class NoSuchStep(StageRefused):
    """The table has no such move."""


class NotReady(StageRefused):
    """Something is missing: `missing` are the items, each with its sentence."""

    def __init__(self, sentence: str, missing: tuple[Item, ...]) -> None:
        super().__init__(sentence)
        self.missing = missing


def steps_from(stage: str) -> tuple[Step, ...]:
    """Return the moves that the table has from a stage, in its order."""
    return tuple(step for step in TABLE if step.source == stage)


def step_between(source: str, target: str) -> Step | None:
    """Return the move from one stage to another, where the table has it."""
    return next((step for step in TABLE if step.source == source and step.target == target), None)


def stage_that_needs(need: Need, *, stage: str) -> Stage | None:
    """Return the next stage on a city's way to open that needs an item; None where nothing on it does."""
    onwards = next((step for step in steps_from(stage) if step.goes_on), None)
    if onwards is None:
        return None
    return onwards.target if need in onwards.needs else stage_that_needs(need, stage=onwards.target)


def missing_for(step: Step, items: Iterable[Item]) -> tuple[Item, ...]:
    """Return what stands in the way of a move, in the order of the kit."""
    needed: Collection[Need] = step.needs
    return tuple(item for item in items if item.need in needed and item.readiness is Readiness.MISSING)
