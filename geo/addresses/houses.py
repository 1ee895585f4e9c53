"""House numbers as Ukraine writes them: 12, 12А, 12/3, 19/33А, 12 корп. 2, 5-7. Pure: no database."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from geo.addresses.folding import untwin

LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщюя"
_LATIN_TWINS = str.maketrans("abcehikmoptxyABCEHIKMOPTXY", "авсенікмортхуавсенікмортху")
_ORDER = {letter: position for position, letter in enumerate(LETTERS)}

_LETTER = rf"[{LETTERS}a-z]"
NUMBER = (
    rf"(?P<number>\d{{1,4}})"
    rf"(?:\s?[-–—]?\s?[\"«“”']?(?P<letter>{_LETTER})[\"»“”']?(?![^\W\d_]|\.[^\W\d_]))?"
    rf"(?:\s?[-–—]\s?(?P<last>\d{{1,4}}{_LETTER}?(?![^\W\d_])(?:[-–—]\d{{1,4}}{_LETTER}?(?![^\W\d_]))*))?"
    rf"(?:\s?/\s?(?P<fraction>\d{{1,4}}\s?{_LETTER}?(?![^\W\d_])|{_LETTER}(?![^\W\d_])))?"
    rf"(?:\s?,?\s?(?:корпус|корп\.?|к\.|к(?=\s?\d)|блок|секція|строение|стр\.)\s?(?P<corpus>\d{{1,3}}{_LETTER}?|{_LETTER})(?![^\W\d_]))?"
)
Order = tuple[int, tuple[tuple[int, str], ...]]
"""The number, and what stands behind it, so that tuples sort as people do."""
_WHOLE = re.compile(NUMBER, re.IGNORECASE)
_BEFORE = re.compile(r"^\s*(?:будинок|буд\.?|б\.|дом|д\.|№|#|no\.?)?\s*", re.IGNORECASE)
_SPLIT_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, order=False)
class HouseNumber:
    """One house: 19/33А is number 19, fraction "33а"; 12 корп. 2 has corpus "2"; 5-7 is number 5, last "7".

    Letters are small and Cyrillic; absent parts are empty.
    """

    number: int
    letter: str = ""
    fraction: str = ""
    last: str = ""
    corpus: str = ""
    key: str = field(init=False, compare=False, repr=False)
    """The same for every spelling of one number: 12а, 12/3, 12 к2, 5-7."""
    order: Order = field(init=False, compare=False, repr=False)
    """Sort by it: 1, 2, 10, 12, 12 к2, 12/3, 12а (as ICU's uk-u-kn does, within one number)."""

    @classmethod
    @lru_cache(maxsize=65_536)  # a city's houses have a few thousand numbers between them
    def parse(cls, text: str) -> Self | None:
        """Read a text that is a house number and nothing else, or return None."""
        start = _BEFORE.match(text)
        rest = text[start.end() :] if start else text
        found = _WHOLE.fullmatch(rest.strip())
        return cls.from_match(found) if found else None

    @classmethod
    def from_match(cls, found: re.Match[str]) -> Self:
        """Make one of a match of `NUMBER`."""
        part = {name: _part(found[name]) for name in ("letter", "fraction", "last", "corpus")}
        return cls(number=int(found["number"]), **part)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self._key())
        object.__setattr__(self, "order", self._order())

    def _key(self) -> str:
        return (
            f"{self.number}{self.letter}"
            + (f"-{self.last}" if self.last else "")
            + (f"/{self.fraction}" if self.fraction else "")
            + (f" к{self.corpus}" if self.corpus else "")
        )

    def _order(self) -> Order:
        rest = (self.corpus and f" {self.corpus}", self.fraction and f"/{self.fraction}", self.letter)
        kind = 3 if self.letter else 2 if self.fraction else 1 if self.corpus else 0
        return self.number, ((kind, ""), *(piece for text in (*rest, self.last) if text for piece in _natural(text)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers the house answers to: 5-7 is 5 and 7; 29-31-31А is 29 and 31."""
        further = (int(digits) for digits in re.findall(r"\d+", self.last))
        return tuple(dict.fromkeys((self.number, *further)))

    def __str__(self) -> str:
        """As people write it on a plate: 12А, 19/33А, 12 корп. 2."""
        return (
            f"{self.number}{self.letter.upper()}"
            + (f"-{self.last.upper()}" if self.last else "")
            + (f"/{self.fraction.upper()}" if self.fraction else "")
            + (f" корп. {self.corpus.upper()}" if self.corpus else "")
        )


def _part(text: str | None) -> str:
    if not text:
        return ""
    return re.sub(r"[–—]", "-", re.sub(r"\s", "", untwin(text).lower().translate(_LATIN_TWINS)))


def _natural(text: str) -> list[tuple[int, str]]:
    """Digits by value, letters by the Ukrainian alphabet."""
    return [
        (int(piece), "") if piece.isdigit() else (-1, "".join(chr(_ORDER.get(letter, 99)) for letter in piece))
        for piece in _SPLIT_DIGITS.split(text)
        if piece
    ]
