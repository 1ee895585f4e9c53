"""Reading what was exported, as an analyst's programs do."""

import csv
import io
import json
import math
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyogrio
import shapely


@dataclass(frozen=True)
class Read:
    """Rows as {column: text}, shapes in degrees, how the file says it was made, and its codebook by column."""

    rows: list[dict[str, str]]
    shapes: list[Any]
    about: dict[str, Any]
    codebook: dict[str, dict[str, str]]


def read_file(form: str, content: bytes) -> Read:
    """Read a file of any format."""
    return {"geojson": read_geojson, "csv": read_csv, "gpkg": read_geopackage}[form](content)


def read_geojson(content: bytes) -> Read:
    """Read a FeatureCollection; how it was made stands in `metadata`."""
    collection = json.loads(content)
    codebook = collection["metadata"].pop("columns", [])
    return Read(
        [{name: _text(value) for name, value in each["properties"].items()} for each in collection["features"]],
        [shapely.from_geojson(json.dumps(each["geometry"])) for each in collection["features"]],
        collection["metadata"],
        {row["name"]: row for row in codebook},
    )


def read_csv(content: bytes) -> Read:
    """Read the zip of table, codebook and about.json."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        about = json.loads(packed.read("about.json"))
        table, codebook = (_table(packed.read(name)) for name in (f"{about['what']}.csv", "codebook.csv"))
    return Read(table, [], about, {row["name"]: row for row in codebook})


def read_geopackage(content: bytes) -> Read:
    """Read both tables and the metadata."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.gpkg"
        path.write_bytes(content)
        [layer] = {name for name, _kind in pyogrio.list_layers(path)} - {"codebook"}
        about = pyogrio.read_info(path, layer=layer)["dataset_metadata"]
        assert about["what"] == layer
        meta, _index, shapes, values = pyogrio.raw.read(path, layer=about["what"])
        columns = [[_text(value) for value in each.tolist()] for each in values]
        with closing(sqlite3.connect(path)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            codebook = file.execute("SELECT name, type, uk, en FROM codebook").fetchall()
    return Read(
        [dict(zip(meta["fields"].tolist(), row, strict=True)) for row in zip(*columns, strict=True)],
        list(shapely.from_wkb(shapes)),
        {name: _parsed(value) for name, value in about.items()},
        {row[0]: dict(zip(("name", "type", "uk", "en"), row, strict=True)) for row in codebook},
    )


def _table(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet reads it as UTF-8 by this mark alone"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def _text(value: Any) -> str:
    """A value as the table writes it: nothing for none, a decimal comma."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).removesuffix(".0").replace(".", ",") if isinstance(value, float) else str(value)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
