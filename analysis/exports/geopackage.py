"""GeoPackage: one file for QGIS and others with the layer, its codebook as a table, and how it was made as metadata.

SQLite needs the whole file before it can be sent, so it is written to disk, batch by batch, and removed afterwards.
"""

import json
from collections.abc import Generator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from analysis.exports.about import Made, metadata
from analysis.layers import Column, Kind, Layer, fetched

AT_ONCE = 10_000
"""Rows that are written together."""
PIECE = 256 * 1024
"""Bytes that are sent together."""
CODEBOOK = ("name", "type", "uk", "en")


def geopackage(layer: Layer, made: Made) -> Generator[bytes, None, int]:
    """Yield a GeoPackage with the tables `WHAT` and `codebook`. Return the number of rows."""
    with TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "export.gpkg"
        count = _write(path, layer, metadata(layer, made))
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    return count


def _write(path: Path, layer: Layer, about: dict[str, Any]) -> int:
    """Make the tables with their metadata, then add the rows batch by batch."""
    import pyogrio  # not above: it takes 15 MB of each server process, 60 where pandas is installed

    told = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in about.items()
    }
    _add(path, layer, [], dataset_metadata=told, layer_metadata=told)
    names = ", ".join(f'told."{column.name}"' for column in layer.columns)
    count = 0
    for rows in fetched(layer.rows(f"{names}, ST_AsBinary(told.shape)"), at_once=AT_ONCE):
        _add(path, layer, rows, append=True)
        count += len(rows)
    codebook = [np.array([row[name] for row in layer.codebook()], object) for name in CODEBOOK]
    pyogrio.raw.write(path, None, codebook, CODEBOOK, layer="codebook", driver="GPKG", append=True)
    return count


def _add(path: Path, layer: Layer, rows: Sequence[tuple[Any, ...]], **options: Any) -> None:
    import pyogrio  # see above

    *values, shapes = zip(*rows, strict=True) if rows else [()] * (len(layer.columns) + 1)
    columns = [_array(column, told) for column, told in zip(layer.columns, values, strict=True)]
    pyogrio.raw.write(
        path,
        np.array([bytes(shape) for shape in shapes], object),
        [told for told, _missing in columns],
        [column.name for column in layer.columns],
        field_mask=[missing for _told, missing in columns],
        layer=layer.what,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        crs="EPSG:4326",
        **options,
    )


def _array(column: Column, values: Sequence[Any]) -> tuple[Any, Any]:
    """Return a column as pyogrio takes it, and which values are missing (of texts None says so itself)."""
    if column.kind is Kind.TEXT:
        return np.array(values, object), None
    missing = np.array([value is None for value in values], bool)
    kind = np.int64 if column.kind is Kind.INTEGER else np.float64
    return np.array([0 if value is None else value for value in values], kind), missing
