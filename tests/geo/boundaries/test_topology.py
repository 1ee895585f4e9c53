"""Overlaps, gaps, slivers, rings, codes, the outline: what a check finds, and what it leaves alone."""

import math
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.boundaries.features import SourceFeature, merge_same_code
from geo.boundaries.findings import CheckSettings, Finding, Severity
from geo.boundaries.measuring import transform, widths_m
from geo.boundaries.topology import CoverageFindings, check_coverage
from tests.geo.boundaries.shapes import UTM, cell, district, districts, even_corners, grid, outline

TO_WGS84 = Transformer.from_crs(UTM, 4326, always_xy=True)


def check(features: list[SourceFeature], **asked: object) -> CoverageFindings:
    return check_coverage(features, crs=UTM, **asked)  # type: ignore[arg-type]


def only(result: CoverageFindings) -> Finding:
    assert len(result.findings) == 1, [finding.message for finding in result.findings]
    return result.findings[0]


def test_matching_squares_have_no_findings() -> None:
    result = check(districts(cell(0, 0, 500, 500), cell(500, 0, 1000, 500), cell(0, 500, 500, 1000)))
    assert result.findings == []
    assert result.area_m2 == pytest.approx(750_000, rel=2e-3)


def test_nothing_to_check_is_no_finding() -> None:
    assert check_coverage([]).findings == []


def test_a_wide_overlap_is_an_error_with_its_place_area_and_width() -> None:
    found = only(check(districts(cell(0, 0, 520, 500), cell(500, 0, 1000, 500))))
    assert (found.kind, found.severity, found.codes) == ("overlap", Severity.ERROR, ("A", "B"))
    assert found.area_m2 == pytest.approx(10_000, rel=2e-3)
    assert found.width_m == pytest.approx(20, rel=0.02)
    assert found.geometry.intersects(transform(cell(505, 100, 515, 200), TO_WGS84))
    assert "A and B overlap" in found.message
    assert found.message.endswith(f"or import with --repair {math.ceil(found.width_m)}.")
    wide = only(check(districts(cell(0, 0, 600, 500), cell(500, 0, 1000, 500))))
    assert wide.message.endswith("Redraw the border in the source.")  # 100 m: somebody must say whose it is


def test_an_overlap_under_the_tolerance_is_a_sliver_and_a_warning() -> None:
    features = districts(cell(0, 0, 500.5, 500), cell(500, 0, 1000, 500))
    assert (only(check(features)).kind, only(check(features)).severity) == ("sliver_overlap", Severity.WARNING)
    assert only(check(features, tolerance_m=0.3)).kind == "overlap"


def test_two_equal_polygons_overlap_wholly() -> None:
    found = only(check(districts(cell(0, 0, 500, 500), cell(0, 0, 500, 500))))
    assert found.kind == "overlap"
    assert found.area_m2 == pytest.approx(250_000, rel=2e-3)


def test_three_polygons_over_one_place_are_three_pairs() -> None:
    result = check(districts(cell(0, 0, 500, 500), cell(400, 0, 900, 500), cell(450, 0, 950, 500)))
    assert {finding.codes for finding in result.findings if finding.kind == "overlap"} == {
        ("A", "B"), ("A", "C"), ("B", "C"),
    }  # fmt: skip


def ring_of_four(width_m: float) -> list[SourceFeature]:
    """Four districts around a hole 200 m high and `width_m` wide."""
    return districts(
        cell(0, 0, 1000 + width_m, 400),
        cell(0, 400, 500, 600),
        cell(500 + width_m, 400, 1000 + width_m, 600),
        cell(0, 600, 1000 + width_m, 1000),
    )


def hole_findings(features: list[SourceFeature], **asked: object) -> list[Finding]:
    return [finding for finding in check(features, **asked).findings if finding.kind != "unmatched_border"]


def test_a_hole_between_districts_is_an_error_naming_all_around_it() -> None:
    (found,) = hole_findings(ring_of_four(30))
    assert (found.kind, found.severity, found.codes) == ("gap", Severity.ERROR, ("A", "B", "C", "D"))
    assert found.area_m2 == pytest.approx(6_000, rel=2e-3)


def test_a_narrow_hole_is_a_sliver_that_repair_closes() -> None:
    (found,) = hole_findings(ring_of_four(0.6))
    assert (found.kind, found.severity) == ("sliver_gap", Severity.WARNING)
    assert "--repair" in found.message


def test_a_gap_keeps_its_key_when_only_the_tolerance_changes() -> None:
    (narrow,) = hole_findings(ring_of_four(0.6))
    (wide,) = hole_findings(ring_of_four(0.6), tolerance_m=0.2)
    assert (narrow.kind, wide.kind) == ("sliver_gap", "gap")
    assert narrow.key == wide.key


def test_a_lake_inside_one_district_is_an_enclave_and_no_error() -> None:
    shape = cell(0, 0, 500, 500).difference(cell(200, 200, 300, 300))
    found = only(check(districts(shape)))
    assert (found.kind, found.severity, found.codes) == ("enclave", Severity.WARNING, ("A",))


def test_an_island_district_in_a_lake_is_no_second_gap() -> None:
    shape = cell(0, 0, 500, 500).difference(cell(200, 200, 300, 300))
    (found,) = check(districts(shape, cell(240, 240, 260, 260))).findings
    assert found.area_m2 == pytest.approx(9_600, rel=2e-3)


def test_a_hole_that_the_outline_has_too_is_only_a_note() -> None:
    hole = cell(500, 400, 530, 600)
    city = transform(cell(0, 0, 1030, 1000).difference(hole), TO_WGS84)
    (found,) = hole_findings(ring_of_four(30), outline=city)
    assert (found.kind, found.severity) == ("enclave", Severity.NOTE)


def test_two_islands_of_a_city_leave_no_gap_between_them() -> None:
    assert check(districts(cell(0, 0, 500, 500), cell(800, 0, 1300, 500))).findings == []


def test_a_crack_that_runs_out_of_the_city_is_found() -> None:
    found = only(check(districts(cell(0, 0, 500, 500), cell(500.4, 0, 1000, 500))))
    assert (found.kind, found.severity, found.codes) == ("crack", Severity.WARNING, ("A", "B"))
    assert found.area_m2 == pytest.approx(200, rel=0.02)


def test_a_wedge_closed_only_at_a_point_is_an_open_gap() -> None:
    left, right = outline((0, 0), (500, 0), (480, 250), (500, 500), (0, 500)), cell(500, 0, 1000, 500)
    found = only(check(districts(left, right)))
    assert (found.kind, found.severity) == ("open_gap", Severity.ERROR)


def test_borders_with_other_vertices_are_noted_not_blamed() -> None:
    left = outline((0, 0), (500, 0), (500, 250), (500, 500), (0, 500))
    found = only(check(districts(left, cell(500, 0, 1000, 500))))
    assert (found.kind, found.severity) == ("unmatched_border", Severity.NOTE)


def test_a_hair_crossing_is_repaired_and_said() -> None:
    crossing = outline((0, 0), (500, 0), (500, 500), (250.01, 500), (249.99, 500.01), (250.02, 500.01), (0, 500))
    result = check(districts(crossing))
    assert only(result).kind == "repaired_ring"
    assert result.features[0].geometry.is_valid


def test_a_bow_tie_is_an_error_because_its_area_is_a_guess() -> None:
    found = only(check(districts(outline((0, 0), (500, 500), (500, 0), (0, 400)))))
    assert (found.kind, found.severity) == ("invalid_ring", Severity.ERROR)


def test_a_code_given_twice_is_an_error_until_the_parts_are_merged() -> None:
    parts = [district("7", cell(0, 0, 500, 500), row=1), district("7", cell(500, 0, 1000, 500), row=2)]
    found = only(check(parts))
    assert (found.kind, found.codes) == ("duplicate_code", ("7",))
    assert "--merge-same-code" in found.message
    (whole,) = merge_same_code(parts)
    assert whole.geometry.equals(cell(0, 0, 1000, 500))
    assert check([whole]).findings == []


def test_merging_adds_up_different_populations_and_keeps_an_equal_one() -> None:
    a, b = cell(0, 0, 500, 500), cell(500, 0, 1000, 500)
    assert merge_same_code([district("1", a, population=10), district("1", b, population=20)])[0].population == 30
    assert merge_same_code([district("1", a, population=10), district("1", b, population=10)])[0].population == 10


def test_a_missing_code_and_a_missing_name_are_named_by_row_and_code() -> None:
    nameless = SourceFeature("", "", cell(0, 0, 500, 500), row=3), SourceFeature("B", "", cell(500, 0, 1000, 500), 4)
    kinds = {finding.kind: finding for finding in check(list(nameless)).findings}
    assert "row 3" in kinds["missing_code"].message
    assert kinds["missing_name"].codes == ("B",)


def test_a_crumb_of_a_district_is_a_warning() -> None:
    crumbs = shapely.MultiPolygon([cell(0, 0, 500, 500), cell(600, 0, 605, 5)])
    found = only(check(districts(crumbs)))
    assert (found.kind, found.area_m2) == ("tiny_part", pytest.approx(25, rel=0.01))


def test_more_people_than_one_officer_may_serve_is_a_warning() -> None:
    found = only(check([district("A", cell(0, 0, 500, 500), population=7001)]))
    assert (found.kind, found.facts["residents"], found.facts["limit"]) == ("too_populous", 7001, 7000)
    assert "7,001" in found.message
    assert check([district("A", cell(0, 0, 500, 500), population=7000)]).findings == []
    village = CheckSettings(population_limit=6000)
    assert only(check([district("A", cell(0, 0, 500, 500), population=6001)], settings=village)).kind == "too_populous"


def test_the_outline_shows_what_is_outside_and_what_is_uncovered() -> None:
    city = transform(cell(0, 0, 900, 500), TO_WGS84)
    result = check(districts(cell(0, 0, 500, 500), cell(500, 0, 1000, 400)), outline=city)
    found = {finding.kind: finding for finding in result.findings if finding.kind != "unmatched_border"}
    assert found["outside_outline"].codes == ("B",)
    assert found["outside_outline"].area_m2 == pytest.approx(40_000, rel=2e-3)
    assert found["uncovered_outline"].severity == Severity.ERROR
    assert found["uncovered_outline"].area_m2 == pytest.approx(40_000, rel=2e-3)
    assert "beside A and B" in found["uncovered_outline"].message


def test_an_outline_drawn_by_another_hand_within_the_tolerance_is_silent() -> None:
    city = transform(cell(-0.3, -0.3, 1000.3, 499.7), TO_WGS84)
    assert check(districts(cell(0, 0, 500, 500), cell(500, 0, 1000, 500)), outline=city).findings == []


def test_areas_of_degrees_and_of_metres_agree() -> None:
    features = districts(cell(0, 0, 520, 500), cell(500, 0, 1000, 500))
    degrees = [SourceFeature(one.code, one.name, transform(one.geometry, TO_WGS84)) for one in features]
    assert only(check_coverage(degrees)).area_m2 == pytest.approx(only(check(features)).area_m2, rel=1e-4)


def test_a_width_is_that_of_the_widest_place() -> None:
    places = np.array([shapely.box(0, 0, 1000, 2), shapely.box(0, 0, 3, 3), shapely.Point(0, 0).buffer(50, 64)])
    assert widths_m(places) == pytest.approx([2, 3, 100], rel=0.02)


moves = st.integers(min_value=0, max_value=2**31)


def shaken(seed: int, rows: int = 4, columns: int = 5) -> np.ndarray:
    corners = even_corners(rows, columns)
    return corners + np.random.default_rng(seed).uniform(-120, 120, corners.shape)


@given(seed=moves)
@settings(max_examples=40, deadline=None)
def test_a_shaken_grid_has_no_findings(seed: int) -> None:
    assert check(grid(shaken(seed))).findings == []


@given(seed=moves, row=st.integers(1, 2), column=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_cell_taken_out_is_one_gap_of_its_area(seed: int, row: int, column: int) -> None:
    features = grid(shaken(seed))
    taken = features.pop(row * 5 + column)
    found = only(check(features))
    assert found.kind == "gap"
    assert found.area_m2 == pytest.approx(taken.geometry.area, rel=2e-3)


@given(seed=moves, shift=st.floats(2, 60))
@settings(max_examples=40, deadline=None)
def test_a_corner_moved_in_one_district_is_an_overlap_or_a_gap_of_what_it_crossed(seed: int, shift: float) -> None:
    corners = shaken(seed)
    features = grid(corners)
    moved = corners.copy()
    moved[2, 2] += (shift, -shift / 3)
    features[7] = grid(moved)[7]
    before, after = grid(corners)[7].geometry, features[7].geometry
    found = [finding for finding in check(features, tolerance_m=0.01).findings if finding.kind != "unmatched_border"]
    areas = Counter[str]()
    for finding in found:
        areas[finding.kind.removeprefix("sliver_")] += finding.area_m2 or 0
    assert areas["gap"] == pytest.approx(before.difference(after).area, rel=5e-3, abs=0.1)
    assert areas["overlap"] == pytest.approx(after.difference(before).area, rel=5e-3, abs=0.1)
