"""Files of every kind are read, and a file that cannot be is refused with a sentence that helps."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import CRS

from geo.boundaries.reading import BoundarySource, read_boundaries
from geo.boundaries.unreadable import ReadLimits, UnreadableBoundaries

SQUARE = [[[25.0, 49.5], [25.01, 49.5], [25.01, 49.51], [25.0, 49.51], [25.0, 49.5]]]
NEXT = [[[25.01, 49.5], [25.02, 49.5], [25.02, 49.51], [25.01, 49.51], [25.01, 49.5]]]


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(rings: list[Any] = SQUARE) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def geojson(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), "utf-8")
    return path


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    first = feature(polygon(), код="Д-1", назва="Центр", people=5000)
    return geojson(tmp_path / "squares.geojson", first, feature(polygon(NEXT), код="Д-2", назва="Схід", people=None))


def write(path: Path, shapes: Any, field: str, values: list[Any], **options: Any) -> None:
    """Write polygons with one field by GDAL."""
    column = np.array(values, dtype=object if isinstance(values[0], str) else float)
    pyogrio.raw.write(path, shapes, field_data=[column], fields=[field], geometry_type="Polygon", **options)


def shapefile(folder: Path, crs: str | None = "EPSG:32635", name: str = "districts.shp") -> Path:
    shapes = shapely.to_wkb(
        [shapely.box(4e5, 5.49e6, 4.005e5, 5.4905e6), shapely.box(4.005e5, 5.49e6, 4.01e5, 5.4905e6)]
    )
    write(folder / name, shapes, "CODE", ["1", "2"], crs=crs, driver="ESRI Shapefile")
    return folder / name


def zipped(target: Path, *files: Path, under: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, under + file.name)
    return target


def companions(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.stem}.*"))


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(UnreadableBoundaries) as caught:
        read_boundaries(path, **options)
    return str(caught.value)


def codes(source: BoundarySource) -> list[str]:
    return [one.code for one in source.features]


def test_geojson_is_read_with_ukrainian_fields(squares: Path) -> None:
    source = read_boundaries(squares, population_field="PEOPLE")
    assert (source.driver, source.code_field, source.name_field) == ("GeoJSON", "код", "назва")
    assert [(one.code, one.name, one.row, one.population) for one in source.features] == [
        ("Д-1", "Центр", 1, 5000),
        ("Д-2", "Схід", 2, None),
    ]
    assert source.crs_label == "WGS 84 (EPSG:4326)"
    assert source.to_wgs84(source.features[0].geometry) is source.features[0].geometry


def test_the_name_of_a_file_does_not_decide_what_it_is(squares: Path) -> None:
    assert codes(read_boundaries(squares.rename(squares.with_suffix(".kml")))) == ["Д-1", "Д-2"]


def test_topojson_without_crs_means_wgs84(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    arc = [[25.0, 49.5], [25.01, 49.5], [25.01, 49.51], [25.0, 49.5]]
    shape = {"type": "Polygon", "arcs": [[0]], "properties": {"sector": "1A"}}
    objects = {"sectors": {"type": "GeometryCollection", "geometries": [shape]}}
    path.write_text(json.dumps({"objects": objects, "arcs": [arc], "type": "Topology"}))
    source = read_boundaries(path)
    assert (source.driver, codes(source), source.crs_label) == ("TopoJSON", ["1A"], "WGS 84 (EPSG:4326)")
    assert "states no CRS" in source.notes[0]


def test_kml_is_read_and_its_height_dropped(tmp_path: Path) -> None:
    ring = " ".join(f"{x},{y},7" for x, y in SQUARE[0])
    border = f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>"
    place = f"<Placemark><name>12</name><Polygon>{border}</Polygon></Placemark>"
    path = tmp_path / "d.kml"
    path.write_text(
        f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{place}</Document></kml>'
    )
    source = read_boundaries(path)
    assert codes(source) == ["12"]
    assert not source.features[0].geometry.has_z
    assert codes(read_boundaries(zipped(tmp_path / "d.kmz", path))) == ["12"]


def test_geopackage_is_read(tmp_path: Path, squares: Path) -> None:
    path = tmp_path / "d.gpkg"
    shapes = shapely.to_wkb([shapely.box(25, 49, 25.1, 49.1)])
    write(path, shapes, "number", [7.0], crs="EPSG:4326", driver="GPKG")
    assert codes(read_boundaries(path)) == ["7"]


def test_shapefile_is_read_bare_and_zipped_in_a_folder(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    bare = read_boundaries(path)
    packed = read_boundaries(zipped(tmp_path / "d.zip", *companions(path), under="межі/"))
    assert codes(bare) == codes(packed) == ["1", "2"]
    assert (packed.driver, packed.layer) == ("ESRI Shapefile", "districts")
    assert bare.to_wgs84(bare.features[0].geometry).centroid.x == pytest.approx(25.62, abs=0.01)


def test_a_prj_without_authority_code_is_transformed_as_read(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    nameless = CRS.from_epsg(32635).to_wkt("WKT1_ESRI").replace("WGS_1984_UTM_Zone_35N", "Somebody's own grid")
    path.with_suffix(".prj").write_text(nameless)
    source = read_boundaries(path)
    assert "EPSG" not in source.crs_label
    assert source.to_wgs84(source.features[0].geometry).centroid.x == pytest.approx(25.62, abs=0.01)


def test_shapefile_without_prj_asks_for_the_epsg_number_and_takes_it(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    assert "--crs" in refused(path)
    source = read_boundaries(path, crs_epsg=32635)
    assert source.crs.to_epsg() == 32635
    assert "EPSG:32635 was typed in" in source.notes[0]


def test_an_epsg_number_that_does_not_exist_is_refused(squares: Path) -> None:
    assert "EPSG:999999" in refused(squares, crs_epsg=999_999)


def test_metres_in_a_file_that_means_degrees_are_refused(tmp_path: Path) -> None:
    metres = [[[4e5, 5e6], [5e5, 5e6], [5e5, 6e6], [4e5, 5e6]]]
    assert "look like metres" in refused(geojson(tmp_path / "m.geojson", feature(polygon(metres), code="1")))


def test_unknown_and_unguessable_fields_list_what_there_is(tmp_path: Path, squares: Path) -> None:
    assert "код (Д-1, Д-2)" in refused(squares, code_field="beat")
    strange = feature(polygon(), colour="red")
    assert "colour (red)" in refused(geojson(tmp_path / "s.geojson", strange))
    assert codes(read_boundaries(tmp_path / "s.geojson", code_field="Colour")) == ["red"]


def test_a_field_that_groups_districts_is_not_taken_for_their_code(tmp_path: Path) -> None:
    shapes = [feature(polygon(), sector="1", beat_id=str(n), x_code=n) for n in range(6)]
    assert read_boundaries(geojson(tmp_path / "g.geojson", *shapes)).code_field == "x_code"


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        (None, "row 2 has no geometry"),
        ({"type": "Point", "coordinates": [25, 49]}, "row 2 is a Point, not a polygon"),
        ({"type": "Polygon", "coordinates": []}, "row 2 has an empty geometry"),
        ({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [25, 49]}]}, "not a polygon"),
    ],
)
def test_a_row_that_is_no_polygon_is_named(tmp_path: Path, geometry: dict[str, Any] | None, word: str) -> None:
    assert word in refused(geojson(tmp_path / "r.geojson", feature(polygon(), code="1"), feature(geometry, code="2")))


def test_polygons_are_taken_out_of_a_collection(tmp_path: Path) -> None:
    mixed = {"type": "GeometryCollection", "geometries": [polygon(), {"type": "Point", "coordinates": [25, 49]}]}
    source = read_boundaries(geojson(tmp_path / "c.geojson", feature(mixed, code="1")))
    assert source.features[0].geometry.geom_type == "Polygon"


def test_no_features_no_file_no_known_kind(tmp_path: Path) -> None:
    assert "no " in refused(geojson(tmp_path / "empty.geojson"))
    assert "There is no file" in refused(tmp_path / "absent.geojson")
    (tmp_path / "list.csv").write_text("code,wkt\n1,POLYGON EMPTY\n")
    assert "not a file of a known kind" in refused(tmp_path / "list.csv")
    (tmp_path / "broken.geojson").write_text('{"type": "FeatureCollection", "features": [')
    assert "cannot be read" in refused(tmp_path / "broken.geojson")


def test_a_virtual_file_that_points_elsewhere_is_not_followed(tmp_path: Path, squares: Path) -> None:
    layer = f"<OGRVRTLayer name='x'><SrcDataSource>{squares}</SrcDataSource></OGRVRTLayer>"
    (tmp_path / "d.geojson").write_text(f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>")
    assert "not a file of a known kind" in refused(tmp_path / "d.geojson")
    (tmp_path / "e.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": "/vsicurl/http://127.0.0.1:9/x"})
    )
    refused(tmp_path / "e.geojson")


def test_limits_are_kept(squares: Path) -> None:
    assert "too large" in refused(squares, limits=ReadLimits(file_bytes=10))
    assert "more than 1 features" in refused(squares, limits=ReadLimits(features=1))
    assert "more than 9 vertices" in refused(squares, limits=ReadLimits(vertices=9))
    assert "longer than" in refused(squares, limits=ReadLimits(wall_s=0.001))
    assert refused(squares, limits=ReadLimits(memory_bytes=40_000_000))


def test_a_zip_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.geojson"
    bomb.write_bytes(b"{" + b" " * 50_000_000)
    limits = ReadLimits(unzipped_bytes=5_000_000)
    assert "unpacks to far more" in refused(zipped(tmp_path / "bomb.zip", bomb), limits=limits)
    assert "unpacks to far more" in refused(tmp_path / "bomb.zip")


def test_a_zip_that_climbs_out_of_its_folder_writes_nothing_there(tmp_path: Path) -> None:
    path = tmp_path / "climb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
    refused(path)
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_zip_with_two_sets_or_none_is_refused(tmp_path: Path, squares: Path) -> None:
    other = geojson(tmp_path / "other.geojson", feature(polygon(), code="1"))
    assert "2 files of districts" in refused(zipped(tmp_path / "two.zip", squares, other))
    (tmp_path / "readme.txt").write_text("nothing")
    assert "0 files of districts" in refused(zipped(tmp_path / "none.zip", tmp_path / "readme.txt"))


def test_layers_are_chosen_by_name_when_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "d.gpkg"
    for layer in ("north", "south"):
        box = shapely.to_wkb([shapely.box(25, 49, 25.1, 49.1)])
        write(path, box, "code", [layer], layer=layer, crs="EPSG:4326", driver="GPKG", append=path.exists())
    assert "north, south" in refused(path)
    assert codes(read_boundaries(path, layer="south")) == ["south"]
    assert "no such layer" in refused(path, layer="east")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_whose_content_is_damaged_is_refused(tmp_path: Path, squares: Path, method: int) -> None:
    target = tmp_path / "d.zip"
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.write(squares, squares.name)
    sound = target.read_bytes()
    for place in range(30 + len(squares.name), len(sound) - 100, 7):
        target.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF] * 4) + sound[place + 4 :])
        with pytest.raises(UnreadableBoundaries):
            read_boundaries(target)


@pytest.mark.parametrize(("epsg", "kind"), [(4978, "Geocentric"), (5773, "Vertical")])
def test_a_crs_that_no_map_is_drawn_in_is_refused(squares: Path, epsg: int, kind: str) -> None:
    with pytest.raises(UnreadableBoundaries, match=rf"not a CRS that a map is drawn in \({kind}"):
        read_boundaries(squares, crs_epsg=epsg)


def test_heights_of_a_crs_are_left_out(squares: Path) -> None:
    source = read_boundaries(squares, crs_epsg=4979)
    assert source.crs.to_epsg() == 4326


def test_a_number_of_residents_that_is_none_is_told_with_its_row(tmp_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", feature(polygon(), code="1", people="багато"))
    with pytest.raises(UnreadableBoundaries, match=r"row 1 \(people\)"):
        read_boundaries(path, population_field="people")


def test_villages_are_told_by_their_field(tmp_path: Path) -> None:
    first, second = feature(polygon(), code="1", rural="так"), feature(polygon(NEXT), code="2", rural="ні")
    assert [one.is_rural for one in read_boundaries(geojson(tmp_path / "r.geojson", first, second)).features] == [
        True, False,
    ]  # fmt: skip
