"""Tombstones outside the database, and erasing again what an older backup brought back."""

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from appeals.access import as_task
from appeals.models import Appeal, Erasure
from appeals.services.erasing import ERASE, ERASE_THE
from appeals.workflow import Move

What, Why = Erasure.What, Erasure.Why


class BadTombstone(ValueError):
    """A line is no tombstone that this command wrote."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One erasure as it is kept beside the backups: which letter, by number and moment of receipt; nothing of it."""

    city: str
    year: int
    number: int
    received_at: datetime.datetime
    what: Erasure.What
    why: Erasure.Why
    erased_at: datetime.datetime

    @classmethod
    def read(cls, line: str) -> Self:
        """Read one line of JSON. Raises BadTombstone."""
        try:
            told = json.loads(line)
            return cls(
                city=str(told["city"]),
                year=int(told["year"]),
                number=int(told["number"]),
                received_at=datetime.datetime.fromisoformat(told["received_at"]),
                what=What(told["what"]),
                why=Why(told["why"]),
                erased_at=datetime.datetime.fromisoformat(told["erased_at"]),
            )
        except (ValueError, KeyError, TypeError) as mistake:
            raise BadTombstone(str(mistake)) from mistake

    def line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(
            {
                "city": self.city,
                "year": self.year,
                "number": self.number,
                "received_at": self.received_at.isoformat(),
                "what": self.what,
                "why": self.why,
                "erased_at": self.erased_at.isoformat(),
            }
        )


@dataclass(slots=True)
class Replayed:
    """What came of it: erased again, erased already, without a letter in this database."""

    again: int = 0
    already: int = 0
    unknown: int = 0


def tombstones() -> Iterator[Tombstone]:
    """Return every erasure, the first one first."""
    names = ("city__slug", "year", "number", "received_at")
    with as_task(ERASE):
        rows = Erasure.objects.values_list(*(f"appeal__{name}" for name in names), "what", "why", "erased_at")
        for city, year, number, received_at, what, why, erased_at in rows.iterator():
            yield Tombstone(city, year, number, received_at, What(what), Why(why), erased_at)


def replay(stones: Iterable[Tombstone], *, dry_run: bool = False) -> Replayed:
    """Erase again what each tombstone says was erased, with its own moment and ground; each is committed.

    A number that another letter has by now, received at another moment, is no match. Contacts that came with an
    upgrade after they had been erased stay.
    """
    done = Replayed()
    for stone in stones:
        with as_task(ERASE):
            found = Appeal.objects.select_for_update().filter(
                city__slug=stone.city, year=stone.year, number=stone.number, received_at=stone.received_at
            )
            appeal = found.first()
            if appeal is None:
                done.unknown += 1
            elif _is_gone(appeal, stone):
                done.already += 1
            else:
                done.again += 1
                if not dry_run:
                    ERASE_THE[stone.what]([appeal.pk], at=stone.erased_at, why=stone.why)
    return done


def _is_gone(appeal: Appeal, stone: Tombstone) -> bool:
    if stone.what is What.LETTER:
        return appeal.is_erased
    return appeal.has_no_writer or appeal.events.filter(kind=Move.UPGRADE, at__gt=stone.erased_at).exists()
