"""The table of stages: every stage is reached, nothing real becomes training again, what is missing is named."""

from hypothesis import given
from hypothesis import strategies as st

from geo.models import City
from geo.stages import (
    FOR_THE_PUBLIC,
    TABLE,
    Item,
    Need,
    Readiness,
    Stage,
    missing_for,
    stage_that_needs,
    step_between,
    steps_from,
)

SEEN_BY_THE_PUBLIC = {Stage.PILOT, Stage.OPEN}


def test_the_stages_are_those_of_the_city() -> None:
    assert [stage.value for stage in Stage] == City.Stage.values


def test_every_stage_is_reached_from_a_draft_and_none_is_a_dead_end() -> None:
    reached, edge = {Stage.DRAFT}, {Stage.DRAFT}
    while edge:
        edge = {step.target for step in TABLE if step.source in edge} - reached
        reached |= edge
    assert reached == set(Stage)
    assert all(steps_from(stage) for stage in Stage)


def test_what_was_real_never_becomes_training_or_a_draft_again() -> None:
    real = {*SEEN_BY_THE_PUBLIC, Stage.CLOSED}
    assert not [step for step in TABLE if step.source in real and step.target in {Stage.DRAFT, Stage.TRAINING}]


def test_nobody_looks_an_officer_up_before_all_is_right() -> None:
    for step in TABLE:
        if step.target in SEEN_BY_THE_PUBLIC and step.source not in SEEN_BY_THE_PUBLIC:
            assert set(FOR_THE_PUBLIC) <= set(step.needs)
    opening = step_between("pilot", "open")
    assert opening
    assert set(opening.needs) == set(Need) - {Need.ANSWERED}
    assert step_between("draft", "open") is None
    assert step_between("nowhere", "open") is None


ITEMS = st.lists(st.builds(Item, st.sampled_from(Need), st.sampled_from(Readiness), st.just(".")), max_size=12)


@given(step=st.sampled_from(TABLE), items=ITEMS)
def test_only_what_is_missing_and_needed_stands_in_the_way(step, items) -> None:
    missing = missing_for(step, items)
    assert list(missing) == [item for item in items if item in missing]
    assert all(item.need in step.needs and item.readiness is Readiness.MISSING for item in missing)
    assert all(item in missing for item in items if item.need in step.needs and item.readiness is Readiness.MISSING)


def test_a_need_names_the_next_stage_that_wants_it() -> None:
    asked = [
        (Need.BOUNDARIES, Stage.DRAFT), (Need.PRACTICE, Stage.TRAINING), (Need.TEXTS, Stage.CLOSED),
        (Need.ANSWERED, Stage.DRAFT), (Need.TEXTS, Stage.OPEN),
    ]  # fmt: skip
    assert [stage_that_needs(need, stage=stage) for need, stage in asked] == [
        Stage.TRAINING, Stage.OPEN, Stage.PILOT, None, None,
    ]  # fmt: skip
