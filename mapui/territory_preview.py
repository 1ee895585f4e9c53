"""A list of streets before it is recorded: what was read of each district, and what was not, with its place."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.utils.translation import gettext

from geo.territories.adding import NewStreet
from geo.territories.reading import Span, Why
from geo.territories.recording import CompiledList
from mapui.territory_words import WHY

CONTEXT = 200
"""So many characters of a text are shown before and after a piece that is open."""


@dataclass(frozen=True, slots=True)
class OpenPiece:
    """A piece of a list that decides nothing; `number` counts from 1."""

    number: int
    text: str
    why: str
    guesses: tuple[str, ...]
    span: Span
    line: int
    """The row of a table, the line of a text."""


@dataclass(frozen=True, slots=True)
class OfDistrict:
    """What was read of one district."""

    code: str
    entries: int
    rules: int

    @property
    def open(self) -> int:
        """Entries that decide nothing."""
        return self.entries - self.rules


def by_district(compiled: CompiledList) -> tuple[OfDistrict, ...]:
    """Count what was read, in the order of the list."""
    entries = Counter(one.entry.district for one in compiled.entries)
    rules = Counter(rule.district for rule in compiled.rules)
    return tuple(OfDistrict(code, entries[code], rules[code]) for code in compiled.districts)


def open_pieces(compiled: CompiledList, text: str) -> tuple[OpenPiece, ...]:
    """Return what decides nothing, in the order of the source; `text` is empty for a table."""
    found: list[tuple[Span, str, str, tuple[str, ...]]] = [
        (piece.span, piece.text, str(WHY[Why(piece.why)]), ()) for piece in compiled.unread
    ]
    told = [piece.span for piece in compiled.unread]
    for one in compiled.entries:
        span = one.entry.span
        if one.rule is None:
            if any(span.row == each.row and span.start <= each.start and each.end <= span.end for each in told):
                continue  # its houses could not be read
            known = one.match.street or one.match.settlement
            if one.match.several:
                why = gettext("Several streets have this name.")
            elif known:
                why = str(WHY[Why.NO_HOUSES])
            else:
                why = gettext("No such street in the gazetteer.")
            found.append((one.entry.span, one.entry.text, why, one.match.guesses))
    found.sort(key=lambda one: (one[0].row, one[0].start))
    breaks = [at for at, letter in enumerate(text) if letter == "\n"]
    return tuple(
        OpenPiece(number, piece, why, guesses, span, span.row or bisect_left(breaks, span.start) + 1)
        for number, (span, piece, why, guesses) in enumerate(found, start=1)
    )


def marked(text: str, pieces: Sequence[OpenPiece]) -> Iterator[tuple[str, int]]:
    """Cut the text around some pieces into stretches; one that is open comes with its number, others with 0.

    What stands between two pieces is shortened to the words next to them.
    """
    at = 0
    for piece in pieces:
        if piece.span.start >= at:
            yield _shortened(text[at : piece.span.start], first=at == 0), 0
            yield text[piece.span.start : piece.span.end], piece.number
            at = piece.span.end
    yield _shortened(text[at:], last=True), 0


def _shortened(text: str, *, first: bool = False, last: bool = False) -> str:
    """The beginning and the end of a text that stands between two pieces."""
    if len(text) <= 2 * CONTEXT:
        return text
    before = "" if first else text[:CONTEXT].rpartition(" ")[0] + "\n"
    after = "" if last else "\n" + text[-CONTEXT:].partition(" ")[2]
    return f"{before}…{after}"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided before and the new list does not outrank."""

    place: str
    houses: str
    district: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What was read of a list, as it is shown page by page: made once, kept beside the file, and forgotten with it.

    `conflicts` are the names of `SECTIONS` with their counts.
    """

    district: str
    source: str
    add_streets: bool
    entries: int
    rules: int
    by_district: tuple[OfDistrict, ...]
    pieces: tuple[OpenPiece, ...]
    unused: tuple[str, ...] = ()
    settlements: tuple[str, ...] = ()
    streets: tuple[NewStreet, ...] = ()
    names_left: bool = False
    may_add: bool = False
    after: int = 0
    others: tuple[str, ...] = ()
    decisions: tuple[Decided, ...] = ()
    conflicts: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """As it was kept."""
        kept: dict[str, Any] = json.loads(text)
        plain = {name: tuple(kept[name]) for name in ("unused", "settlements", "others")}
        pieces = ({**one, "guesses": tuple(one["guesses"]), "span": Span(**one["span"])} for one in kept["pieces"])
        return cls(
            **kept
            | plain
            | {
                "by_district": tuple(OfDistrict(**one) for one in kept["by_district"]),
                "pieces": tuple(OpenPiece(**one) for one in pieces),
                "streets": tuple(NewStreet(**one | {"guesses": tuple(one["guesses"])}) for one in kept["streets"]),
                "conflicts": tuple((name, count) for name, count in kept["conflicts"]),
                "decisions": tuple(Decided(**one) for one in kept["decisions"]),
            }
        )
