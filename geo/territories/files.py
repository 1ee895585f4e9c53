"""A file of territories: a table (CSV, XLSX) with a row for each street or district, or a text."""

from pathlib import PurePath

from django.utils.translation import gettext as _

from geo.tables import FileRefused, Headings, decoded, read_table
from geo.territories.reading import Reading, TerritoryRow, read_rows, read_text

COLUMNS: Headings = {
    "district": (
        "district code", "code", "дільниця", "номер дільниці", "№ дільниці", "код дільниці", "поліцейська дільниця",
        "група", "дільниці", "назва дільниці",
    ),
    "settlement": ("населений пункт", "село", "city", "місто"),
    "street": (
        "streets", "вулиця", "вулиці", "назва вулиці", "назви вулиць", "територія",
        "межі дільниці", "перелік вулиць", "опис",
    ),
    "houses": (
        "house", "будинки", "будинок", "номери", "номер", "№ будинку", "№ будинків", "номер будинку", "номери будинків",
        "перелік будинків",
    ),
}  # fmt: skip
LONGEST_CELL = 30_000
"""A cell may hold the whole description of a district."""


def is_text(content: bytes, name: str) -> bool:
    """Whether a file is a text rather than a table."""
    return PurePath(name).suffix.lower() not in {".csv", ".tsv", ".xlsx", ".xls"} and not content.startswith(
        b"PK\x03\x04"
    )


def read_territories(content: bytes, *, name: str, district: str = "") -> Reading:
    """Read a file; in a text `district` is whose the streets before the first heading are. Raises FileRefused."""
    if is_text(content, name):
        return read_text(decoded(content, name), district=district)
    table = read_table(content, name=name, headings=COLUMNS, longest_cell=LONGEST_CELL)
    if missing := {"district", "street"} - set(table.columns):
        words = {"district": _("“district”"), "street": _("“street”")}
        raise FileRefused(
            _("“%(name)s” has no column for %(columns)s. Its first row needs the headings “district” and “street”.")
            % {"name": name, "columns": ", ".join(words[column] for column in sorted(missing))}
        )
    return read_rows(
        (
            TerritoryRow(row.number, row["district"], row["street"], row["houses"], row["settlement"])
            for row in table.rows
        ),
        unused=table.unknown_columns,
    )
