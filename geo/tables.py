"""Tables as offices keep them: CSV in the encodings and separators people use, and XLSX."""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from django.utils.translation import gettext as _

MAX_BYTES = 5_000_000
"""Largest file, in bytes: a city of 1,000 officers needs about 0.3 MB."""
MAX_UNPACKED_BYTES = 60_000_000
"""Largest content of an XLSX file (a zip archive), in bytes."""
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_CELL_LENGTH = 1_000
TITLE_LINES = 10
"""Lines, from the first that is not empty, among which the headings are sought: a title may stand above them."""

Headings = Mapping[str, Sequence[str]]
"""Name of a column -> the ways people write it."""


class FileRefused(Exception):
    """The file cannot be read at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as a spreadsheet counts it (the header is usually 1), cells by the column's own name."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says: the columns that were understood, those that were not, and the rows that are not empty."""

    name: str
    header_row: int
    columns: tuple[str, ...]
    own_headings: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def headings(self) -> dict[str, str]:
        """The name of a column -> how the file writes it."""
        return dict(zip(self.columns, self.own_headings, strict=True))

    def as_json(self) -> dict[str, Any]:
        """The table as JSON data."""
        return {
            "name": self.name,
            "header_row": self.header_row,
            "columns": self.columns,
            "headings": self.own_headings,
            "unknown": self.unknown_columns,
            "rows": [[row.number, *(row[column] for column in self.columns)] for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The table that `as_json` described."""
        columns = tuple(data["columns"])
        return cls(
            name=data["name"],
            header_row=data["header_row"],
            columns=columns,
            own_headings=tuple(data["headings"]),
            unknown_columns=tuple(data["unknown"]),
            rows=tuple(Row(number, dict(zip(columns, cells, strict=True))) for number, *cells in data["rows"]),
        )


def read_table(content: bytes, *, name: str, headings: Headings, longest_cell: int = MAX_CELL_LENGTH) -> Table:
    """Read a CSV (UTF-8, UTF-16 or Windows-1251; comma, semicolon or tab) or XLSX file.

    Raises `FileRefused` where it is neither, too large, or no column of it is known. A cell has at most `longest_cell`
    letters.
    """
    if len(content) > MAX_BYTES:
        raise FileRefused(
            _("“%(name)s” has %(size)d MB; at most %(limit)d MB are read. Remove pictures and other sheets.")
            % {"name": name, "size": len(content) // 1_000_000, "limit": MAX_BYTES // 1_000_000}
        )
    if content.startswith(b"PK\x03\x04"):
        return _table(name, _xlsx_rows(content, name), headings, longest_cell)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(_("“%(name)s” is in the old Excel format. Save it as .xlsx or CSV.") % {"name": name})
    text = decoded(content, name)
    first_line, _break, rest = text.partition("\n")
    if re.fullmatch(r"\s*sep=.\s*", first_line):
        # Excel's own hint about the separator; the separator is found from the header anyway
        text = rest
    separator = max(";,\t", key=lambda each: _known_columns(_csv_rows(text, each, name), headings))
    return _table(name, _csv_rows(text, separator, name), headings, longest_cell)


def decoded(content: bytes, name: str) -> str:
    """Read the text of a file in UTF-8, UTF-16 or Windows-1251. Raises `FileRefused`."""
    encodings = ["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(_("“%(name)s” is not a table. Give a CSV file (UTF-8) or an .xlsx file.") % {"name": name})


def _known_columns(lines: Iterable[Sequence[str]], headings: Headings) -> int:
    """How many cells of the header are known: the right separator gives most."""
    known = _columns_by_heading(headings)
    at, top = _find_header(lines, known)
    return _known_cells(top[at], known) if top else 0


def _find_header(lines: Iterable[Sequence[str]], known: Mapping[str, str]) -> tuple[int, list[Sequence[str]]]:
    """Return where the header stands among the first lines, and these lines.

    It is the first line with two known headings, else the first that is not empty. A title alone is not one, whatever
    its words.
    """
    top: list[Sequence[str]] = []
    filled: list[int] = []
    for at, line in enumerate(lines):
        top.append(line)
        if any(_tidy(cell) for cell in line):
            filled.append(at)
            if _known_cells(line, known) > 1:
                return at, top
        if len(filled) == TITLE_LINES:
            break
    return (filled[0] if filled else 0), top


def _known_cells(line: Iterable[str], known: Mapping[str, str]) -> int:
    return sum(fold_heading(_tidy(cell)) in known for cell in line)


def _csv_rows(text: str, separator: str, name: str) -> Iterator[Sequence[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise FileRefused(
            _("“%(name)s” is not a well-formed CSV file (%(error)s). Save it again from the spreadsheet.")
            % {"name": name, "error": error}
        ) from error


def _xlsx_rows(content: bytes, name: str) -> Iterator[Sequence[str]]:
    from openpyxl import load_workbook  # not above: it takes 6 MB of each server process

    damaged = FileRefused(
        _("“%(name)s” is not a workbook that can be opened. Save it again as .xlsx or CSV.") % {"name": name}
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise FileRefused(_("“%(name)s” unpacks to too much data. Save it as CSV.") % {"name": name})
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # One row and one column more than allowed, so that too much is seen and said rather than cut off
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1, values_only=True)
        for row in rows:
            yield [_cell_text(value) for value in row]
    except FileRefused:
        raise
    except Exception as error:
        # A damaged workbook raises whatever its zip, XML or style reader stumbles over: no list of types is complete
        raise damaged from error


def _cell_text(value: object) -> str:
    """A spreadsheet's value as a person would have typed it: 12 for 12.0, 2026-11-23 for a date."""
    match value:
        case None:
            return ""
        case datetime.datetime():
            return value.date().isoformat()
        case datetime.date():
            return value.isoformat()
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _table(name: str, lines: Iterable[Sequence[str]], headings: Headings, longest_cell: int) -> Table:
    known = _columns_by_heading(headings)
    header_row = 0
    header: list[str] = []
    places: dict[int, str] = {}
    unknown: list[str] = []
    rows: list[Row] = []
    remaining = iter(lines)
    at, top = _find_header(remaining, known)
    for number, line in enumerate(chain(top, remaining), start=1):
        cells = [_tidy(cell) for cell in line]
        if number <= at or not any(cells):
            continue
        if not header_row:
            header_row, header = number, cells
            places, unknown = _understand_header(cells, known, name)
            continue
        if len(rows) == MAX_ROWS:
            raise FileRefused(
                _("“%(name)s” has more than %(limit)d rows. Split it.") % {"name": name, "limit": MAX_ROWS}
            )
        if any(len(cell) > longest_cell for cell in cells):
            raise FileRefused(
                _("Row %(row)d of “%(name)s” has a cell longer than %(limit)d letters: is a quotation mark missing?")
                % {"row": number, "name": name, "limit": longest_cell}
            )
        rows.append(Row(number, {column: cells[at] if at < len(cells) else "" for at, column in places.items()}))
    if not header_row:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    own_headings = tuple(header[at] for at in places)
    return Table(name, header_row, tuple(places.values()), own_headings, tuple(unknown), tuple(rows))


def _columns_by_heading(headings: Headings) -> dict[str, str]:
    """Every spelling, folded -> the name of the column."""
    known = {fold_heading(spelling): column for column, spellings in headings.items() for spelling in spellings}
    return known | {fold_heading(column): column for column in headings}


def _understand_header(cells: list[str], known: Mapping[str, str], name: str) -> tuple[dict[int, str], list[str]]:
    if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
        raise FileRefused(_("“%(name)s” has more than %(limit)d columns.") % {"name": name, "limit": MAX_COLUMNS})
    places: dict[int, str] = {}
    unknown: list[str] = []
    for at, cell in enumerate(cells):
        column = known.get(fold_heading(cell))
        if column in places.values():
            raise FileRefused(
                _("“%(name)s” has two columns for %(column)s. Remove or rename one of them.")
                % {"name": name, "column": f"“{cell}” ({column})"}
            )
        if column:
            places[at] = column
        elif cell:
            unknown.append(cell)
    return places, unknown


def fold_heading(heading: str) -> str:
    """A heading without what people vary: case, spaces, underscores, dots, hyphens, apostrophes."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def _tidy(cell: str) -> str:
    """The cell without stray spaces, zero-width signs and the apostrophe that tells a spreadsheet "this is text"."""
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", cell)
    return re.sub(r"[^\S\n]+", " ", text).strip().removeprefix("'").strip()
