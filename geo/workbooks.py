"""Tables for spreadsheets, with cells that no spreadsheet runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT_FORMAT = "@"
"""Cells are text: a spreadsheet eats the zero of a code and the plus of a phone otherwise."""
FORMULA = re.compile(r"[\s\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")
"""What a spreadsheet may run: also with wide signs, which some take for the plain ones."""


def workbook(
    title: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]], *, widths: Mapping[str, int] | None = None
) -> bytes:
    """Return an XLSX file of one sheet: a header, then `rows` with their cells by column, all of them text.

    `widths` are those of columns whose text is longer than their heading, in characters; it is wrapped there.
    """
    from openpyxl import Workbook  # not above: it takes 6 MB of each server process
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = title
    sheet.append(list(columns))
    for row in rows:
        # A formula in a cell would be run by whoever opens the workbook; text with an apostrophe before it is not
        cells = (row.get(column, "") for column in columns)
        sheet.append([f"'{text}" if text.lstrip().startswith("=") else text for text in cells])
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        width = (widths or {}).get(column)
        sheet.column_dimensions[letter].width = width or max(14, min(34, len(column) + 8))
        for cell in sheet[letter]:
            cell.number_format = TEXT_FORMAT
            cell.alignment = Alignment(vertical="top", wrap_text=bool(width))
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return CSV with semicolons. What a spreadsheet would take for a formula begins with an apostrophe.

    So does what has blanks, tabs, line breaks or characters that nobody sees before it: some programs drop those.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(columns)
    for row in rows:
        cells = (row.get(column, "") for column in columns)
        writer.writerow([f"'{text}" if FORMULA.match(text) else text for text in cells])
    return file.getvalue()
