"""Tombstones outside the database: erasing again, and taking down again, what an older backup brought back."""

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from django.db import models
from django.db.models import Max, OuterRef, Subquery

from appeals.access import as_task
from appeals.models import Appeal, Erasure, Event, PublicQuestion
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
                **_letter_in(told),
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
                **_letter_of(self),
                "what": self.what,
                "why": self.why,
                "erased_at": self.erased_at.isoformat(),
            }
        )


class Given(StrEnum):
    """What a writer had given of a letter, and took back or lost."""

    PUBLIC = "public"
    CONSENT = "consent"


GIVEN_BY: Final = {Given.PUBLIC: "published", Given.CONSENT: "publish_allowed"}
"""The events that say when it was given."""


@dataclass(frozen=True, slots=True)
class TakenDown:
    """That what was published of a letter, or the consent to that, stands no more. `given_at`: when it was given last.

    Given anew after that moment it stays: its writer agreed once more.
    """

    city: str
    year: int
    number: int
    received_at: datetime.datetime
    what: Given
    given_at: datetime.datetime

    @classmethod
    def read(cls, line: str) -> Self:
        """Read one line of JSON. Raises BadTombstone."""
        try:
            told = json.loads(line)
            return cls(
                **_letter_in(told),
                what=Given(told["what"]),
                given_at=datetime.datetime.fromisoformat(told["given_at"]),
            )
        except (ValueError, KeyError, TypeError) as mistake:
            raise BadTombstone(str(mistake)) from mistake

    def line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(
            {
                **_letter_of(self),
                "what": self.what,
                "given_at": self.given_at.isoformat(),
            }
        )


Stone = Tombstone | TakenDown


def _letter_in(told: dict[str, Any]) -> dict[str, Any]:
    """Return what names the letter of a stone in a line."""
    return {
        "city": str(told["city"]),
        "year": int(told["year"]),
        "number": int(told["number"]),
        "received_at": datetime.datetime.fromisoformat(told["received_at"]),
    }


def _letter_of(stone: Stone) -> dict[str, Any]:
    """Return what names the letter of a stone, for a line."""
    return {
        "city": stone.city,
        "year": stone.year,
        "number": stone.number,
        "received_at": stone.received_at.isoformat(),
    }


def stone_of(line: str) -> Stone:
    """Read one line of either kind. Raises BadTombstone."""
    try:
        what = json.loads(line).get("what")
    except (ValueError, AttributeError) as mistake:
        raise BadTombstone(str(mistake)) from mistake
    return TakenDown.read(line) if what in list(Given) else Tombstone.read(line)


@dataclass(slots=True)
class Replayed:
    """What came of it: gone again, gone already, without a letter in this database."""

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


def taken_down() -> Iterator[TakenDown]:
    """Return what was published and is no more, what another text stands for since, and every consent that is gone.

    Whoever took it, and how: the history says that it was given, and it does not stand.
    """
    with as_task(ERASE):
        published = Event.objects.filter(kind=GIVEN_BY[Given.PUBLIC])
        yield from _stones(Given.PUBLIC, published.filter(appeal__public_question=None))
        # What stands was published last; the one before may show what was masked since.
        last = published.filter(appeal=OuterRef("appeal")).order_by("-at").values("at")[:1]
        yield from _stones(Given.PUBLIC, published.filter(appeal__public_question__isnull=False, at__lt=Subquery(last)))
        allowed = Event.objects.filter(kind=GIVEN_BY[Given.CONSENT])
        yield from _stones(Given.CONSENT, allowed.filter(appeal__may_publish_since=None))


def _stones(what: Given, events: models.QuerySet[Event]) -> Iterator[TakenDown]:
    """Return one for each letter, of its last of these events."""
    names = ("city__slug", "year", "number", "received_at")
    letters = events.order_by("appeal").values_list("appeal", *(f"appeal__{name}" for name in names))
    for _pk, city, year, number, received_at, given in letters.annotate(given=Max("at")):
        yield TakenDown(city, year, number, received_at, what, given)


def replay(stones: Iterable[Stone], *, dry_run: bool = False) -> Replayed:
    """Erase again what each tombstone says was erased, with its own moment and ground, and take down again what was
    taken down; each is committed.

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
                    _gone_again(appeal, stone)
    return done


def _gone_again(appeal: Appeal, stone: Stone) -> None:
    if isinstance(stone, TakenDown):  # the consent goes too: its writer may give it anew
        Appeal.objects.filter(pk=appeal.pk).update(may_publish_since=None)
    else:
        ERASE_THE[stone.what]([appeal.pk], at=stone.erased_at, why=stone.why)


def _is_gone(appeal: Appeal, stone: Stone) -> bool:
    if isinstance(stone, TakenDown):
        if appeal.events.filter(kind=GIVEN_BY[stone.what], at__gt=stone.given_at).exists():
            return True
        if stone.what is Given.CONSENT:
            return appeal.may_publish_since is None
        return not PublicQuestion.objects.filter(appeal=appeal).exists()
    if stone.what is What.LETTER:
        return appeal.is_erased
    return appeal.has_no_writer or appeal.events.filter(kind=Move.UPGRADE, at__gt=stone.erased_at).exists()
