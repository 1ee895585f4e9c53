"""Read district polygons from a file that a stranger may have made.

GeoJSON, TopoJSON, GeoPackage, Shapefile (bare or zipped) and KML (or KMZ), in any CRS the file states. What the file
is, its own first bytes say, not its name; a child process with that one driver parses it (see `read_child`).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.boundaries.archives import COMPANIONS, unzipped
from geo.boundaries.crs import check_degrees, crs_label, crs_of
from geo.boundaries.features import SourceFeature, polygons_of
from geo.boundaries.fields import ChosenFields, FieldUnknown, as_people, as_text, as_yes, choose_fields
from geo.boundaries.measuring import WGS84, Geometries, transform
from geo.boundaries.parsing import parse, why
from geo.boundaries.unreadable import KNOWN_KINDS, ReadLimits, UnreadableBoundaries

if TYPE_CHECKING:  # see measuring.py
    from pyproj import CRS, Transformer

HEAD_BYTES = 65_536


@dataclass(frozen=True)
class Shapes:
    """The polygons of a file, in `crs`, with the values of their fields, and the facts about the file."""

    geometries: Geometries
    columns: dict[str, list[Any]]
    crs: CRS
    driver: str
    sha256: str
    layer: str
    notes: list[str]

    def to_wgs84(self) -> Geometries:
        """The polygons in WGS 84, longitude first."""
        if self.crs == WGS84:
            return self.geometries
        moved = transform(self.geometries, Transformer.from_crs(self.crs, WGS84, always_xy=True))
        return np.asarray(moved)


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
        from pyproj import CRS

        return CRS.from_wkt(self.crs_wkt)

    @cached_property
    def _to_wgs84(self) -> Transformer | None:
        from pyproj import Transformer

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
    """Read the polygons of one file as districts: `read_shapes`, and the fields that name them.

    Raises UnreadableBoundaries.
    """
    path = Path(path).resolve()
    shapes = read_shapes(path, layer=layer, crs_epsg=crs_epsg, limits=limits)
    try:
        chosen = choose_fields(shapes.columns, code_field, name_field, population_field)
    except FieldUnknown as error:
        raise UnreadableBoundaries(f"{path.name}: {error}") from error
    return BoundarySource(
        features=_features(shapes.columns, shapes.geometries, chosen),
        fields=list(shapes.columns),
        code_field=chosen.code,
        name_field=chosen.name,
        crs_wkt=shapes.crs.to_wkt(),
        crs_label=crs_label(shapes.crs),
        driver=shapes.driver,
        sha256=shapes.sha256,
        file_name=path.name,
        layer=shapes.layer,
        population_field=chosen.population,
        notes=shapes.notes,
    )


def read_shapes(
    path: Path, *, layer: str | None = None, crs_epsg: int | None = None, limits: ReadLimits | None = None
) -> Shapes:
    """Read the polygons of one file, whatever they are called.

    `crs_epsg` is what a person says the CRS is; it wins over what the file states. Raises UnreadableBoundaries.
    """
    limits = limits or ReadLimits()
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
            opened, stem = unzipped(path, room, limits)
        driver = _driver(opened)
        header, shapes = parse(opened, driver, layer, room, limits)
    columns = dict(zip(header["fields"], header["columns"], strict=True))
    geometries = _polygons(shapes, opened.name, limits)
    crs, notes = crs_of(header["crs"], crs_epsg, driver, path.name)
    check_degrees(crs, geometries, path.name)
    return Shapes(
        geometries=geometries,
        columns=columns,
        crs=crs,
        driver=driver,
        sha256=sha256,
        layer=stem if opened.stem == header["layer"] else header["layer"],
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
        raise UnreadableBoundaries(why({"reason": "vertices"}, limits))
    endless = owner[~np.isfinite(coordinates).all(axis=1)]
    if len(endless):
        raise UnreadableBoundaries(f"The shape in row {endless[0] + 1} has coordinates that are no numbers. Redraw it.")
    return np.asarray(geometries)


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
