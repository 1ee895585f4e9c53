"""The doors of letters and receipts: nobody sees them in quiet times; under load work opens them, and patience."""

import datetime
import itertools
from typing import Any

import pytest

from appeals.doors import REPEATS_MAX, REPEATS_WAITED, REPEATS_WORKED, Door, TooMany, WorkNeeded
from tests.appeals.solving import solved
from tests.world import NOON

pytestmark = pytest.mark.django_db


def later(seconds: int) -> datetime.datetime:
    return NOON + datetime.timedelta(seconds=seconds)


@pytest.fixture
def letters(settings: Any) -> Door:
    """A door that is busy after three in a minute; an address may pass it five times in ten minutes."""
    settings.LETTERS_BUSY_PER_MINUTE, settings.LETTERS_PER_ADDRESS, settings.WORK_SIZE = 3, 5, 100
    return Door(
        "test", window_s=600, per_address="LETTERS_PER_ADDRESS", busy_per_minute="LETTERS_BUSY_PER_MINUTE", once=True
    )


_fresh = itertools.count()


def flood(door: Door, at: datetime.datetime = NOON) -> None:
    """Make a door busy, from addresses that nobody else has."""
    for number in range(4):
        try:
            door.enter(caller=f"2001:db8::{next(_fresh)}", subject=f"flood {at} {number}", at=at)
        except WorkNeeded:
            return
    raise AssertionError("the door is not busy")


def test_in_quiet_times_nobody_works(letters: Door) -> None:
    for number in range(3):
        letters.enter(caller=f"192.0.2.{number}", subject=str(number), at=NOON)
    assert letters.challenge_while_busy("x", at=NOON) is None


def test_under_load_a_solved_challenge_opens(letters: Door) -> None:
    flood(letters)
    with pytest.raises(WorkNeeded) as refused:
        letters.enter(caller="192.0.2.1", subject="mine", at=NOON)
    work = solved(refused.value.challenge)
    letters.enter(caller="192.0.2.1", subject="mine", at=NOON, work=work)
    letters.enter(caller="192.0.2.1", subject="mine", at=NOON, work=work)  # the same letter, sent again
    with pytest.raises(WorkNeeded):
        letters.enter(caller="192.0.2.1", subject="another", at=NOON, work=work)


def test_work_done_for_one_door_does_not_open_the_other(letters: Door) -> None:
    flood(letters)
    other = Door(
        "other", window_s=600, per_address="LETTERS_PER_ADDRESS", busy_per_minute="LETTERS_BUSY_PER_MINUTE", once=True
    )
    flood(other)
    challenge = other.challenge_while_busy("mine", at=NOON)
    assert challenge
    with pytest.raises(WorkNeeded):
        letters.enter(caller="192.0.2.1", subject="mine", at=NOON, work=solved(challenge))


def test_under_load_whoever_waited_passes_without_work_once_for_an_address(letters: Door) -> None:
    flood(letters)
    letters.enter(caller="192.0.2.1", subject="mine", at=NOON, waited=True)
    with pytest.raises(WorkNeeded):
        letters.enter(caller="192.0.2.1", subject="another", at=NOON, waited=True)
    letters.enter(caller="192.0.2.2", subject="of a neighbour", at=NOON, waited=True)


def test_load_is_over_after_its_time_and_not_with_its_minute(letters: Door) -> None:
    flood(letters)
    with pytest.raises(WorkNeeded):
        letters.enter(caller="192.0.2.1", subject="mine", at=later(60))
    letters.enter(caller="192.0.2.1", subject="mine", at=later(600))


def test_an_address_that_sent_its_share_goes_on_with_work_and_not_for_ever(letters: Door, settings: Any) -> None:
    settings.LETTERS_BUSY_PER_MINUTE = 1000
    for number in range(5):
        letters.enter(caller="192.0.2.1", subject=str(number), at=NOON)
    with pytest.raises(WorkNeeded):
        letters.enter(caller="192.0.2.1", subject="5", at=NOON, waited=True)
    for number in range(6, 50):
        challenge = work_asked(letters, str(number))
        letters.enter(caller="192.0.2.1", subject=str(number), at=NOON, work=solved(challenge))
    with pytest.raises(TooMany) as refused:
        letters.enter(caller="192.0.2.1", subject="one too many", at=NOON)
    assert 0 < refused.value.wait_s <= 600
    letters.enter(caller="192.0.2.2", subject="of a neighbour", at=NOON)


def work_asked(door: Door, subject: str) -> Any:
    with pytest.raises(WorkNeeded) as refused:
        door.enter(caller="192.0.2.1", subject=subject, at=NOON)
    return refused.value.challenge


def test_one_hostile_address_makes_nobody_else_work(letters: Door, settings: Any) -> None:
    settings.LETTERS_BUSY_PER_MINUTE = 8
    for number in range(60):
        try:
            letters.enter(caller="192.0.2.66", subject=f"flood {number}", at=NOON)
        except (WorkNeeded, TooMany):
            continue
    letters.enter(caller="192.0.2.1", subject="mine", at=NOON)


def test_a_letter_sent_again_counts_once_and_not_without_end(letters: Door, settings: Any) -> None:
    settings.LETTERS_BUSY_PER_MINUTE = 1000
    for _ in range(REPEATS_MAX):
        letters.enter(caller="192.0.2.1", subject="mine", at=NOON)
    with pytest.raises(TooMany):
        letters.enter(caller="192.0.2.1", subject="mine", at=NOON)
    letters.enter(caller="192.0.2.1", subject="another", at=NOON)


def test_under_load_a_letter_sent_again_passes_some_times_and_no_more(letters: Door) -> None:
    flood(letters)
    work = solved(work_asked(letters, "mine"))
    ways: list[tuple[int, dict[str, Any]]] = [
        (REPEATS_WORKED, {"caller": "192.0.2.1", "subject": "mine", "work": work}),
        (REPEATS_WAITED, {"caller": "192.0.2.2", "subject": "of a patient neighbour", "waited": True}),
    ]
    for times, way in ways:
        for _ in range(times):
            letters.enter(at=NOON, **way)
        with pytest.raises(TooMany):
            letters.enter(at=NOON, **way)
