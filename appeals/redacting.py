"""What in a text may tell who and where: found so that a person decides what is masked before it is published.

Everything here is a suggestion, and errs on the side of too much. No database.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What a found part seems to be."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    PLATE = "plate"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """The characters of a text from `start` up to `end`."""

    start: int
    end: int
    kind: Kind


_UPPER, _LOWER = "А-ЯІЇЄҐA-Z", "а-яіїєґa-z'’ʼ"
_WORD = rf"[{_UPPER}][{_LOWER}]+(?:-[{_UPPER}][{_LOWER}]+)?"
_INITIAL = rf"[{_UPPER}]\."
_HOUSE = r"\d+(?:\s?[-/]\s?\d+)?[а-яіїєґa-z]?\b"
_STREET = (
    r"(?:вул(?:иц[яіюею]+|\.)|просп(?:ект\w*|\.)|пр-т|бульв(?:ар\w*|\.)|б-р|пров(?:ул\w*|\.)|пл(?:ощ\w+|\.)|наб\.|шосе)"
)
_PART = (
    r"(?:буд(?:ин\w+|\.)|кв(?:артир\w+|\.)|корп(?:ус\w*|\.)|під['’ʼ]?їзд\w*|поверх\w*|"
    r"house|building|flat|apartment|apt\.|entrance|floor)"
)
_PLATE = "АВЕІКМНОРСТХABEIKMHOPCTX"
PATTERNS: Final = (
    (Kind.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (Kind.PLATE, re.compile(rf"\b[{_PLATE}]{{2}}\s?\d{{4}}\s?[{_PLATE}]{{2}}\b")),
    (
        Kind.ADDRESS,
        re.compile(rf"\b(?i:{_STREET})\s?(?:{_WORD}|\d+-\w+)(?:\s{_WORD}){{0,2}}(?:,?\s?(?:№\s?)?{_HOUSE})?"),
    ),
    (Kind.ADDRESS, re.compile(rf"\b(?i:{_PART})\s?(?:№\s?)?{_HOUSE}|№\s?{_HOUSE}")),
    (
        Kind.ADDRESS,
        re.compile(r"\b\d+[-\s]?(?:й|го|му|ому|ий|ій|а|й)?\s(?i:під['’ʼ]?їзд\w*|поверх\w*|квартир\w*|будин\w*)"),
    ),
    (Kind.NAME, re.compile(rf"\b{_WORD}\s{_INITIAL}(?:\s?{_INITIAL})?|\b{_INITIAL}\s?(?:{_INITIAL}\s?)?{_WORD}")),
    (Kind.NAME, re.compile(rf"\b{_WORD}(?:\s{_WORD}){{1,3}}\b")),
    (Kind.NAME, re.compile(rf"\b[{_UPPER}][{_LOWER}]+(?:ович|евич|йович|івн|ївн)[{_LOWER}]{{0,3}}\b")),
)
"""Earlier ones win where two find the same characters."""
MASKS: Final = {
    Kind.PHONE: _("[phone]"),
    Kind.EMAIL: _("[e-mail]"),
    Kind.ADDRESS: _("[address]"),
    Kind.PLATE: _("[number plate]"),
    Kind.NAME: _("[name]"),
}
SHORTEST_NAME = 3
ENDING = 2
"""Letters at the end of a name that other cases of it change, at most: Олена, Олени, Оленою."""


def found_in(text: str, *, names: Iterable[str] = (), people: Iterable[str] = ()) -> list[Found]:
    """Return what may tell who or where, in the text's order, no two overlapping.

    `names` are the writer's, found however they are written; `people` others (`named_in`), each word found with a
    capital.
    """
    taken: list[Found] = []
    for found in _candidates(text, names, people):
        if not any(found.start < other.end and other.start < found.end for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda one: one.start)


def named_in(text: str) -> tuple[str, ...]:
    """Return what seems to be the name of somebody in a text: a word of it alone tells the same."""
    return tuple(dict.fromkeys(text[one.start : one.end] for one in found_in(text) if one.kind is Kind.NAME))


def written_in(text: str, *, names: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a text that `names` were found in, as they stand there: all that a reader of it could know.

    Looking for these elsewhere tells nothing that the text does not; looking for `names` would let them be guessed.
    """
    return tuple(dict.fromkeys(match.group() for pattern in _cases_of(names) for match in pattern.finditer(text)))


def masked(text: str, found: Iterable[Found]) -> str:
    """Return a text with masks in the place of what was found, such as “[name]”."""
    parts, at = [], 0
    for one in sorted(found, key=lambda each: each.start):
        parts += [text[at : one.start], mask(one.kind)]
        at = one.end
    return "".join([*parts, text[at:]])


def mask(kind: Kind) -> str:
    """Return the words that stand where something was masked: in the site's language, as most letters are."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(MASKS[kind])


def _candidates(text: str, names: Iterable[str], people: Iterable[str]) -> Iterator[Found]:
    for match in phonenumbers.PhoneNumberMatcher(text, "UA", leniency=phonenumbers.Leniency.POSSIBLE):
        yield Found(match.start, match.end, Kind.PHONE)
    for kind, pattern in PATTERNS:
        yield from (Found(match.start(), match.end(), kind) for match in pattern.finditer(text))
    for pattern in (*_cases_of(names), *_cases_of(people, flags=0)):
        yield from (Found(match.start(), match.end(), Kind.NAME) for match in pattern.finditer(text))


def _cases_of(names: Iterable[str], *, flags: int = re.IGNORECASE) -> Iterator[re.Pattern[str]]:
    """Return what finds each word of names, in other grammatical cases too."""
    for name in names:
        for word in re.findall(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*", name):
            if len(word) >= SHORTEST_NAME:
                stem = word[: max(SHORTEST_NAME, len(word) - ENDING)]
                yield re.compile(rf"\b{re.escape(stem)}[{_LOWER}]{{0,{ENDING + 2}}}\b", flags)
