"""One cell of a table: from what people type to a value, or a sentence that says what is wrong and what to do."""

import datetime
import difflib
import re
from collections.abc import Callable, Iterable
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from geo.models import District
from geo.moments import is_plausible
from people.models import Officer, Posting

Reader = Callable[[str], Any]
REGION = "UA"
EMAIL_MAX_LENGTH = 254
"""RFC 5321, section 4.5.3.1.3, without the angle brackets; Django's validator lets 320 pass, its field 254."""
CLEAR = frozenset({"-", "–", "—"})
"""A cell with a dash alone empties the field; an empty cell says nothing about it."""

# КМУ-55 of 27.01.2010: the official romanisation; the first table is for the beginning of a word.
_FIRST_LETTERS = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_LETTERS = dict(
    zip(
        "абвгґдежзиійклмнопрстуфхцчшщєїюя",
        "a b v h g d e zh z y i i k l m n o p r s t u f kh ts ch sh shch ie i iu ia".split(),  # noqa: SIM905
        strict=True,
    )
) | {"ь": "", "ъ": "", "ё": "io", "ы": "y", "э": "e"}

_KINDS = {
    Officer.Kind.DISTRICT: ("district", "доп", "дільничний", "дільничний офіцер поліції"),
    Officer.Kind.COMMUNITY: ("community", "пог", "поліцейський офіцер громади", "офіцер громади"),
}
_ROLES = {
    Posting.Role.MAIN: ("main", "основний", "постійний", "закріплений"),
    Posting.Role.ACTING: ("acting", "substitute", "тимчасовий", "заступає", "заміщує", "в.о.", "во", "твo", "тво"),
}
_LANGUAGES = {
    "uk": ("українська", "ukrainian", "укр", "ua"),
    "en": ("англійська", "english", "англ"),
    "ru": ("російська", "russian", "рос"),
    "pl": ("польська", "polish"),
    "de": ("німецька", "german"),
    "ro": ("румунська", "romanian"),
    "hu": ("угорська", "hungarian"),
    "crh": ("кримськотатарська", "crimean tatar"),
    "ukl": ("жестова", "українська жестова", "sign language"),
}
_YES = frozenset({"yes", "true", "1", "y", "так", "т", "+", "x", "х"})
_NO = frozenset({"no", "false", "0", "n", "ні", "н", ""})


class BadCell(ValueError):
    """A cell that cannot be understood: `problem` says what is wrong, `advice` what to do."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem
        self.advice = advice


def text_up_to(limit: int) -> Reader:
    """A reader of plain text of at most `limit` letters."""

    def read(text: str) -> str:
        if len(text) > limit:
            raise BadCell(
                _("The text has %(length)d letters, at most %(limit)d fit.") % {"length": len(text), "limit": limit},
                _("Shorten it."),
            )
        return " ".join(text.split())

    return read


def read_day(text: str) -> datetime.date:
    """`2026-11-23`, `23.11.2026`, `23/11/2026`, `23.11.26`; raises `BadCell`."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text)
    if match:
        year, month, day = match.groups()
    else:
        match = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?: ?р\.?)?", text)
        if match:
            day, month, year = match.groups()
            year = year if len(year) == 4 else f"20{year}"
    try:
        if not match:
            raise ValueError
        value = datetime.date(int(year), int(month), int(day))
        if not is_plausible(value):
            raise ValueError
    except ValueError:
        raise BadCell(
            _("“%(text)s” is not a date.") % {"text": text},
            _("Write it as 2026-11-23 or 23.11.2026."),
        ) from None
    return value


def read_phone(text: str) -> str:
    """Any usual way to write a phone -> E.164; numbers without a country are Ukrainian. Raises `BadCell`."""
    digits = re.sub(r"\D", "", text)
    candidate = f"+{digits}" if len(digits) == 12 and digits.startswith("380") else text
    try:
        number = phonenumbers.parse(candidate, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise BadCell(
            _("“%(text)s” is not a valid phone number.") % {"text": text},
            _("Write the whole number, such as +380 67 123 45 67, one number in a cell."),
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(text: str) -> str:
    """An e-mail address of at most `EMAIL_MAX_LENGTH` characters; raises `BadCell`."""
    try:
        validate_email(text)
    except ValidationError:
        raise BadCell(
            _("“%(text)s” is not an e-mail address.") % {"text": text}, _("Write one address, such as name@police.ua.")
        ) from None
    return str(text_up_to(EMAIL_MAX_LENGTH)(text))


def read_languages(text: str) -> list[str]:
    """`uk;en`, `uk, en`, `українська, англійська` -> codes, in the order given; raises `BadCell`."""
    names = {name: code for code, names in _LANGUAGES.items() for name in (code, *names)}
    codes: list[str] = []
    for part in filter(None, (part.strip().casefold() for part in re.split(r"[;,/]", text))):
        code = names.get(part) or (part if re.fullmatch(r"[a-z]{2,3}", part) else "")
        if not code:
            raise BadCell(
                _("The language “%(text)s” is not known.") % {"text": part},
                _("Write codes of languages, such as uk;en."),
            )
        if code not in codes:
            codes.append(code)
    return codes


def read_kind(text: str) -> Officer.Kind:
    """The kind of an officer; raises `BadCell`."""
    for kind, spellings in _KINDS.items():
        if text.casefold() in spellings:
            return kind
    raise BadCell(
        _("The kind “%(text)s” is not known.") % {"text": text},
        _("Write “district” (ДОП) or “community” (ПОГ), or leave the cell empty."),
    )


def read_role(text: str) -> Posting.Role:
    """Main or acting; raises `BadCell`."""
    for role, spellings in _ROLES.items():
        if text.casefold() in spellings:
            return role
    raise BadCell(
        _("The role “%(text)s” is not known.") % {"text": text},
        _("Write “main” (основний) or “acting” (в.о.), or leave the cell empty."),
    )


def read_yes_no(text: str) -> bool:
    """Yes or no; raises `BadCell`."""
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise BadCell(_("“%(text)s” is neither yes nor no.") % {"text": text}, _("Write “yes” or leave the cell empty."))


def read_degrees(text: str, *, limit: float) -> float:
    """Degrees within ±`limit`, with a decimal point or comma; raises `BadCell`."""
    try:
        value = float(text.replace(",", ".").removesuffix("°"))
        if not -limit <= value <= limit:
            raise ValueError
    except ValueError:
        raise BadCell(
            _("“%(text)s” is not a coordinate.") % {"text": text},
            _("Write decimal degrees, such as 49.5535 (lat) and 25.5948 (lon)."),
        ) from None
    return round(value, 6)


def read_key(text: str) -> str:
    """A stable key: Latin letters, digits, hyphens, at most 60; raises `BadCell`."""
    if not re.fullmatch(r"[-a-zA-Z0-9_]{1,60}", text):
        raise BadCell(
            _("The key “%(text)s” cannot be used.") % {"text": text},
            _("Use at most 60 Latin letters, digits and hyphens, or leave the cell empty: it is made from the name."),
        )
    return text


def key_from_name(name: str) -> str:
    """A stable key from a Ukrainian name: `Іваненко Юрій Мар’янович` -> `ivanenko-yurii-marianovych`."""
    words = re.findall(r"\w+", re.sub(r"['’ʼ`′]", "", name.casefold()))
    return "-".join(filter(None, (_latin(word) for word in words)))[:60].strip("-")


def _latin(word: str) -> str:
    word = word.replace("зг", "zgh")
    first, rest = _FIRST_LETTERS.get(word[0], _LETTERS.get(word[0], word[0])), word[1:]
    text = first + "".join(_LETTERS.get(letter, letter) for letter in rest)
    return re.sub(r"[^a-z0-9]", "", text)


class DistrictCodes:
    """The codes of a city's districts, found also where a spreadsheet ate a zero or somebody typed another case."""

    def __init__(self, districts: Iterable[District]) -> None:
        self._by_code = {district.code: district for district in districts}
        self._by_folded: dict[str, list[District]] = {}
        for district in self._by_code.values():
            self._by_folded.setdefault(self._fold(district.code), []).append(district)

    @staticmethod
    def _fold(code: str) -> str:
        return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\s№#]+", "", code.casefold()))

    def read(self, text: str) -> District:
        """The district with this code; raises `BadCell` that names the nearest codes."""
        if text in self._by_code:
            return self._by_code[text]
        candidates = self._by_folded.get(self._fold(text), [])
        if len(candidates) == 1:
            return candidates[0]
        if not self._by_code:
            raise BadCell(
                _("The city has no districts yet."), _("Bring its boundaries or its list of streets in first.")
            )
        near = [district.code for district in candidates] or [
            self._by_folded[folded][0].code
            for folded in difflib.get_close_matches(self._fold(text), self._by_folded, n=3, cutoff=0.4)
        ]
        raise BadCell(
            _("There is no district “%(text)s”.") % {"text": text},
            _("The nearest codes are %(codes)s.") % {"codes": ", ".join(near or sorted(self._by_code)[:3])},
        )


def read_codes(text: str) -> list[str]:
    """`12;13`, `12, 13`, one a line -> codes, in the order given."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[;,\n]", text) if part.strip()))
