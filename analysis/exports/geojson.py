"""GeoJSON (RFC 7946), streamed; how it was made stands at the end, as a member that the standard allows."""

from collections.abc import Generator
from contextlib import closing
from itertools import islice

import orjson

from analysis.exports.about import Made, metadata
from analysis.layers import Layer

AT_ONCE = 200
"""Rows that are sent together, some 60 KB: a thousand of them cost the server twice the time, for pages fresh from the
system."""


def geojson(layer: Layer, made: Made, *, explained: bool = False) -> Generator[bytes, None, int]:
    """Yield a FeatureCollection; `metadata` and the number of features follow at its end. Return that number.

    With `explained` the metadata hold the codebook, as `columns`.
    """
    yield b'{"type":"FeatureCollection","features":[\n'
    count = 0
    with closing(layer.features()) as lines:  # at once, or a download that breaks off would leave COPY running
        while some := list(islice(lines, AT_ONCE)):
            # Each line ends with a line break already.
            yield (b"," if count else b"") + b",".join(some)
            count += len(some)
    codebook = {"columns": layer.codebook()} if explained else {}
    yield b'],"metadata":' + orjson.dumps(metadata(layer, made) | codebook | {"features": count}) + b"}\n"
    return count
