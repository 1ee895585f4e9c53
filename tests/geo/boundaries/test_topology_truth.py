"""Real boundaries, and what is known to be wrong with them (../shared/data/README.md)."""

from collections import Counter
from pathlib import Path

import pytest
import shapely

from geo.boundaries.features import geometry_array, merge_same_code
from geo.boundaries.reading import BoundarySource, read_boundaries
from geo.boundaries.repair import repair_coverage
from geo.boundaries.topology import CoverageFindings, check_coverage


@pytest.fixture(scope="session")
def real(shared_data: Path) -> Path:
    return shared_data / "boundaries"


def check(source: BoundarySource) -> CoverageFindings:
    return check_coverage(source.features, crs=source.crs, tolerance_m=1.0)


def kinds(checked: CoverageFindings) -> dict[str, int]:
    return dict(Counter(finding.kind for finding in checked.findings))


def larger(checked: CoverageFindings, kind: str, area_m2: float) -> int:
    return sum(f.kind in {kind, f"sliver_{kind}"} and (f.area_m2 or 0) > area_m2 for f in checked.findings)


def total_km2(checked: CoverageFindings, kind: str) -> float:
    return sum(f.area_m2 or 0 for f in checked.findings if f.kind in {kind, f"sliver_{kind}"}) / 1e6


def test_clean_chicago_has_one_code_three_times_and_nothing_else(real: Path) -> None:
    source = read_boundaries(real / "chicago_police_beats_2012.geojson")
    checked = check(source)
    assert (source.code_field, len(source.features)) == ("BEAT_NUM", 277)
    assert [(finding.kind, finding.codes) for finding in checked.findings] == [("duplicate_code", ("3100",))]
    assert "stands 3 times" in checked.findings[0].message
    merged = merge_same_code(source.features)
    assert len(merged) == 275
    assert check_coverage(merged, crs=source.crs).findings == []


def test_london_has_its_two_crossings_in_the_source_crs(real: Path) -> None:
    source = read_boundaries(real / "london_wards.zip")
    assert (source.code_field, source.name_field, len(source.features)) == ("GSS_CODE", "NAME", 654)
    assert "EPSG" not in source.crs_label
    assert kinds(check(source)) == {"repaired_ring": 2}
    west, south, east, north = shapely.total_bounds(source.to_wgs84(geometry_array(source.features)))
    assert (west, south, east, north) == pytest.approx((-0.51, 51.29, 0.33, 51.69), abs=0.01)


def test_nottingham_has_none(real: Path) -> None:
    source = read_boundaries(real / "nottingham_wards.gpkg")
    assert (source.code_field, source.name_field) == ("ward_code", "ward_name")
    assert check(source).findings == []


def test_chicago_districts_in_kml_are_a_coverage(real: Path) -> None:
    assert kinds(check(read_boundaries(real / "chicago_police_districts.kml"))) == {"duplicate_code": 1}


def test_new_york_has_nine_bad_rings_three_hair_overlaps_and_no_real_gap(real: Path) -> None:
    source = read_boundaries(real / "nypd_sector.json")
    checked = check(source)
    assert len(source.features) == 303
    assert kinds(checked)["repaired_ring"] == 9
    assert larger(checked, "overlap", 1) == 3
    assert not checked.has_errors()


def test_vancouver_has_ten_overlaps_and_six_gaps_over_100_m2(real: Path) -> None:
    checked = check(read_boundaries(real / "vancouver_neighbourhoods.geojson"))
    assert (larger(checked, "overlap", 0), larger(checked, "overlap", 1000)) == (10, 6)
    assert larger(checked, "gap", 100) == 6


def test_broken_chicago_is_refused_with_its_known_overlaps_and_gaps(real: Path) -> None:
    checked = check(read_boundaries(real / "chicago_police_beats_simplified_broken.geojson"))
    assert checked.has_errors()
    assert larger(checked, "overlap", 1) == 362
    assert abs(larger(checked, "overlap", 1000) - 84) <= 2
    assert total_km2(checked, "overlap") == pytest.approx(0.2848, abs=0.0005)
    assert abs(larger(checked, "gap", 100) - 183) <= 4
    assert total_km2(checked, "gap") == pytest.approx(0.2358, abs=0.0005)


def test_broken_chicago_is_a_coverage_after_repair_with_the_tolerance_of_its_slivers(real: Path) -> None:
    source = read_boundaries(real / "chicago_police_beats_simplified_broken.geojson")
    checked = check_coverage(merge_same_code(source.features), crs=source.crs)
    widest = max(f.width_m or 0 for f in checked.findings if f.kind in {"overlap", "gap", "open_gap"})
    assert 10 < widest < 11.1
    repair = repair_coverage(checked.features, tolerance_m=11.1, crs=source.crs)
    assert repair.is_valid
    assert shapely.coverage_is_valid(geometry_array(repair.features))
    assert 0 < repair.max_shift_m <= 11.1
    assert len(repair.moved) > 200
    assert check_coverage(repair.features, crs=source.crs).findings == []


@pytest.mark.prove
@pytest.mark.parametrize("tolerance_m", [0.5, 1, 2, 3, 5, 8, 10])
def test_a_repair_with_too_small_a_tolerance_only_ever_helps(real: Path, tolerance_m: float) -> None:
    source = read_boundaries(real / "chicago_police_beats_simplified_broken.geojson")
    checked = check_coverage(merge_same_code(source.features), crs=source.crs, tolerance_m=tolerance_m)
    repair = repair_coverage(checked.features, tolerance_m=tolerance_m, crs=source.crs)
    after = check_coverage(repair.features, crs=source.crs, tolerance_m=tolerance_m)
    assert len(after.findings) < len(checked.findings)
    assert repair.max_shift_m <= tolerance_m
    old_lines = shapely.union_all(shapely.boundary(geometry_array(checked.features)))
    points = shapely.points(shapely.get_coordinates(geometry_array(repair.features)))
    assert shapely.distance(points, old_lines).max() <= tolerance_m / 80_000
