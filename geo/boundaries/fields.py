"""Which attribute of a file is the district's code, and which its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

CODE_FIELDS = (
    "code", "kod", "код", "district_code", "district_no", "district_num", "beat_num", "beat_number", "beat_no",
    "gss_code", "ward_code", "wd_code", "number", "num", "no", "номер", "nomer", "дільниця", "dilnytsia", "dilnytsya",
    "sector_code", "sector", "precinct", "beat", "district", "mapid", "ref", "id",
)  # fmt: skip
"""Well-known names of code fields, the best first (compared without case)."""

NAME_FIELDS = (
    "name_uk", "name:uk", "назва", "nazva", "name_ua", "найменування", "name", "title", "label", "ward_name",
    "district_name", "sector_name", "name_en", "name:en",
)  # fmt: skip
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


def choose_fields(columns: Columns, code_field: str | None, name_field: str | None) -> tuple[str, str | None]:
    """The code field and the name field (None: use the code), asked for or well known.

    Raises FieldUnknown naming the fields that exist, with sample values.
    """
    code = _existing(columns, code_field, "--code-field") if code_field else _well_known_code(columns)
    name = _existing(columns, name_field, "--name-field") if name_field else _well_known_name(columns)
    named_as_code = any(
        field.casefold() in CODE_FIELDS and any(as_text(value) for value in values) for field, values in columns.items()
    )
    if code is None and not named_as_code and name is not None and not name_field and _tells_apart(columns[name]):
        return name, name
    if code is None:
        raise FieldUnknown(
            f"No field looks like the district's code. Name it with --code-field. The file has: {describe(columns)}.",
            columns,
        )
    return code, name


def existing_field(columns: Columns, asked: str, option: str) -> str:
    """The field asked for, letter case forgiven; raises FieldUnknown."""
    return _existing(columns, asked, option)


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


def _existing(columns: Columns, asked: str, option: str) -> str:
    if asked in columns:
        return asked
    same = [field for field in columns if field.casefold() == asked.casefold()]
    if len(same) == 1:
        return same[0]
    raise FieldUnknown(f"There is no field {asked!r} ({option}). The file has: {describe(columns)}.", columns)


def _well_known_code(columns: Columns) -> str | None:
    folded = {field.casefold(): field for field in reversed(list(columns))}
    known = [folded[name] for name in CODE_FIELDS if name in folded]
    known += [field for field in columns if CODE_SUFFIX.search(field.casefold()) and field not in known]
    return next((field for field in known if _tells_apart(columns[field])), None)


def _well_known_name(columns: Columns) -> str | None:
    folded = {field.casefold(): field for field in reversed(list(columns))}
    known = [folded[name] for name in NAME_FIELDS if name in folded]
    known += [field for field in columns if NAME_SUFFIX.search(field.casefold()) and field not in known]
    return next((field for field in known if any(as_text(value) for value in columns[field])), None)


def _tells_apart(values: Sequence[Any]) -> bool:
    """Whether nearly every row has a value, and nearly every value is another."""
    texts = [text for value in values if (text := as_text(value))]
    return len(texts) >= DISTINCT_SHARE * len(values) and len(set(texts)) >= DISTINCT_SHARE * len(texts) > 0
