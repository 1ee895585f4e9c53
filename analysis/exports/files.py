"""From a layer to an answer: a file that is sent while it is written, in a transaction of its own, and logged."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial

from django.http import StreamingHttpResponse

from analysis.exports.about import Made
from analysis.exports.asked import Context
from analysis.exports.geojson import geojson
from analysis.exports.geopackage import geopackage
from analysis.exports.log import end_export
from analysis.exports.table import table
from analysis.layers import Layer
from analysis.models import Export


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files: how it is written, its media type, and the end of a file's name."""

    write: Callable[[Layer, Made], Generator[bytes, None, int]]
    media_type: str
    suffix: str


FORMATS = {
    Export.Format.GEOJSON: Format(partial(geojson, explained=True), "application/geo+json", "geojson"),
    Export.Format.CSV: Format(table, "application/zip", "zip"),
    Export.Format.GPKG: Format(geopackage, "application/geopackage+sqlite3", "gpkg"),
}
MAP = Format(geojson, "application/geo+json", "geojson")
"""For a map, which knows what the columns mean."""


def sent(
    ask: Callable[[], Layer], made: Made, form: Format, *, within: Context, export: Export | None = None
) -> StreamingHttpResponse:
    """Send what `ask` gives. It is asked, and its rows are read, in the context, once the answer is under way."""

    def pieces() -> Iterator[bytes]:
        with within():
            rows = yield from form.write(ask(), made)
        if export:
            end_export(export, rows=rows)

    response = StreamingHttpResponse(pieces(), content_type=form.media_type)
    response["Cache-Control"] = "no-store, private"
    return response
