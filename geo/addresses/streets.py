"""The words that say what a street is, and names without them. Pure: no database."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from geo.addresses.folding import fold


@dataclass(frozen=True, slots=True)
class StreetType:
    """A kind of street: `code` names it in the database, `short` stands before a name; `spellings` are folded."""

    code: str
    name_uk: str
    short_uk: str
    name_en: str
    spellings: tuple[str, ...]


TYPES = (
    StreetType(
        "street",
        "вулиця",
        "вул.",
        "Street",
        (
            "вулиця",
            "вулиці",
            "вулицю",
            "вул",
            "ул",
            "улица",
            "улицы",
            "str",
            "st",
            "street",
            "vul",
            "vulytsia",
            "vulitsa",
            "ulitsa",
            "ul",
        ),
    ),
    StreetType(
        "lane",
        "провулок",
        "пров.",
        "Lane",
        ("провулок", "провулка", "провулку", "пров", "пр к", "пер", "переулок", "переулка", "lane", "provulok", "prov"),
    ),
    StreetType(
        "avenue",
        "проспект",
        "просп.",
        "Avenue",
        ("проспект", "проспекту", "проспекта", "просп", "пр т", "пр кт", "пр", "avenue", "ave", "prospekt", "prosp"),
    ),
    StreetType(
        "boulevard",
        "бульвар",
        "бульв.",
        "Boulevard",
        ("бульвар", "бульвару", "бульвара", "бульв", "бул", "б р", "boulevard", "blvd", "bulvar", "bulv"),
    ),
    StreetType(
        "square", "площа", "пл.", "Square", ("площа", "площі", "площу", "пл", "площадь", "square", "sq", "ploshcha")
    ),
    StreetType("maidan", "майдан", "майд.", "Maidan", ("майдан", "майдану", "майд", "maidan")),
    StreetType("embankment", "набережна", "наб.", "Embankment", ("наб", "embankment")),
    StreetType("highway", "шосе", "шосе", "Highway", ("шосе", "шоссе", "ш", "highway", "shose")),
    StreetType("descent", "узвіз", "узвіз", "Descent", ("узвіз", "узвозу", "спуск", "uzviz", "descent")),
    StreetType("dead_end", "тупик", "туп.", "Dead end", ("тупик", "тупика", "туп", "tupyk")),
    StreetType("passage", "проїзд", "проїзд", "Passage", ("проїзд", "проїзду", "проезд", "passage", "proizd")),
    StreetType("alley", "алея", "алея", "Alley", ("алея", "алеї", "аллея", "alley", "aleia")),
    StreetType("road", "дорога", "дор.", "Road", ("дор", "road")),
    StreetType("line", "лінія", "лінія", "Line", ("лінія", "линия")),
    StreetType(
        "quarter",
        "мікрорайон",
        "мкр.",
        "Quarter",
        ("мікрорайон", "мкр", "мкрн", "м н", "микрорайон", "масив", "ж м", "житловий масив", "квартал", "кв л"),
    ),
)
"""One code each. «Набережна» and «Дорога» are names more often than types, so only their short forms are spellings."""

BY_CODE = {kind.code: kind for kind in TYPES}
_BY_SPELLING = {spelling: kind for kind in TYPES for spelling in kind.spellings}
_FULL = "|".join(sorted((kind.name_uk for kind in TYPES if kind.name_uk in kind.spellings), key=len, reverse=True))
_GLUED_BEFORE = re.compile(rf"(?<![^\W\d_])(?i:({_FULL}))[.-]?(?=[А-ЯІЇЄҐ0-9]|(?:вул|бул|просп|пр|пл)\.)")
_GLUED_AFTER = re.compile(
    r"(?<=[а-яіїєґ])((?:вулиця|проспект|бульвар|провулок))(?=$|[\s,.А-ЯІЇЄҐ0-9])|(?<=[а-яіїєґ])(вул\.)"
)
_DOTTED = re.compile(r"(?i)(?<![^\W\d_])(вул|ул|пров|пер|просп|пр|бульв|бул|пл|наб|туп|майд|мкр|ш)\.")


_TODAY = r"(?:нині|тепер|зараз|(?:сучасна|нова) назва|перейменован[^\W\d_]+ (?:на|в|у))"
_BEFORE_TODAY = r"(?:кол(?:ишн[^\W\d_]+|\.)(?: назва)?|раніше|був(?:ша|ший|\.)|(?:стара|попередня) назва)"
_RENAMED = re.compile(
    rf"\s*(?:(?P<today>{_TODAY})|{_BEFORE_TODAY})(?![^\W\d_])[\s:–—-]*(?P<name>[^\W_].{{0,150}}?)[\s.]*", re.IGNORECASE
)
RENAMED_FROM_HERE = re.compile(rf"(?:{_TODAY}|{_BEFORE_TODAY})(?![^\W\d_])", re.IGNORECASE)
"""Where a note about another name begins; `Renaming.parse` reads it."""
_RENAMED_IN_BRACKETS = re.compile(
    rf"(?P<name>[^(),;]*)\((?P<note>\s*(?:{_TODAY}|{_BEFORE_TODAY})[^()]*)\)", re.IGNORECASE
)
_RENAMED_BARE = re.compile(
    rf"(?P<name>[^(),;]*[^(),;\s])(?:\s*,\s*|\s+)(?P<note>(?:{_TODAY}|{_BEFORE_TODAY})(?![^\W\d_])\s[^(),;]*?)"
    rf"(?=\s*(?:[,;]|$)|\s\d)",
    re.IGNORECASE,
)
_NUMBER_BEHIND = re.compile(r"\s+(?P<number>\d\S*)$")


@lru_cache(maxsize=4096)
def type_of(word: str) -> StreetType | None:
    """Return the kind of street a word means («вул.», «пр-т», "Street"), or None."""
    return _BY_SPELLING.get(fold(word))


def unglue(text: str) -> str:
    """Part a type from the name it was glued to: «вулицяКарпенка», «вул.Київська», «Морозенкавулиця»."""
    text = _GLUED_BEFORE.sub(r"\1 ", _GLUED_AFTER.sub(lambda found: f" {found[0]}", text))
    return _DOTTED.sub(r"\1. ", text)


@dataclass(frozen=True, slots=True)
class Renaming:
    """What a note beside a name says: the name `today`, or the one `before`; the other is empty."""

    today: str = ""
    before: str = ""

    @classmethod
    def parse(cls, note: str) -> Self | None:
        """Read «нині Героїв Крут» or «колишня Гагаріна»; None where it says something else."""
        if found := _RENAMED.fullmatch(note):
            return cls(today=found["name"]) if found["today"] else cls(before=found["name"])
        return None

    def name_today(self, written: str) -> str:
        """The name that holds today, of the kind that is said: «вул. Героїв Крут» for «вул. Гагаріна»."""
        return _of_kind_as(written, self.today) if self.today else written

    def name_before(self, written: str) -> str:
        """The name that holds no more, of the kind that is said."""
        return written if self.today else _of_kind_as(written, self.before)


def _of_kind_as(written: str, name: str) -> str:
    kind = StreetName.parse(written).kind
    return str(StreetName(kind, name)) if kind and not StreetName.parse(name).kind else name


def as_called_today(text: str) -> tuple[str, str]:
    """Return a text with the name that its street has today, and the other name that it says, empty without one.

    «вул. Гагаріна (нині Героїв Крут), 5» is «вул. Героїв Крут, 5» and «вул. Гагаріна».
    """
    others: list[str] = []

    def today(found: re.Match[str]) -> str:
        renaming = Renaming.parse(found["note"])
        if not renaming or not re.search(r"[^\W\d_]{2}", found["name"]):  # «Гагаріна, 5, нині Героїв Крут»
            return found[0]
        before, written, number = _around_name(found["name"])
        others.append(renaming.name_before(written))
        return " ".join(part for part in (before, renaming.name_today(written), number) if part) + " "

    text = _RENAMED_IN_BRACKETS.sub(today, text)
    return (text if others else _RENAMED_BARE.sub(today, text)), others[0] if others else ""


def _around_name(text: str) -> tuple[str, str, str]:
    """Part «м. Тернопіль», «вул. Гагаріна» and «5»: what stands before a street, its name, its number."""
    text = text.strip()
    number = _NUMBER_BEHIND.search(text)
    if number and StreetName.parse(text[: number.start()]).name:
        text = text[: number.start()]
    words = text.split()
    kind = max((at for at, word in enumerate(words[:-1]) if type_of(word)), default=0)
    return " ".join(words[:kind]), " ".join(words[kind:]), number["number"] if number else ""


@dataclass(frozen=True, slots=True)
class StreetName:
    """A street as written: the code of its kind, empty where none is said, and the name without it."""

    kind: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Part a kind, before or after the name, from the name; a kind said twice counts once.

        A text that is nothing but a kind («Набережна», «Майдан») is a name.
        """
        words = unglue(text).split()
        kinds: list[str] = []
        while len(words) > 1 and (first := type_of(words[0].rstrip(",;"))):
            kinds.append(first.code)
            words = words[1:]
        while len(words) > 1 and (last := type_of(words[-1].strip(",;"))):
            kinds.append(last.code)
            words = words[:-1]
        meant = [kind for kind in kinds if kind != "street"] or kinds  # «вулиця бул. Просвіти»
        return cls(kind=meant[-1] if meant else "", name=" ".join(words).strip(" ,;"))

    def __str__(self) -> str:
        """«вул. Карпенка»: the short kind before the name."""
        return f"{BY_CODE[self.kind].short_uk} {self.name}" if self.kind else self.name
