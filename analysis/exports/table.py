"""CSV for a spreadsheet or R: a zip of the table, its codebook, and how it was made.

Semicolons, decimal commas and a byte order mark: what a spreadsheet under Ukrainian settings opens at a double click,
and R with `read.csv2`. Shapes are left out; `lon` and `lat` are a point inside each.
"""

import zipfile
from collections.abc import Generator
from contextlib import closing
from itertools import islice

import orjson

from analysis.exports.about import Made, metadata
from analysis.layers import Column, Kind, Layer, copied
from geo.workbooks import FORMULA, csv_text

BOM = b"\xef\xbb\xbf"
AT_ONCE = 1_000
"""Rows that are packed together."""
LIKE_A_FORMULA = "^" + FORMULA.pattern.replace(r"\x00", r"\x01")
"""As the database reads it, whose texts hold no zero byte."""


class _Outlet:
    """Where a zip is written to: a file that cannot go back, emptied piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def emptied(self) -> bytes:
        """Give everything since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def table(layer: Layer, made: Made) -> Generator[bytes, None, int]:
    """Yield a zip of `WHAT.csv`, `codebook.csv` and `about.json`. Return the number of rows."""
    outlet, count = _Outlet(), -1  # the first line holds the names

    def named(name: str) -> zipfile.ZipInfo:
        file = zipfile.ZipInfo(name, made.at.timetuple()[:6])
        file.compress_type = zipfile.ZIP_DEFLATED
        return file

    with zipfile.ZipFile(outlet, "w") as packed:  # type: ignore[call-overload]  # it asks for no more than there is
        with (
            packed.open(named(f"{layer.what}.csv"), "w", force_zip64=True) as file,
            closing(_lines(layer)) as lines,  # at once, or a download that breaks off would leave COPY running
        ):
            file.write(BOM)
            while some := list(islice(lines, AT_ONCE)):
                file.write(b"".join(some))
                count += len(some)
                yield outlet.emptied()
        codebook = csv_text(("name", "type", "uk", "en"), layer.codebook())
        packed.writestr(named("codebook.csv"), BOM + codebook.encode())
        about = metadata(layer, made) | {"rows": count}
        packed.writestr(named("about.json"), orjson.dumps(about, option=orjson.OPT_INDENT_2))
    yield outlet.emptied()
    return count


def _lines(layer: Layer) -> Generator[memoryview, None, None]:
    """The names of the columns, then each row, as CSV that the database writes."""
    told = ", ".join(_told(column) for column in layer.columns)
    return copied(layer.rows(told), "FORMAT csv, HEADER, DELIMITER ';'")


def _told(column: Column) -> str:
    """A column as a spreadsheet should read it: a text is no formula (`geo.workbooks`), a fraction has a comma."""
    value = f'told."{column.name}"'
    if column.kind is Kind.TEXT:
        value = f"CASE WHEN {value} ~ '{LIKE_A_FORMULA}' THEN '''' || {value} ELSE {value} END"
    elif column.kind is Kind.NUMBER:
        value = f"replace({value}::text, '.', ',')"
    return f'{value} AS "{column.name}"'
