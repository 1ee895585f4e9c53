"""Read an address as people type it into settlement, street and house. Pure: no database.

The reader never guesses what a street is called: it parts the words, the search compares them with those it knows.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from geo.addresses.folding import fold
from geo.addresses.houses import NUMBER, HouseNumber
from geo.addresses.streets import StreetName, as_called_today, type_of, unglue

MAX_CHARACTERS = 300
"""Longer texts are not addresses."""

_HOUSE = re.compile(NUMBER, re.IGNORECASE)
_HOUSE_WORD = re.compile(r"(?:^|(?<=[\s,]))(?:(?:будинок|буд\.?|б\.|дом|д\.)\s*(?:№\s*)?|№\s*)(?=\d)", re.IGNORECASE)
_FLAT = re.compile(
    r"[,;\s]*(?<![^\W\d_])(?:кв(?:артира)?\.?|оф(?:іс)?\.?|кімн?\.?|кімната|під[’'ʼ]?їзд|поверх|каб(?:інет)?\.?|прим\.?|apt\.?|flat)"
    r"\s*№?\s*\d+\s?[а-яіїєґ]?(?![^\W\d_])",
    re.IGNORECASE,
)
_OF_BUILDING = re.compile(r"(?:корп|літ|блок|секц|строен|будівл|споруд)", re.IGNORECASE)
_POST_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_REGION = re.compile(
    r"^(?:україна|украина|ukraine)$|(?<![^\W\d_])(?:область|обл\.?|район|р-н|громада|гром\.?|тг)$", re.IGNORECASE
)
SETTLEMENT = re.compile(
    r"^(?:місто|м\.|м(?=\s)|город|г\.|село|с\.|с(?=\s)|селище(?: міського типу)?|сел\.|смт\.?|хутір|хут\.|х\.)"
    r"(?:(?<=\.)|(?=\s))\s*"
    r"(?P<name>[^\W\d_][^\d,]*)$",
    re.IGNORECASE,
)
_BETWEEN_ADDRESSES = re.compile(
    r"\s[-–—/]\s(?=[А-ЯІЇЄҐA-Z])|\s?[-–—/]\s?(?=вул|бул|просп|пр\.|[А-ЯІЇЄҐ]\.)|(?<=\d)[-–—]\s(?=[А-ЯІЇЄҐ])"
    r"|[\s-](?:та|і|до)\s(?=вул|бул|просп|пр\.)"
)
_IN_BRACKETS = re.compile(r"\([^()]*\d[^()]*\)?")
_TWO_NUMBERS = re.compile(r"(?<=\d)\s?\.\s?(?=\d)")

_NEAR_WORDS = frozenset(
    {
        "біля",
        "коло",
        "навпроти",
        "поряд",
        "поруч",
        "між",
        "на",
        "ріг",
        "розі",
        "перехрестя",
        "перехресті",
        "перетин",
        "розвязка",
        "транспортна",
        "за",
        "зупинка",
    }
)


@dataclass(frozen=True, slots=True)
class Address:
    """What a text says: every part may be empty; `rest` is what could not be read, as it stands in the text."""

    street: StreetName
    house: HouseNumber | None = None
    settlement: str = ""
    further: tuple[HouseNumber, ...] = field(default=())
    rest: str = ""
    in_quarter: bool = False
    """Whether `settlement` is a microdistrict: its streets are the city's."""
    other: StreetName | None = None
    """The name that the street had before `street`, or any other that the text says of it."""

    def __str__(self) -> str:
        """«Тернопіль, вул. Карпенка, 12А»."""
        return ", ".join(str(part) for part in (self.settlement, self.street, self.house) if part and str(part))


def parse_address(text: str, settlements: Collection[str] = ()) -> Address:
    """Read a text; `settlements` are folded names that may stand without «м.» or «с.». Never raises."""
    text, other = as_called_today(" ".join(unglue(text[:MAX_CHARACTERS]).split()))
    text = _POST_CODE.sub(" ", _FLAT.sub(" ", text))
    text = _TWO_NUMBERS.sub(", ", _IN_BRACKETS.sub(" ", _HOUSE_WORD.sub("", text)))
    text, *unread = _BETWEEN_ADDRESSES.split(text, maxsplit=1)
    if unread and not re.search(r"[^\W_][\s,]+\d", text):  # «бульвар Шевченка / вулиця Пушкінська, 5/29»
        text, unread = unread[0], [text]
    pieces = re.split(r"[,;]", text)
    settlement, parts = _settlement(pieces, settlements)
    quarter = next((place for piece in pieces if settlement and (place := _quarter(piece)) == settlement), "")
    if len(parts) > 1 and not settlement and _is_context(parts[0]) and _names_street(parts[1]):
        settlement, *parts = parts  # «урочище Толока, вулиця Прикордонна, 1», «Дружба, Лепкого 5»
    if not parts:
        return Address(StreetName("", ""), settlement=settlement)
    near, first = _near(parts[0])
    name, house, rest = _name_and_house(first)
    houses = [house] if house else []
    unread += [near, rest]
    for part in parts[1:]:
        number, rest = _leading_house(part)
        houses += [number] if number else []
        unread.append(rest)
    street, others = _street(name, with_house=bool(houses))
    if not settlement:  # «мкр Дружба вул. Лепкого 5», «м. Тернопіль вул. Київська 5»
        settlement = next((place for text in others if (place := _place(text))), "")
        quarter = quarter or next((place for text in others if (place := _quarter(text)) == settlement), "")
        others = [text for text in others if not settlement or _place(text) != settlement]
    known = {str(house) for house in houses}
    return Address(
        street=street,
        house=houses[0] if houses else None,
        settlement=settlement,
        further=tuple(houses[1:]),
        rest=" ".join(part for part in [*others, *unread] if part and part not in known),
        in_quarter=bool(quarter),
        other=StreetName.parse(other) if other else None,
    )


def _settlement(parts: list[str], known: Collection[str]) -> tuple[str, list[str]]:
    """Part the settlement, the regions and the empty parts from the rest."""
    settlement = ""
    kept: list[str] = []
    for part in (piece.strip(" .") for piece in parts):
        if not part or _REGION.search(part):
            continue
        if (found := SETTLEMENT.match(part)) and not kept:
            settlement = found["name"].strip()
            if (words := settlement.split()) and len(words) > 2 and type_of(words[1]):
                settlement, rest = words[0], " ".join(words[1:])  # «м. Тернопіль вул. Київська»
                kept.append(rest)
        elif fold(part) in known:
            settlement = settlement or part
        else:
            kept.append(part)
    if len(kept) > 1 and (quarter := _quarter(kept[0])) and (_says_type(kept[1]) or re.match(r"[^\W\d_]", kept[1])):
        settlement, kept = settlement or quarter, kept[1:]  # «мкр Дружба, вул. Лепкого»
    if not settlement and kept and known:
        settlement, kept[0] = _known_at_the_edge(kept[0], known)
    return settlement, kept


def _is_context(text: str) -> bool:
    """Whether a part may name a neighbourhood: no kind of street, no number."""
    return not _says_type(text) and _is_name(text)


def _quarter(text: str) -> str:
    """The name of a microdistrict, «Дружба» for «мкр Дружба»; empty where a text says anything else."""
    read = StreetName.parse(text)
    return read.name if read.kind == "quarter" and _is_name(read.name) else ""


def _names_street(text: str) -> bool:
    """Whether a part says a kind of street, or a name and a house: «вул. Лепкого», «Лепкого 5»."""
    return _says_type(text) or (_name_and_house(text)[1] is not None and not _OF_BUILDING.match(text))


def _place(text: str) -> str:
    """The settlement or microdistrict that a text without a number names; empty where it says anything else."""
    found = SETTLEMENT.match(text)
    return found["name"].strip() if found else _quarter(text)


def _is_name(text: str) -> bool:
    return not re.search(r"\d", text)


def _says_type(text: str) -> bool:
    return any(type_of(word) for word in text.split())


def _near(text: str) -> tuple[str, str]:
    """Part «на розі», «біля» and the like from the street that follows, when a kind of street is said."""
    words = text.split()
    if words and fold(words[0]) in _NEAR_WORDS:
        for position, word in enumerate(words):
            if type_of(word):
                return " ".join(words[:position]), " ".join(words[position:])
    return "", text


def _known_at_the_edge(text: str, known: Collection[str]) -> tuple[str, str]:
    """Take a known settlement off the beginning or the end of a text that says more than that."""
    words = text.split()
    for count in (3, 2, 1):
        if len(words) > count:
            for named, rest in ((words[:count], words[count:]), (words[-count:], words[:-count])):
                if fold(" ".join(named)) in known and not all(type_of(word) for word in rest):  # «мкр Дружба»
                    return " ".join(named), " ".join(rest)
    return "", text


def _name_and_house(text: str) -> tuple[str, HouseNumber | None, str]:
    """Part «вул. 15 Квітня 21» into name, house and what follows the house."""
    starts = [found.start() for found in re.finditer(r"(?<![^\s.])\d", text)]
    named = [start for start in starts if StreetName.parse(text[:start]).name and not type_of(text[:start])]
    for start in named:
        if found := _HOUSE.fullmatch(text[start:].strip()):
            return text[:start], HouseNumber.from_match(found), ""
    for start in reversed(named):
        number, rest = _leading_house(text[start:])
        if number and not re.match(r"-?[^\W\d_]{2}", rest):
            return text[:start], number, rest
    return text, None, ""


def _leading_house(text: str) -> tuple[HouseNumber | None, str]:
    """Read the house at the beginning of a text; return what follows it too."""
    text = text.strip()
    found = _HOUSE.match(text)
    if not found or re.match(r"-?[^\W\d_]{2}", text[found.end() :]):
        return None, text
    return HouseNumber.from_match(found), text[found.end() :].strip()


def _street(text: str, *, with_house: bool) -> tuple[StreetName, list[str]]:
    """Choose among the streets a text names, «вул. Миру вул. Орлика»: a house is of the last. Return the others too."""
    streets: list[list[str]] = [[]]
    for word in text.split():
        if type_of(word) and any(not type_of(said) for said in streets[-1]):
            streets.append([])
        streets[-1].append(word)
    if len(streets) > 1 and all(type_of(word) for word in streets[-1]):
        streets[-2:] = [streets[-2] + streets[-1]]  # «Броварський проспект»
    named = [StreetName.parse(" ".join(words)) for words in streets]
    chosen = named[-1 if with_house else 0]
    return chosen, [str(street) for street in named if fold(street.name) != fold(chosen.name)]
