"""Proof of work: a challenge opens one door for one letter, while it lasts, to whoever found the number."""

import base64
import datetime
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.work import LASTS, is_solved, new_challenge
from tests.appeals.solving import solution, solved
from tests.world import NOON

SECRET = b"secret of the tests"
CHALLENGE = new_challenge("a letter", secret=SECRET, size=200, at=NOON)


def opens(work: str, subject: str = "a letter", secret: bytes = SECRET, at: datetime.datetime = NOON) -> bool:
    return is_solved(work, subject, secret=secret, at=at)


def test_a_solved_challenge_opens_for_its_letter_however_often_it_is_sent() -> None:
    assert [opens(solved(CHALLENGE)) for _ in range(2)] == [True, True]


def test_a_solved_challenge_opens_nothing_for_another_letter() -> None:
    assert not opens(solved(CHALLENGE), "another letter")


def test_a_challenge_is_over_after_its_time() -> None:
    last = NOON + LASTS
    assert opens(solved(CHALLENGE), at=last)
    assert not opens(solved(CHALLENGE), at=last + datetime.timedelta(seconds=1))


def test_a_challenge_of_another_server_opens_nothing() -> None:
    assert not opens(solved(CHALLENGE), secret=b"another")


@pytest.mark.parametrize("change", [-1, 1])
def test_a_wrong_number_opens_nothing(change: int) -> None:
    assert not opens(solution(CHALLENGE, solution_number(CHALLENGE) + change))


def test_a_salt_with_another_letter_or_a_later_end_opens_nothing() -> None:
    other = new_challenge("another letter", secret=SECRET, size=200, at=NOON + datetime.timedelta(days=1))
    for salt in (other["salt"], CHALLENGE["salt"].replace("expires=1", "expires=2")):
        forged: Any = CHALLENGE | {"salt": salt}
        assert not opens(solution(forged, solution_number(CHALLENGE)))


def test_digits_cannot_move_between_the_salt_and_the_number() -> None:
    number = str(solution_number(CHALLENGE))
    moved: Any = CHALLENGE | {"salt": CHALLENGE["salt"] + number[:1]}
    assert not opens(solution(moved, int(number[1:] or 0)))


MEMBERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@given(st.text() | st.dictionaries(st.sampled_from([*CHALLENGE, "number"]), MEMBERS).map(json.dumps))
def test_nothing_that_is_sent_as_work_breaks_the_door(written: str) -> None:
    assert not opens(written)
    assert not opens(base64.b64encode(written.encode("utf-8", "surrogatepass")).decode())


def solution_number(challenge: Any) -> int:
    number: int = json.loads(base64.b64decode(solved(challenge)))["number"]
    return number
