"""A list of streets before it is recorded: what was read of each district, and what was not, with its place."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from geo.territories.reading import Span, Why
from geo.territories.recording import CompiledList
from mapui.territory_words import WHY

LONGEST_TEXT = 300_000
"""Characters of a text that are shown; what is open is listed whatever its length."""


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


def by_district(compiled: CompiledList) -> list[OfDistrict]:
    """Count what was read, in the order of the list."""
    entries = Counter(one.entry.district for one in compiled.entries)
    rules = Counter(rule.district for rule in compiled.rules)
    return [OfDistrict(code, entries[code], rules[code]) for code in compiled.districts]


def open_pieces(compiled: CompiledList, text: str) -> list[OpenPiece]:
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
    return [
        OpenPiece(number, piece, why, guesses, span, span.row or bisect_left(breaks, span.start) + 1)
        for number, (span, piece, why, guesses) in enumerate(found, start=1)
    ]


def marked(text: str, pieces: Iterable[OpenPiece]) -> Iterator[tuple[str, int]]:
    """Cut a text into stretches; one that is open comes with the number of its piece, others with 0."""
    at = 0
    for piece in pieces:
        if piece.span.start >= at and piece.span.end <= LONGEST_TEXT:
            yield text[at : piece.span.start], 0
            yield text[piece.span.start : piece.span.end], piece.number
            at = piece.span.end
    yield text[at:LONGEST_TEXT], 0
