"""Read territories as they are published: «вул.Львівська: 1; 2; 5–32; вул.Південна, хутір Анастазіївка».

Pure: no database. Every piece of a text becomes an entry, a heading, or is listed as not read; nothing is dropped.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from geo.addresses.parsing import SETTLEMENT
from geo.addresses.ranges import EVERYTHING, HouseSet
from geo.addresses.streets import RENAMED_FROM_HERE, TYPES, Renaming, StreetName, type_of, unglue

_HEADING = re.compile(
    r"^[ \t]*(?:(?:поліцейська|виборча|police)\s+)?(?:дільниця|district)\s*(?:№|#|N|no\.?)?\s*"
    r"(?P<code>\d[\w./-]*)\s*[:)–—-]?",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(rf"(?:{_HEADING.pattern.removeprefix('^')}|(?:№|#)\s*(?P<number>\d[\w./-]*))$", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()\n]*\)")
_SEPARATOR = re.compile(
    r",(?!\s*(?:корп|блок|секція))|[;\n]|\s(?:та|і|й)\s(?=(?:буд\.?\s*|№\s*)?\d|(?:вул|пров|просп|бульв|пл|майд)[^\W\d]*\b)"
)
_HOUSES_BEGIN = re.compile(
    r"(?<![^\s.])(?=\d|(?:всі|усі|парн|непарн|крім|окрім|за винятком|буд\.|будинк|№|від\s+\d|з\s+\d))", re.I
)
_CORPUS = re.compile(r",\s*(?=корп|блок|секція)", re.I)
_COLON = re.compile(":")
_NUMBER_ALONE = re.compile(r"\d(?!.*[^\W\d]{3})")
_PLURALS = {
    "провулки": "lane",
    "проспекти": "avenue",
    "бульвари": "boulevard",
    "майдани": "maidan",
    "проїзди": "passage",
}
EVERY_HOUSE = HouseSet((EVERYTHING,))
LONGEST_NAME = 400
"""What has more letters, without brackets and separators, is a name with no houses behind it."""
_SHORT = {kind.code: kind.short_uk for kind in TYPES}


class Why(StrEnum):
    """Why a piece was not read."""

    NO_STREET = "no_street"
    """Houses with no street before them."""
    NO_HOUSES = "no_houses"
    """After a street, what is no list of houses."""
    NO_DISTRICT = "no_district"
    """Nothing says whose it is."""
    NO_LETTERS = "no_letters"
    """Neither a name nor a number."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source: `row` counts from 1 (0 in a text), `start` and `end` are offsets in the row or text."""

    row: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What one district serves on one street; without `street` the whole settlement.

    `street` is the name as written, `notes` what stood in brackets and is no list of houses, `text` the source.
    """

    district: str
    street: str
    houses: HouseSet
    settlement: str
    notes: tuple[str, ...]
    text: str
    span: Span

    @property
    def renaming(self) -> Renaming | None:
        """What a note says of another name: «вул. Гагаріна (нині Героїв Крут)»."""
        return next((found for note in self.notes if (found := Renaming.parse(note))), None)

    @property
    def street_today(self) -> str:
        """The name that the street has today, as far as the list says."""
        return self.renaming.name_today(self.street) if self.renaming else self.street

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes that name no other name."""
        return tuple(note for note in self.notes if not Renaming.parse(note))


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece that could not be read."""

    text: str
    why: Why
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a source says. `headings` are the stretches that only say whose or what kind the next streets are.

    `unused` are the headings of the columns of a table that nothing was read from.
    """

    entries: tuple[Entry, ...]
    unread: tuple[Unread, ...] = ()
    headings: tuple[Span, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """One row of a table; `number` as a spreadsheet counts it."""

    number: int
    district: str
    street: str
    houses: str = ""
    settlement: str = ""


def read_text(text: str, *, district: str = "") -> Reading:
    """Read a pasted text. A line «Дільниця № 3» says whose the streets after it are; before the first, `district`."""
    reader = _Reader(text, district=district)
    at = 0
    for heading in _HEADING.finditer(text):
        reader.read(at, heading.start())
        reader.heading(heading.start(), heading.end())
        reader.district, reader.settlement, reader.kind = heading["code"].rstrip("./-"), "", ""
        at = heading.end()
    reader.read(at, len(text))
    return reader.reading()


def read_rows(rows: Iterable[TerritoryRow], *, unused: tuple[str, ...] = ()) -> Reading:
    """Read the rows of a table; an empty district is that of the row before, as merged cells have it."""
    entries: list[Entry] = []
    unread: list[Unread] = []
    headings: list[Span] = []
    district = ""
    for row in rows:
        district = _code(row.district) or district
        place = _settlement(row.settlement) or row.settlement
        text = f"{row.street}: {row.houses}" if row.houses else row.street or (place and f"с. {place}")
        reader = _Reader(text, district=district, row=row.number)
        reader.settlement = place if row.street else ""
        reader.read(0, len(text))
        found = reader.reading()
        entries += found.entries
        unread += found.unread
        headings += found.headings
    return Reading(tuple(entries), tuple(unread), tuple(headings), unused)


def _code(cell: str) -> str:
    """The code that a cell of a table gives: 3 for «Дільниця № 3», as in a text."""
    found = _CODE.match(cell.strip())
    return (found["code"] or found["number"]).rstrip("./-") if found else cell


def is_houses(text: str) -> bool:
    """Whether a text is a list of houses and nothing else."""
    if not re.search(r"\w", text):
        return False
    houses = _houses(text)
    return bool(houses.ranges) and not houses.unread


def _houses(text: str) -> HouseSet:
    """«12, корп. 2» is one house."""
    return HouseSet.parse(_CORPUS.sub(" ", text))


@dataclass(slots=True)
class _Draft:
    """An entry that further houses may follow."""

    street: str
    settlement: str
    start: int
    end: int
    houses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    numbered: bool = False
    """Houses stood behind the name: «Галицька 1-54» in a table whose column of houses says «всі» means 1-54."""
    spoilt: bool = False
    """What followed the colon is no list of houses: then not every house is meant."""


class _Reader:
    """Reads one text from left to right; the street that was named last takes the houses that follow."""

    def __init__(self, text: str, *, district: str, row: int = 0) -> None:
        self.text = text
        self.district = district
        self.settlement = ""
        self.kind = ""
        self._row = row
        self._draft: _Draft | None = None
        self._entries: list[Entry] = []
        self._unread: list[Unread] = []
        self._headings: list[Span] = []

    def reading(self) -> Reading:
        return Reading(tuple(self._entries), tuple(self._unread), tuple(self._headings))

    def heading(self, start: int, end: int) -> None:
        self._headings.append(Span(self._row, start, end))

    def read(self, start: int, end: int) -> None:
        """Read a stretch that belongs to one district."""
        for piece in self._pieces(start, end):
            self._piece(*piece)
        self._finish()

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut at separators outside brackets."""
        brackets = _BRACKETS.finditer(self.text, start, end)
        bracket = next(brackets, None)
        at = start
        for cut in _SEPARATOR.finditer(self.text, start, end):
            while bracket and bracket.end() <= cut.start():
                bracket = next(brackets, None)
            if not (bracket and bracket.start() < cut.start()):
                yield at, cut.start()
                at = cut.end()
        yield at, end

    def _piece(self, start: int, end: int) -> None:
        start, end = self._strip(start, end)
        if start == end:
            return
        text = self.text[start:end]
        bare = _BRACKETS.sub(_blank, text)
        if not re.search(r"\w", text):
            self._leave(start, end, Why.NO_LETTERS)
        elif self._draft and RENAMED_FROM_HERE.match(text):
            self._renamed(start, end)
        elif is_houses(text) or is_houses(bare) or not bare.strip():
            self._more(start, end)
        elif _NUMBER_ALONE.match(bare):
            if self._draft:
                self._draft.spoilt, self._draft.end = True, end
            self._leave(start, end, Why.NO_HOUSES)
        elif (colon := bare.find(":")) >= 0:
            self._headed(start, start + colon, end)
        else:
            self._street(start, end)

    def _more(self, start: int, end: int) -> None:
        """Houses, or a remark in brackets, of the street named before."""
        if self._draft is None:
            self._leave(start, end, Why.NO_STREET)
            return
        self._draft.end = end
        text = self.text[start:end]
        if not is_houses(text):
            self._draft.notes += [bracket[1:-1].strip() for bracket in _BRACKETS.findall(text)]
            text = _BRACKETS.sub(_blank, text).strip()
        if text and not (self._draft.numbered and _houses(text) == EVERY_HOUSE):
            self._draft.houses.append(text)

    def _renamed(self, start: int, end: int) -> None:
        """«вул. Гагаріна, нині Героїв Крут: 1–9»: another name of the street named before, and its houses."""
        text = self.text[start:end]
        names = ((at, text[:at].rstrip(" :")) for at in _ends_of_name(text) if is_houses(text[at:].lstrip(" :")))
        begin, note = next(((at, name) for at, name in names if Renaming.parse(name)), (len(text), text))
        if self._draft is None or not Renaming.parse(note):
            self._street(start, end)
            return
        self._draft.notes.append(note)
        self._draft.end = end
        if begin < len(text):
            self._more(start + begin + (text[begin] == ":"), end)

    def _headed(self, start: int, colon: int, end: int) -> None:
        """«вул. Руська: 1», «с. Петриків: вул. Лісова», «вулиці: Руська»."""
        head = self.text[start:colon].strip()
        rest = self._strip(colon + 1, end)
        follows = self.text[rest[0] : rest[1]]
        said = _BRACKETS.sub(_blank, follows).strip()
        names_street = bool(said) and not is_houses(said)
        kind = type_of(head)
        if kind or head.lower() in _PLURALS:
            self._finish()
            self.kind = kind.code if kind else _PLURALS[head.lower()]
            self.heading(start, colon)
        elif (place := _settlement(head)) and (names_street or not follows):
            self._finish()
            self.settlement, self.kind = place, ""
            self.heading(start, colon)
        elif names_street and any(type_of(word) for word in unglue(follows).split()) and not _says_kind(head):
            self._leave(start, colon, Why.NO_HOUSES)
        else:
            self._street(start, colon)
            if names_street and self._draft:
                self._draft.spoilt, self._draft.end = True, end
                self._leave(*rest, Why.NO_HOUSES)
                return
        self._piece(*rest)

    def _street(self, start: int, end: int) -> None:
        """A street, perhaps with houses behind its name or in brackets; or a whole settlement."""
        self._finish()
        text = self.text[start:end].strip()
        draft = _Draft("", self.settlement, start, end)
        for bracket in _BRACKETS.findall(text):
            inner = bracket[1:-1].strip()
            if inner:
                (draft.houses if is_houses(inner) else draft.notes).append(inner)
        name = " ".join(_BRACKETS.sub(_blank, unglue(text)).split()).strip(" .")
        if re.search(r"(?:^|[\s.])[А-ЯІЇЄҐ]$", name):
            name += "."  # «Шевченка Т.Г.»
        for begin in (found.start() for found in _HOUSES_BEGIN.finditer(name) if len(name) <= LONGEST_NAME):
            before = name[:begin].strip()
            if before and not type_of(before) and is_houses(name[begin:]):
                draft.houses.insert(0, name[begin:])
                draft.numbered = True
                name = before
                break
        if place := _settlement(name):
            place_words = place.split()
            at = next((at for at, word in enumerate(place_words) if at and type_of(word)), 0)
            draft.settlement = " ".join(place_words[:at] if at else place_words).strip(" .")
            name = " ".join(place_words[at:]) if at else ""
            self.settlement = self.settlement if at else ""
        if (renamed := RENAMED_FROM_HERE.search(name)) and renamed.start() and Renaming.parse(name[renamed.start() :]):
            draft.notes.append(name[renamed.start() :])  # «вул. Гагаріна нині Героїв Крут»
            name = name[: renamed.start()].strip()
        if name and self.kind and not _says_kind(name):
            name = f"{_SHORT[self.kind]} {name}"
        draft.street = name
        self._draft = draft

    def _finish(self) -> None:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        span = Span(self._row, draft.start, draft.end)
        text = self.text[draft.start : draft.end]
        if not self.district:
            self._unread.append(Unread(text, Why.NO_DISTRICT, span))
            return
        houses = HouseSet(()) if draft.spoilt and not draft.houses else _houses(", ".join(draft.houses))
        if not draft.street and houses != EVERY_HOUSE:
            self._unread.append(Unread(text, Why.NO_STREET, span))
            return
        self._entries.append(
            Entry(self.district, draft.street, houses, draft.settlement, tuple(draft.notes), text, span)
        )
        self._unread += [Unread(piece, Why.NO_HOUSES, span) for piece in houses.unread]

    def _leave(self, start: int, end: int, why: Why) -> None:
        self._unread.append(Unread(self.text[start:end].strip(), why, Span(self._row, start, end)))

    def _strip(self, start: int, end: int) -> tuple[int, int]:
        """Without blanks at the ends, and full stops after a sentence."""
        while start < end and self.text[start] in " \t\r\n\u00a0.":
            start += 1
        while end > start and self.text[end - 1] in " \t\r\n\u00a0":
            end -= 1
        return start, end


def _ends_of_name(text: str) -> list[int]:
    """Where the houses behind a name may begin, the first places first."""
    return sorted(found.start() for pattern in (_HOUSES_BEGIN, _COLON) for found in pattern.finditer(text))


def _settlement(text: str) -> str:
    """The name after «с.», «село» or «хутір», or nothing; «С.Будного» is a street with an initial."""
    found = SETTLEMENT.match(text)
    return found["name"].strip() if found and not re.match(r"[А-ЯІЇЄҐ]\.", text) else ""


def _says_kind(text: str) -> bool:
    return bool(StreetName.parse(text).kind)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
