"""Which attribute of a file is the district's code, which its name, and what else it says of the district."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CODE_FIELDS = (
    "code", "kod", "код", "district_code", "district_no", "district_num", "beat_num", "beat_number", "beat_no",
    "gss_code", "ward_code", "wd_code", "number", "num", "no", "номер", "nomer", "дільниця", "dilnytsia", "dilnytsya",
    "sector_code", "sector", "precinct", "beat", "district", "mapid", "ref", "id",
)  # fmt: skip
"""Well-known names of code fields, the best first."""

NAME_FIELDS = (
    "name_uk", "name:uk", "назва", "nazva", "name_ua", "найменування", "name", "title", "label", "ward_name",
    "district_name", "sector_name", "name_en", "name:en",
)  # fmt: skip
POPULATION_FIELDS = (
    "population", "pop", "residents", "населення", "мешканців", "мешканці", "жителів", "жителі", "naselennia",
    "meshkantsiv", "кількість_населення", "кількість_мешканців", "кількість_жителів", "чисельність_населення",
    "population_total", "total_population", "pop_total", "total_pop", "people",
)  # fmt: skip
"""Well-known names of the number of residents."""

RURAL_FIELDS = ("rural", "is_rural", "сільська", "сільська_місцевість", "silska")
YES = frozenset({"1", "true", "yes", "y", "t", "так", "т", "+"})
"""What says that a district is one of villages."""

MAX_POPULATION = 100_000_000
CODE_SUFFIX = re.compile(r"(?:^|[_\W])(?:code|kod|код|number|num|no|номер|cd)$")
NAME_SUFFIX = re.compile(r"(?:^|[_\W])(?:name|назва|nazva|nm)$")
DISTINCT_SHARE = 0.9
"""A code may repeat (parts of one district), but a field with fewer different values names groups of districts."""


Columns = Mapping[str, Sequence[Any]]


class FieldUnknown(Exception):
    """The field asked for does not exist, or none can be chosen; the message lists what there is.

    `samples` gives a few values of each field, for a form to choose from.
    """

    def __init__(self, message: str, columns: Columns) -> None:
        super().__init__(message)
        self.samples = {field: sample_values(values) for field, values in columns.items()}


@dataclass(frozen=True, slots=True)
class ChosenFields:
    """The fields of a file that are read; None where it has none (the code serves as the name)."""

    code: str
    name: str | None = None
    name_en: str | None = None
    population: str | None = None
    rural: str | None = None


def choose_fields(
    columns: Columns, code_field: str | None = None, name_field: str | None = None, population_field: str | None = None
) -> ChosenFields:
    """The fields asked for, else those whose names are well known.

    A well-known field of residents is taken where it holds whole numbers alone. Raises FieldUnknown naming the fields
    that exist, with sample values.
    """
    code = _existing(columns, code_field, "--code-field") if code_field else _well_known_code(columns)
    name = _existing(columns, name_field, "--name-field") if name_field else _well_known_name(columns)
    named_as_code = any(
        field.casefold() in CODE_FIELDS and any(as_text(value) for value in values) for field, values in columns.items()
    )
    if code is None and not named_as_code and name is not None and not name_field and _tells_apart(columns[name]):
        code = name
    if code is None:
        raise FieldUnknown(
            f"No field looks like the district's code. Name it with --code-field. The file has: {describe(columns)}.",
            columns,
        )
    counted = [field for field in _known(columns, POPULATION_FIELDS) if _counts_people(columns[field])]
    return ChosenFields(
        code=code,
        name=name,
        name_en=next(iter(_known(columns, ("name_en", "name:en"))), None),
        population=_existing(columns, population_field, "--population-field")
        if population_field
        else next(iter(counted), None),
        rural=next(iter(_known(columns, RURAL_FIELDS)), None),
    )


def describe(columns: Columns) -> str:
    """The fields with a few values each, as a sentence lists them."""
    told = []
    for field, values in columns.items():
        samples = sample_values(values)
        told.append(f"{field} ({', '.join(samples)})" if samples else f"{field} (empty)")
    return "; ".join(told) or "no fields at all"


def sample_values(values: Sequence[Any]) -> list[str]:
    """The first three different values that are not empty, at most 30 characters of each."""
    texts = dict.fromkeys(as_text(value) for value in values)
    return [text[:30] for text in texts if text][:3]


def as_text(value: Any) -> str:
    """A code or name as people write it: no .0 of a number, no outer spaces, one Unicode form."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFC", " ".join(str(value).split()))


def as_people(value: Any) -> int | None:
    """A number of residents as people write it, 7 000 too; None where there is none. Raises ValueError."""
    text = as_text(value).replace(" ", "")
    if not text:
        return None
    if not text.isdecimal() or int(text) > MAX_POPULATION:
        raise ValueError(text)
    return int(text)


def as_yes(value: Any) -> bool:
    """Whether a value says yes."""
    return as_text(value).casefold() in YES


def _existing(columns: Columns, asked: str, option: str) -> str:
    if asked in columns:
        return asked
    same = [field for field in columns if field.casefold() == asked.casefold()]
    if len(same) == 1:
        return same[0]
    raise FieldUnknown(f"There is no field {asked!r} ({option}). The file has: {describe(columns)}.", columns)


def _known(columns: Columns, names: Sequence[str]) -> list[str]:
    """The fields that have one of these names (letter case and spaces forgiven), the best first."""
    folded = {field.casefold().replace(" ", "_"): field for field in reversed(list(columns))}
    return [folded[name] for name in names if name in folded]


def _well_known_code(columns: Columns) -> str | None:
    known = _known(columns, CODE_FIELDS)
    known += [field for field in columns if CODE_SUFFIX.search(field.casefold()) and field not in known]
    return next((field for field in known if _tells_apart(columns[field])), None)


def _well_known_name(columns: Columns) -> str | None:
    known = _known(columns, NAME_FIELDS)
    known += [field for field in columns if NAME_SUFFIX.search(field.casefold()) and field not in known]
    return next((field for field in known if any(as_text(value) for value in columns[field])), None)


def _counts_people(values: Sequence[Any]) -> bool:
    """Whether every value is a number of residents or empty, and one at least is a number."""
    try:
        return any(as_people(value) is not None for value in values)
    except ValueError:
        return False


def _tells_apart(values: Sequence[Any]) -> bool:
    """Whether nearly every row has a value, and nearly every value is another."""
    texts = [text for value in values if (text := as_text(value))]
    return len(texts) >= DISTINCT_SHARE * len(values) and len(set(texts)) >= DISTINCT_SHARE * len(texts) > 0
