"""A layer: what a map or a file holds, as one SELECT whose columns are named and explained."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.translation import override

DECIMALS = 7
"""Of coordinates in degrees: about a centimetre."""
LANGUAGES = ("uk", "en")
JSON_LINES = r"FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01'"
"""One column of JSON a row. COPY's text format would double backslashes. Its CSV format leaves alone whatever holds no
separator, quote or line break, and JSON escapes control characters: two of those are separator and quote."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layer; `meaning` waits for its language."""

    name: str
    kind: Kind
    meaning: Any


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows with a shape. `select` gives the columns in their order and `shape` (EPSG:4326), its values written in.

    `about` says how the rows were made, `identifier` names the column that is a feature's own, if there is one. `order`
    names what else `select` gives, to be sorted by it; without it the rows come as they are selected. Where rows are
    many it is better: said outside, the database may write rows in several processes while it keeps their order.
    """

    what: str
    columns: tuple[Column, ...]
    select: str
    about: Mapping[str, Any] = field(default_factory=dict)
    identifier: str = ""
    order: str = ""

    def rows(self, told: str) -> str:
        """Return the SELECT of an expression in SQL over the columns of each row, which is called `told`."""
        ordered = f' ORDER BY told."{self.order}"' if self.order else ""
        return f"SELECT {told} FROM ({self.select}) AS told{ordered}"  # noqa: S608 - the names of our own columns

    def codebook(self) -> list[dict[str, str]]:
        """Rows {"name", "type", "uk", "en"}: what each column means."""
        return [
            {"name": column.name, "type": column.kind.value}
            | {language: _said(column.meaning, language) for language in LANGUAGES}
            for column in self.columns
        ]

    def features(self) -> Generator[memoryview, None, None]:
        """Yield each row as a line of GeoJSON, a Feature (RFC 7946: rings counterclockwise, 7 decimals)."""
        yield from copied(self.as_geojson())

    def as_geojson(self) -> str:
        """Return the SELECT whose rows are Features."""
        kinds = {column.name: column.kind for column in self.columns}
        own = f"""',"id":' || {_as_json(self.identifier, kinds[self.identifier])} ||""" if self.identifier else ""
        members = " || ',' || ".join(f"""'"{name}":' || {_as_json(name, kind)}""" for name, kind in kinds.items())
        # Put together by hand: row_to_json takes half as long again.
        feature = (
            f"""'{{"type":"Feature"' || {own} ',"properties":{{' || {members}"""
            f""" || '}},"geometry":' || ST_AsGeoJSON(ST_ForcePolygonCCW(told.shape), {DECIMALS}) || '}}'"""
        )
        return self.rows(feature)


def _as_json(name: str, kind: Kind) -> str:
    """A column as the SQL that writes it in JSON; a number is written as it stands."""
    value = f'told."{name}"'
    written = f"to_json({value})::text" if kind is Kind.TEXT else f"{value}::text"
    return f"coalesce({written}, 'null')"


def written_in(select: str, values: Any) -> str:
    """Return a SELECT with its values written in as literals: COPY takes no parameters."""
    composed: str = connection.ops.compose_sql(select, values)  # type: ignore[attr-defined]  # of PostgreSQL's backend
    return composed


def copied(select: str, options: str = JSON_LINES) -> Generator[memoryview, None, None]:
    """Yield each row of a SELECT as a line, as the database writes it; line breaks included."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({select}) TO STDOUT ({options})") as rows:
        yield from rows


def fetched(select: str, *, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a SELECT in batches, through a cursor of the server: only one batch is in memory."""
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(select)
        while rows := cursor.fetchmany(at_once):
            yield rows


def _said(meaning: Any, language: str) -> str:
    with override(language):
        return str(meaning)
