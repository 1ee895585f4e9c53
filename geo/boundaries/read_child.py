"""The child process that parses a file nobody has looked at yet. Run by `reading`, never imported by it.

It stands alone (no import of the project), limits its own memory, time and output before it loads GDAL, leaves GDAL
only the one driver that the file's own first bytes call for, and hands back plain data: a JSON header and WKB.

Usage: `python -I read_child.py REQUEST.json ANSWER.bin`. The answer: 8 bytes, big-endian, the length of the header;
the header (JSON, UTF-8); the WKB of every feature one after another, lengths in the header.
"""

from __future__ import annotations

import json
import math
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any

OFFLINE = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/dev/null",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_DRIVER_PATH": "disable",
    "OGR_DRIVER_PATH": "disable",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "LIBKML_RESOLVE_STYLE": "NO",
    "PROJ_NETWORK": "OFF",
    "GDAL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
LEFT_OUT = ("geopandas", "pandas", "pyarrow", "pyproj", "shapely")
"""What pyogrio loads where it is installed, for data frames: here it would only take time and memory."""
SINGLE_LAYER = {"GeoJSON", "ESRI Shapefile"}
MAX_TEXT = 1000


class Refusal(Exception):
    """Why the file is not read: a machine's word and what it concerns."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.facts = {"reason": reason, **facts}


def main(request_path: str, answer_path: str) -> None:
    """Read what the request names and write the answer."""
    request = json.loads(Path(request_path).read_text("utf-8"))
    for kind, amount in (
        (resource.RLIMIT_AS, request["memory_bytes"]),
        (resource.RLIMIT_CPU, request["cpu_s"]),
        (resource.RLIMIT_FSIZE, request["answer_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))
    os.environ.update(OFFLINE, GDAL_SKIP=",".join(request["skip_drivers"]))
    try:
        header, shapes = read(request)
    except Refusal as refusal:
        header, shapes = refusal.facts, []
    except MemoryError:
        header, shapes = {"reason": "memory"}, []
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    with Path(answer_path).open("wb") as answer:
        answer.write(struct.pack(">Q", len(text)))
        answer.write(text)
        answer.writelines(shapes)


def read(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """The header of the answer and the WKB of every feature (empty where a feature has none)."""
    sys.modules.update(dict.fromkeys(LEFT_OUT))  # type: ignore[arg-type]  # None: “there is no such module”
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    loaded = set(pyogrio.list_drivers()) - {request["driver"], "MEM", "Memory"}
    if loaded:
        raise Refusal("drivers", drivers=sorted(loaded))
    path = request["path"]
    try:
        # GDAL reads a GeoJSON file through each time it is opened, and it has but one layer.
        layer = Path(path).stem
        if request["driver"] not in SINGLE_LAYER:
            layer = choose_layer([(str(name), kind) for name, kind in pyogrio.list_layers(path)], request["layer"])
        meta, _, shapes, columns = pyogrio.raw.read(
            path,
            layer=None if request["driver"] in SINGLE_LAYER else layer,
            force_2d=True,
            max_features=request["max_features"] + 1,
            datetime_as_string=True,
        )
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError) as error:
        raise Refusal("broken", detail=str(error).replace(path, "the file")[:MAX_TEXT]) from error
    shapes = [b"" if shape is None else bytes(shape) for shape in shapes]
    if len(shapes) > request["max_features"]:
        raise Refusal("features", count=len(shapes))
    if sum(map(len, shapes)) > 16 * request["max_vertices"] + 1000 * len(shapes):
        raise Refusal("vertices")
    header = {
        "layer": layer,
        "crs": meta["crs"],
        "fields": [str(name) for name in meta["fields"]],
        "columns": [[plain(value) for value in column] for column in columns],
        "lengths": [len(shape) for shape in shapes],
    }
    return header, shapes


def choose_layer(layers: list[tuple[str, str | None]], asked: str | None) -> str:
    """The layer asked for, or the only one that can hold polygons."""
    names = [name for name, _ in layers]
    if asked is not None:
        if asked not in names:
            raise Refusal("layer", layers=names)
        return asked
    drawn = [name for name, kind in layers if kind is not None]
    areas = [name for name, kind in layers if kind and ("Polygon" in kind or "Surface" in kind)]
    if len(drawn) == 1:
        return drawn[0]
    if len(areas) == 1:
        return areas[0]
    raise Refusal("layers" if drawn else "no_layers", layers=names)


def plain(value: Any) -> str | int | float | None:
    """An attribute as JSON can carry it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bytes):
        return None
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text[:MAX_TEXT].encode("utf-8", "replace").decode()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
