"""Import of boundaries: nothing changes on failure, errors block, what is accepted stays on record."""

import json
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from geo.boundaries.activation import ActivationRefused, activate_edition
from geo.boundaries.findings import Finding, Severity
from geo.boundaries.importing import (
    EXTRA_CHECKS,
    BoundariesRefused,
    ImportOptions,
    accept_finding,
    check_file,
    commit_boundaries,
    reject_edition,
)
from geo.boundaries.report import BoundaryReport
from geo.models import BorderPiece, BoundaryEdition, City, District, SimplifiedBoundary
from tests.world import World, square

WITH_GAP = {"1": square(25.0, 49.99), "2": square(25.012, 49.99), "4": shapely.box(25.0, 49.98, 25.03, 49.99),
            "5": shapely.box(25.0, 50.0, 25.03, 50.01), "6": square(25.022, 49.99)}  # fmt: skip


def write(path: Path, shapes: dict[str, shapely.Geometry], **extra: object) -> Path:
    features = [
        {"type": "Feature", "properties": {"code": code, "name": f"Дільниця {code}", **extra},
         "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in shapes.items()
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def clean_file(tmp_path: Path) -> Path:
    return write(tmp_path / "clean.geojson", {"1": square(25.0, 49.99), "2": square(25.01, 49.99)})


@pytest.fixture
def gap_file(tmp_path: Path) -> Path:
    return write(tmp_path / "gap.geojson", WITH_GAP)


def test_dry_run_changes_nothing(world: World, clean_file: Path, capsys) -> None:
    call_command("import_boundaries", str(clean_file), city="kvadraty")
    assert "Nothing was changed" in capsys.readouterr().out
    assert BoundaryEdition.objects.count() == 1


def test_commit_records_an_edition_with_its_report_border_and_drawings(world: World, clean_file: Path) -> None:
    call_command("import_boundaries", str(clean_file), city="kvadraty", commit=True)
    edition = BoundaryEdition.objects.get(number=2)
    assert edition.errors == 0
    assert edition.report["source"]["file"] == "clean.geojson"
    assert BorderPiece.objects.filter(edition=edition).count() == 2
    assert not edition.periods.exists()
    assert not SimplifiedBoundary.objects.filter(boundary__edition=edition).exists()
    activate_edition(edition, by="tests", now=timezone.now())
    assert SimplifiedBoundary.objects.filter(boundary__edition=edition).count() == 8


def test_districts_keep_their_names_and_new_ones_are_created(world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "new.geojson", {"1": square(25.0, 49.99), "9": square(25.01, 49.99)})
    call_command("import_boundaries", str(file), city="kvadraty", commit=True)
    assert dict(District.objects.values_list("code", "name_uk")) == {
        "1": "Північна", "2": "Середня", "3": "Південна", "9": "Дільниця 9",
    }  # fmt: skip


def test_the_comparison_tells_what_is_added_removed_and_moved(world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "new.geojson", {"1": square(25.0, 49.99), "2": shapely.box(25.01, 49.99, 25.015, 50.0),
                                            "9": shapely.box(25.015, 49.99, 25.02, 50.0)})  # fmt: skip
    report = check_file(world.city, file, ImportOptions(), now=timezone.now()).report
    changes = {change["code"]: (str(change["kind"]), round(change["share"], 2)) for change in report.comparison}
    assert changes == {"9": ("added", 1.0), "3": ("removed", 1.0), "2": ("moved", 0.5)}


def test_boundaries_with_a_hole_are_recorded_but_cannot_be_put_in_force(world: World, gap_file: Path) -> None:
    checked = check_file(world.city, gap_file, ImportOptions(), now=timezone.now())
    assert {found.kind for found in checked.report.errors()} == {"gap"}
    with pytest.raises(BoundariesRefused):
        commit_boundaries(checked, by="tests", now=timezone.now(), activate=True)
    assert BoundaryEdition.objects.count() == 1
    edition = commit_boundaries(checked, by="tests", now=timezone.now())
    with pytest.raises(ActivationRefused):
        activate_edition(edition, by="tests", now=timezone.now())


def test_a_named_gap_can_be_accepted_on_record(world: World, gap_file: Path) -> None:
    now = timezone.now()
    edition = commit_boundaries(check_file(world.city, gap_file, ImportOptions(), now=now), by="tests", now=now)
    keys = [found.key for found in BoundaryReport.from_data(edition.report).errors()]
    with pytest.raises(ValueError, match="record"), translation.override("en"):
        accept_finding(edition, keys[0], by="олена", reason=" ", now=now)
    with pytest.raises(KeyError):
        accept_finding(edition, "no such key", by="олена", reason="озеро", now=now)
    for key in keys:
        edition = accept_finding(edition, key, by="олена", reason="озеро", now=now)
    assert edition.accepted[keys[0]]["by"] == "олена"
    activate_edition(edition, by="tests", now=timezone.now())
    assert edition.periods.count() == 1


def test_a_rejected_edition_stays_on_record_and_out_of_force(world: World, clean_file: Path) -> None:
    now = timezone.now()
    edition = commit_boundaries(check_file(world.city, clean_file, ImportOptions(), now=now), by="tests", now=now)
    reject_edition(edition, by="tests", now=now)
    with pytest.raises(ActivationRefused):
        activate_edition(edition, by="tests", now=now)
    with pytest.raises(ValueError, match="force"), translation.override("en"):
        reject_edition(world.edition, by="tests", now=now)


def test_codes_given_twice_are_never_recorded(world: World, tmp_path: Path) -> None:
    file = tmp_path / "twice.geojson"
    write(file, {"1": square(25.0, 49.99), "2": square(25.01, 49.99)})
    file.write_text(file.read_text().replace('"code": "2"', '"code": "1"'))
    checked = check_file(world.city, file, ImportOptions(code_field="code"), now=timezone.now())
    with pytest.raises(BoundariesRefused):
        commit_boundaries(checked, by="tests", now=timezone.now())
    options = ImportOptions(code_field="code", merge_same_code=True)
    merged = check_file(world.city, file, options, now=timezone.now())
    assert not merged.report.has_errors()
    assert [district.code for district in merged.districts] == ["1"]


def test_repair_closes_a_sliver_and_says_what_moved(world: World, tmp_path: Path) -> None:
    file = write(
        tmp_path / "sliver.geojson", {"1": square(25.0, 49.99), "2": shapely.box(25.010004, 49.99, 25.02, 50.0)}
    )
    options = ImportOptions(tolerance_m=0.1, repair_m=1.0)
    checked = check_file(world.city, file, options, now=timezone.now())
    assert shapely.coverage_is_valid([district.geometry for district in checked.districts])
    assert shapely.union_all([district.geometry for district in checked.districts]).geom_type == "Polygon"
    assert checked.report.moved


def test_rooms_above_add_findings_of_their_own(world: World, clean_file: Path, monkeypatch) -> None:
    finding = Finding(kind="no_officer", severity=Severity.WARNING, message="District 2 has nobody.", codes=("2",))
    monkeypatch.setattr("geo.boundaries.importing.EXTRA_CHECKS", [*EXTRA_CHECKS, lambda *_: [finding]])
    assert finding in check_file(world.city, clean_file, ImportOptions(), now=timezone.now()).report.findings


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ({"city": "nema"}, 2, "kvadraty"),
        ({"city": "kvadraty", "activate": True}, 2, "--commit"),
        ({"city": "kvadraty", "code_field": "nema"}, 1, "nema"),
    ],
)
def test_wrong_use_and_refusals_have_their_own_exit_codes(
    world: World, clean_file: Path, arguments: dict[str, object], code: int, words: str
) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        call_command("import_boundaries", str(clean_file), **arguments)
    assert refused.value.returncode == code


def test_a_dry_run_with_errors_exits_with_1(world: World, gap_file: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("import_boundaries", str(gap_file), city="kvadraty")
    assert ended.value.code == 1


def test_the_report_is_written_as_json(world: World, clean_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    call_command("import_boundaries", str(clean_file), city="kvadraty", report=target)
    assert BoundaryReport.from_json(target.read_text()).counts["districts"] == 2


def test_check_boundaries_checks_what_is_in_force_again(world: World, capsys) -> None:
    call_command("check_boundaries", city="kvadraty")
    assert "0 errors" in capsys.readouterr().out


def test_add_city_refuses_a_slug_that_hides_a_page_of_the_site(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("add_city", "staff", name_uk="Стаф")
    assert not City.objects.exists()
