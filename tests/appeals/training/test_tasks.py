"""The exercises as data: each is marked as training, and is done by a move that its doer may make."""

import random

from hypothesis import given
from hypothesis import strategies as st

from appeals.training.tasks import EXERCISES, OF_AN_OFFICER, Task, letter_text
from appeals.workflow import TABLE, Side


def test_every_exercise_is_done_by_a_move_of_whoever_does_it() -> None:
    for task in Task:
        exercise = EXERCISES[task]
        side = Side.SUPERVISOR if exercise.supervised else Side.OFFICER
        steps = [step for step in TABLE if step.move is exercise.move and exercise.lane in step.lanes]
        assert any(side in step.by for step in steps), task
    assert set(OF_AN_OFFICER) == set(Task) - {Task.EXTEND}


@given(task=st.sampled_from(Task), seed=st.integers(0, 2**32))
def test_a_letter_is_marked_and_the_same_seed_draws_the_same(task: Task, seed: int) -> None:
    text = letter_text(task, random.Random(seed))
    assert text.startswith("Навчання.")
    assert text == letter_text(task, random.Random(seed))
