"""Read district polygons from a file that a stranger may have made.

GeoJSON, TopoJSON, GeoPackage, Shapefile (bare or zipped) and KML (or KMZ), in any CRS the file states. What the file
is, its own first bytes say, not its name; a child process with that one driver parses it (see `read_child`).
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.boundaries.features import SourceFeature, polygons_of
from geo.boundaries.fields import ChosenFields, FieldUnknown, as_people, as_text, as_yes, choose_fields
from geo.boundaries.measuring import WGS84, Geometries, transform

CHILD = Path(__file__).with_name("read_child.py")
COMPANIONS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
MAIN_SUFFIXES = {".shp", ".geojson", ".json", ".topojson", ".gpkg", ".kml"}
KNOWN_KINDS = "GeoJSON, TopoJSON, GeoPackage, Shapefile (with its .dbf, .shx and .prj, or zipped) or KML"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""All that zipfile was seen to raise when single bytes of a zip were changed, in each of its four methods."""

HEAD_BYTES = 65_536
UNPACKED = "source"


class UnreadableBoundaries(Exception):
    """The file cannot be taken; the message is a sentence that names the place and the remedy."""


@dataclass(frozen=True)
class ReadLimits:
    """How much one file may ask of the machine. `unzipped_ratio` is content by packed size (a bomb has thousands)."""

    file_bytes: int = 300_000_000
    unzipped_bytes: int = 600_000_000
    unzipped_ratio: int = 200
    zip_entries: int = 200
    features: int = 20_000
    vertices: int = 10_000_000
    memory_bytes: int = 3_000_000_000
    cpu_s: int = 120
    wall_s: float = 180.0


@dataclass(frozen=True)
class BoundarySource:
    """What a file holds: features in its own CRS, and the facts about the file that the edition keeps."""

    features: list[SourceFeature]
    fields: list[str]
    code_field: str
    name_field: str | None
    crs_wkt: str
    crs_label: str
    driver: str
    sha256: str
    file_name: str = ""
    layer: str = ""
    population_field: str | None = None
    notes: list[str] = field(default_factory=list)

    @cached_property
    def crs(self) -> CRS:
        """The CRS of the geometries."""
        return CRS.from_wkt(self.crs_wkt)

    @cached_property
    def _to_wgs84(self) -> Transformer | None:
        return None if self.crs == WGS84 else Transformer.from_crs(self.crs, WGS84, always_xy=True)

    def to_wgs84(self, geometry: Any) -> Any:
        """A geometry, or an array of them, from the CRS as read to WGS 84, longitude first."""
        return geometry if self._to_wgs84 is None else transform(geometry, self._to_wgs84)


def read_boundaries(
    path: Path,
    *,
    code_field: str | None = None,
    name_field: str | None = None,
    population_field: str | None = None,
    layer: str | None = None,
    crs_epsg: int | None = None,
    limits: ReadLimits | None = None,
) -> BoundarySource:
    """Read the polygons of one file.

    `crs_epsg` is what a person says the CRS is; it wins over what the file states. Raises UnreadableBoundaries.
    """
    limits = limits or ReadLimits()
    path = Path(path).resolve()
    if not path.is_file():
        raise UnreadableBoundaries(f"There is no file {path.name}. Check the path.")
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise UnreadableBoundaries(
            f"{path.name} is too large: {size / 1e6:,.0f} MB, and at most {limits.file_bytes / 1e6:,.0f} MB are read. "
            "Leave out attributes and vertices that nobody needs."
        )
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="boundaries-")))
        opened, stem = path, path.stem
        if _head(path).startswith(b"PK\x03\x04"):
            opened, stem = _unzipped(path, room, limits)
        driver = _driver(opened)
        header, shapes = _parse(opened, driver, layer, room, limits)
    columns = dict(zip(header["fields"], header["columns"], strict=True))
    geometries = _polygons(shapes, opened.name, limits)
    crs, notes = _crs(header["crs"], crs_epsg, driver, path.name)
    _check_degrees(crs, geometries, path.name)
    try:
        chosen = choose_fields(columns, code_field, name_field, population_field)
    except FieldUnknown as error:
        raise UnreadableBoundaries(f"{path.name}: {error}") from error
    return BoundarySource(
        features=_features(columns, geometries, chosen),
        fields=list(columns),
        code_field=chosen.code,
        name_field=chosen.name,
        crs_wkt=crs.to_wkt(),
        crs_label=_label(crs),
        driver=driver,
        sha256=sha256,
        file_name=path.name,
        layer=stem if opened.stem == header["layer"] else header["layer"],
        population_field=chosen.population,
        notes=notes,
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _driver(path: Path) -> str:
    """The GDAL driver that the file's first bytes call for."""
    head = _head(path)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"SQLite format 3\0"):
        return "GPKG"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "ESRI Shapefile"
    if text.startswith(b"<") and b"<kml" in head:
        return "LIBKML"
    if text.startswith(b"{"):
        return "TopoJSON" if _is_topology(path, head) else "GeoJSON"
    companion = path.suffix.lower() in COMPANIONS - {".shp"}
    hint = " Give the .shp file; its companions are found beside it." if companion else ""
    raise UnreadableBoundaries(f"{path.name} is not a file of a known kind. Give {KNOWN_KINDS}.{hint}")


def _is_topology(path: Path, head: bytes) -> bool:
    """Whether a JSON file says it is a Topology; the word may stand at its very end."""
    if b'"FeatureCollection"' in head:
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - HEAD_BYTES))
        tail = file.read()
    return any(b'"Topology"' in part for part in (head, tail))


def _unzipped(path: Path, room: Path, limits: ReadLimits) -> tuple[Path, str]:
    """The one readable file of a zip, unpacked into `room` under a name of ours, and the name it had."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and _is_wanted(entry.filename)]
            if len(archive.infolist()) > limits.zip_entries:
                raise UnreadableBoundaries(f"{path.name} holds more than {limits.zip_entries} files. Zip only the one.")
            mains = [entry for entry in entries if PurePosixPath(entry.filename).suffix.lower() in MAIN_SUFFIXES]
            if len(mains) != 1:
                names = ", ".join(PurePosixPath(entry.filename).name for entry in mains[:5])
                raise UnreadableBoundaries(
                    f"{path.name} holds {len(mains)} files of districts{f' ({names})' if names else ''}. "
                    f"Zip exactly one: {KNOWN_KINDS}."
                )
            main = PurePosixPath(mains[0].filename)
            wanted = mains
            if main.suffix.lower() == ".shp":
                stem = str(main.with_suffix("")).casefold()
                wanted = [e for e in entries if str(PurePosixPath(e.filename).with_suffix("")).casefold() == stem]
            left = min(limits.unzipped_bytes, limits.unzipped_ratio * path.stat().st_size + 1_000_000)
            for entry in wanted:
                left = _unpack(archive, entry, room / f"{UNPACKED}{PurePosixPath(entry.filename).suffix.lower()}", left)
    except DAMAGED as error:
        raise UnreadableBoundaries(f"{path.name} cannot be unzipped ({error}). Zip the files again.") from error
    return room / f"{UNPACKED}{main.suffix.lower()}", main.stem


def _is_wanted(name: str) -> bool:
    pure = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in pure.parts)
    return not hidden and pure.suffix.lower() in MAIN_SUFFIXES | COMPANIONS


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unpack one entry by counting what really comes out; gives back how many bytes are still allowed."""
    with archive.open(entry) as packed, target.open("wb") as plain:
        while chunk := packed.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise UnreadableBoundaries("The zip unpacks to far more than its size allows. Zip only the boundaries.")
            plain.write(chunk)
    return left


def _parse(
    path: Path, driver: str, layer: str | None, room: Path, limits: ReadLimits
) -> tuple[dict[str, Any], list[bytes]]:
    """What the child process read: its header and the WKB of every feature."""
    import pyogrio  # not above: it takes 15 MB of each server process, 60 where pandas is installed

    request, answer = room / "request.json", room / "answer.bin"
    skip = sorted(set(pyogrio.list_drivers()) - {driver})
    asked = {
        "path": str(path),
        "driver": driver,
        "layer": layer,
        "skip_drivers": skip,
        "max_features": limits.features,
        "max_vertices": limits.vertices,
        "memory_bytes": limits.memory_bytes,
        "cpu_s": limits.cpu_s,
        "answer_bytes": 2_000_000_000,
    }
    request.write_text(json.dumps(asked), "utf-8")
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(room), "TMPDIR": str(room)}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), str(request), str(answer)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=room,
            env=environment,
            timeout=limits.wall_s,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableBoundaries(
            f"Reading took longer than {limits.wall_s:g} s and was stopped. Save the districts alone, as GeoJSON."
        ) from error
    if done.returncode or not answer.exists():
        if b"MemoryError" in done.stderr or b"bad_alloc" in done.stderr:
            raise UnreadableBoundaries(_TOO_LARGE)
        raise UnreadableBoundaries(
            f"The file broke its reader ({_ending(done.returncode)}). Open it in QGIS and save it again as GeoJSON."
        )
    with answer.open("rb") as file:
        header: dict[str, Any] = json.loads(file.read(struct.unpack(">Q", file.read(8))[0]))
        if "reason" in header:
            raise UnreadableBoundaries(_refusal(header, limits))
        return header, [file.read(length) for length in header["lengths"]]


_TOO_LARGE = "The file is too large to read: it needs more memory than is allowed. Leave out vertices nobody needs."


def _ending(code: int) -> str:
    return "it used too much processor time" if code in {-24, -9} else f"exit {code}"


def _refusal(header: dict[str, Any], limits: ReadLimits) -> str:
    layers = ", ".join(header.get("layers", []))
    sentences = {
        "broken": f"The file cannot be read: {header.get('detail', '')}. Open it in QGIS and save it again as GeoJSON.",
        "features": f"The file is too large: more than {limits.features:,} features. Save the districts alone.",
        "vertices": f"The file is too large: more than {limits.vertices:,} vertices. Simplify it as a coverage first.",
        "memory": _TOO_LARGE,
        "layer": f"There is no such layer. The file has: {layers}. Choose with --layer.",
        "layers": f"The file has several layers: {layers}. Choose one with --layer.",
        "no_layers": "The file holds no layer with shapes. Save the districts as polygons.",
        "drivers": "The reader could not be confined to one format; nothing was read. Tell whoever runs this site.",
    }
    return sentences[header["reason"]]


def _polygons(shapes: Sequence[bytes], file_name: str, limits: ReadLimits) -> Geometries:
    """Polygons of every row; refuses, by row, what is none."""
    if not shapes:
        raise UnreadableBoundaries(f"{file_name} has no features. Save the districts again, and check the filter.")
    for row, shape in enumerate(shapes, 1):
        if not shape:
            raise UnreadableBoundaries(f"The feature in row {row} has no geometry. Draw it, or delete the row.")
    geometries = shapely.from_wkb(np.array(shapes, dtype=object), on_invalid="ignore")
    for row, geometry in enumerate(geometries, 1):
        if geometry is None:
            raise UnreadableBoundaries(f"The shape in row {row} is broken: a ring needs four points. Redraw it.")
        if geometry.is_empty:
            raise UnreadableBoundaries(f"The feature in row {row} has an empty geometry. Draw it, or delete the row.")
    geometries = shapely.force_2d(geometries)
    for index in np.flatnonzero(~np.isin(shapely.get_type_id(geometries), [3, 6])):
        found = polygons_of(geometries[index])
        if found is None:
            raise UnreadableBoundaries(
                f"The feature in row {index + 1} is a {geometries[index].geom_type}, not a polygon. "
                "Delete it, or save the polygons alone."
            )
        geometries[index] = found
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    if len(coordinates) > limits.vertices:
        raise UnreadableBoundaries(_refusal({"reason": "vertices"}, limits))
    endless = owner[~np.isfinite(coordinates).all(axis=1)]
    if len(endless):
        raise UnreadableBoundaries(f"The shape in row {endless[0] + 1} has coordinates that are no numbers. Redraw it.")
    return np.asarray(geometries)


def _crs(stated: str | None, epsg: int | None, driver: str, file_name: str) -> tuple[CRS, list[str]]:
    """The CRS of the outlines, without heights, and what has to be said about how it was found."""
    try:
        if epsg is not None:
            return _flat(CRS.from_epsg(epsg), file_name), [f"The CRS EPSG:{epsg} was typed in, not read from the file."]
        if stated:
            return _flat(CRS.from_user_input(stated), file_name), []
    except CRSError as error:
        what = f"EPSG:{epsg} is not a CRS that PROJ knows" if epsg is not None else "states a CRS that cannot be read"
        raise UnreadableBoundaries(f"{file_name}: {what}. Give its EPSG number with --crs.") from error
    if driver in {"GeoJSON", "TopoJSON", "LIBKML"}:
        return WGS84, ["The file states no CRS; its format means WGS 84."]
    missing = "there is no .prj beside it" if driver == "ESRI Shapefile" else "it names none"
    raise UnreadableBoundaries(
        f"{file_name} does not say which CRS its coordinates are in ({missing}). Give its EPSG number with --crs."
    )


def _flat(crs: CRS, file_name: str) -> CRS:
    """A CRS of the plane or of longitude and latitude; refuses heights alone, geocentric and local ones."""
    flat = crs.to_2d()
    if not (flat.is_projected or flat.is_geographic):
        raise UnreadableBoundaries(
            f"{file_name}: {_label(crs)} is not a CRS that a map is drawn in ({crs.type_name}). Give the EPSG number "
            "of a projected or geographic one with --crs."
        )
    return flat


def _check_degrees(crs: CRS, geometries: Geometries, file_name: str) -> None:
    """Refuse coordinates that the CRS cannot mean: metres in a file that means degrees, or the far side of the sky."""
    west, south, east, north = (float(value) for value in shapely.total_bounds(geometries))
    if crs.is_geographic and (west < -360 or east > 360 or south < -90.001 or north > 90.001):
        raise UnreadableBoundaries(
            f"{file_name} means degrees, but its coordinates reach from {west:,.0f}, {south:,.0f} to {east:,.0f}, "
            f"{north:,.0f}: they look like metres. Give the EPSG number of their CRS with --crs."
        )
    try:
        corners = Transformer.from_crs(crs, WGS84, always_xy=True).transform(
            [west, east], [south, north], errcheck=True
        )
    except ProjError as error:
        raise UnreadableBoundaries(
            f"{file_name}: the coordinates do not fit the CRS {_label(crs)}. Give the right EPSG number with --crs."
        ) from error
    if not np.isfinite(corners).all():
        raise UnreadableBoundaries(
            f"{file_name}: the coordinates do not fit the CRS {_label(crs)}. Give the right EPSG number with --crs."
        )


def _features(columns: dict[str, list[Any]], geometries: Geometries, chosen: ChosenFields) -> list[SourceFeature]:
    def text(field: str, row: int) -> str:
        return as_text(columns[field][row])

    return [
        SourceFeature(
            code=text(chosen.code, row),
            name=text(chosen.name or chosen.code, row),
            geometry=geometry,
            row=row + 1,
            population=_people(columns[chosen.population][row], chosen.population, row + 1)
            if chosen.population
            else None,
            name_en=text(chosen.name_en, row) if chosen.name_en else "",
            is_rural=chosen.rural is not None and as_yes(columns[chosen.rural][row]),
        )
        for row, geometry in enumerate(geometries)
    ]


def _people(value: Any, field: str, row: int) -> int | None:
    try:
        return as_people(value)
    except ValueError as error:
        raise UnreadableBoundaries(
            f"The population in row {row} ({field}) is {as_text(value)[:30]!r}, not a whole number. Correct it, or "
            "choose another population field."
        ) from error


def _label(crs: CRS) -> str:
    """`WGS 84 (EPSG:4326)`, or the name alone when the CRS states no authority."""
    epsg = crs.to_epsg(min_confidence=100) or (4326 if crs == WGS84 else None)
    return f"{crs.name} (EPSG:{epsg})" if epsg else str(crs.name)
