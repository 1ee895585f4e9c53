"""Under whose eyes the database is asked. Row-level security shows letters to nobody who is not named here.

Policies (migration 0008) read four settings of the transaction: who is signed in and on which local day, which receipt
is held, which task of the server runs. A context sets all four at its beginning and ends with its transaction; one
context inside another replaces it and gives it back. Without a context no letter can be seen, written or changed.
"""

import datetime
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from django.db import connection, transaction
from django.db.models import Model

from geo.prepared import PreparedInsert, PreparedStatement, Question, insert, rows_of
from people.models import User


@dataclass(frozen=True, slots=True)
class _Eyes:
    user: str = ""
    day: str = ""
    receipt: str = ""
    task: str = ""


_NOBODY = _Eyes()
_current: ContextVar[_Eyes] = ContextVar("eyes", default=_NOBODY)
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)
"""What was asked about rights under the eyes of now; None where every question is asked anew."""
Answer = TypeVar("Answer")
TELL: Final = PreparedStatement(Path(__file__).parent / "sql" / "eyes.sql")


@contextmanager
def as_staff(user: User, *, on: datetime.date | None = None) -> Iterator[None]:
    """See what a member of staff may see on a local day (today unless given), in one transaction."""
    with _seeing(_Eyes(user=str(user.pk), day=on.isoformat() if on else "")):
        yield


@contextmanager
def as_writer(receipt_hash: str, *, durable: bool = False) -> Iterator[None]:
    """See the one letter that a receipt opens; with `durable` what was done is committed when the block ends."""
    with _seeing(_Eyes(receipt=receipt_hash), durable=durable):
        yield


def asked_once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return the answer to a question, asked once as long as the same eyes of staff look.

    A page about many lists asks the same of each. Its transaction sees one day and one person, and no page both changes
    rights and shows what they open; without eyes, or under those of a task or a writer, each question is asked anew.
    """
    answers = _answers.get()
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    return cast(Answer, answers[question])


def insert_as_writer(receipt_hash: str, *rows: tuple[PreparedInsert, Model]) -> None:
    """Insert rows under a writer's eyes and commit them, all in one trip to the database."""
    if connection.in_atomic_block:  # a test's
        with as_writer(receipt_hash, durable=True):
            insert(*rows)
    else:
        insert(*rows, after=[_told(_Eyes(receipt=receipt_hash))], commits=True)


@contextmanager
def as_task(name: str, *, durable: bool = False) -> Iterator[None]:
    """See every letter, as a task of the server that no person's request chooses: a job, a command, a hand-over."""
    if not name:
        raise ValueError("a task has a name")
    with _seeing(_Eyes(task=name), durable=durable):
        yield


@contextmanager
def _seeing(eyes: _Eyes, *, durable: bool = False) -> Iterator[None]:
    before, ends_here = _current.get(), not connection.in_atomic_block
    with transaction.atomic(durable=durable):
        _tell(eyes)
        token, asked = _current.set(eyes), _answers.set({} if eyes.user else None)
        try:
            yield
        finally:
            _answers.reset(asked)
            _current.reset(token)
        # Not after an exception: the rollback to our savepoint takes the settings back by itself.
        if not ends_here:
            _tell(before)


def _tell(eyes: _Eyes) -> None:
    rows_of(_told(eyes))


def _told(eyes: _Eyes) -> Question:
    return TELL.asked(user=eyes.user, day=eyes.day, receipt=eyes.receipt, task=eyes.task)
