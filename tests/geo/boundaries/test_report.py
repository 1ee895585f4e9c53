"""The report comes back from JSON as it was."""

import json

import pytest

from geo.boundaries.findings import Finding, Severity
from geo.boundaries.report import BoundaryReport
from geo.boundaries.topology import check_coverage
from tests.geo.boundaries.shapes import UTM, cell, district, districts


@pytest.fixture
def report() -> BoundaryReport:
    features = districts(cell(0, 0, 520, 500), cell(500, 0, 1000, 500), cell(1000.4, 0, 1500, 500))
    checked = check_coverage([*features, district("A", cell(3000, 0, 3500, 500))], crs=UTM)
    return BoundaryReport(
        source={"file": "межі.geojson", "crs": "WGS 84 (EPSG:4326)"},
        settings={"tolerance_m": 1.0},
        counts={"districts": 4},
        findings=checked.findings,
        comparison=[{"code": "A", "change": "moved", "area_m2": 12.5}],
    )


def test_the_report_comes_back_from_json(report: BoundaryReport) -> None:
    again = BoundaryReport.from_data(json.loads(report.to_json()))
    assert again.to_json() == report.to_json()
    assert again.findings[1].geometry.equals_exact(report.findings[1].geometry, 1e-7)
    assert [finding.key for finding in again.findings] == [finding.key for finding in report.findings]


def test_facts_of_a_finding_come_back_and_an_earlier_report_has_none() -> None:
    told = Finding("too_populous", Severity.WARNING, "Too many.", ("1",), facts={"name": "Центр", "residents": 7001})
    data = BoundaryReport(findings=[told]).to_data()
    assert BoundaryReport.from_data(data).findings == [told]
    del data["findings"][0]["facts"]
    assert BoundaryReport.from_data(data).findings[0].facts == {}


def test_an_accepted_error_no_longer_blocks(report: BoundaryReport) -> None:
    assert report.has_errors()
    keys = {finding.key for finding in report.errors()}
    assert len(keys) == 2
    assert not report.has_errors(accepted_keys=frozenset(keys))


def test_the_map_gets_every_place(report: BoundaryReport) -> None:
    collection = report.to_geojson()
    assert {one["properties"]["kind"] for one in collection["features"]} == {"duplicate_code", "overlap", "crack"}


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        BoundaryReport.from_data({})
