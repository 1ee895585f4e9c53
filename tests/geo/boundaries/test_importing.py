"""Import of boundaries: nothing changes on failure, errors block, what is accepted stays on record."""

import json
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
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
from geo.boundaries.recording import DrawnDistrict, record_edition
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
    assert "Нічого не змінено" in capsys.readouterr().out
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


BOWTIE = shapely.Polygon([(25.01, 49.99), (25.02, 50.0), (25.02, 49.99), (25.01, 50.0)])
FLAT = shapely.Polygon([(25.01, 49.99), (25.02, 50.0), (25.01, 49.99)])
HAIR = shapely.Polygon([(25.01, 49.99), (25.02, 49.99), (25.02, 50.0), (25.0150001, 50.0), (25.0149999, 50.0000001),
                        (25.0150002, 50.0000001), (25.01, 50.0)])  # fmt: skip
"""A square whose upper border crosses itself by a hair: mended, and said."""


@pytest.mark.parametrize("repair_m", [None, 1.0])
@pytest.mark.parametrize("broken", [BOWTIE, FLAT])
def test_a_refused_outline_stays_refused_with_repair(
    world: World, tmp_path: Path, broken: shapely.Polygon, repair_m: float | None
) -> None:
    file = write(tmp_path / "broken.geojson", {"1": square(25.0, 49.99), "2": broken})
    checked = check_file(world.city, file, ImportOptions(repair_m=repair_m), now=timezone.now())
    assert [(found.kind, found.codes) for found in checked.report.errors()] == [("invalid_ring", ("2",))]
    with pytest.raises(BoundariesRefused):
        commit_boundaries(checked, by="tests", now=timezone.now())


def test_a_file_of_nothing_but_lines_is_refused(world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "flat.geojson", {"1": FLAT})
    checked = check_file(world.city, file, ImportOptions(repair_m=1), now=timezone.now())
    assert [found.kind for found in checked.report.errors()] == ["invalid_ring"]


def test_a_mended_outline_is_told_with_repair_too(world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "hair.geojson", {"1": square(25.0, 49.99), "2": HAIR})
    for repair_m in (None, 1.0):
        report = check_file(world.city, file, ImportOptions(repair_m=repair_m), now=timezone.now()).report
        assert [found.kind for found in report.findings if "ring" in found.kind] == ["repaired_ring"]


def test_a_refused_part_is_not_hidden_by_joining_it_with_another(world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "parts.geojson", {"1": square(25.0, 49.99), "2": BOWTIE, "3": square(25.02, 49.99)})
    file.write_text(file.read_text().replace('"code": "3"', '"code": "2"'))
    options = ImportOptions(code_field="code", merge_same_code=True)
    report = check_file(world.city, file, options, now=timezone.now()).report
    assert [found.kind for found in report.errors()] == ["invalid_ring"]


def test_the_database_refuses_an_empty_outline(world: World) -> None:
    drawn = [DrawnDistrict("1", "Північна", shapely.MultiPolygon())]
    with pytest.raises(IntegrityError, match="district_boundary_valid"), transaction.atomic():
        record_edition(city=world.city, districts=drawn, source="", recorded_at=timezone.now(), recorded_by="tests")


def labelled(path: Path, **properties: object) -> Path:
    """A file of one district with these properties."""
    shape = json.loads(shapely.to_geojson(square(25.0, 49.99)))
    row = {"type": "Feature", "properties": properties, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [row]}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("properties", "kind", "words"),
    [
        ({"code": "12;1"}, "unusable_code", "'12;1' in row 1"),
        ({"code": "write"}, "unusable_code", "privacy, questions, rights, streets, write"),
        ({"code": "1" * 41}, "unusable_code", "at most 40 characters"),
        ({"code": "9", "name": "н" * 161}, "long_name", "district 9 has 161 characters"),
        ({"code": "9", "name": "н", "name_en": "n" * 161}, "long_name", "district 9 has 161 characters"),
    ],
)
def test_a_label_that_cannot_be_kept_is_an_error_that_names_it(
    world: World, tmp_path: Path, properties: dict[str, str], kind: str, words: str
) -> None:
    checked = check_file(
        world.city, labelled(tmp_path / "l.geojson", **properties), ImportOptions(), now=timezone.now()
    )
    [error] = checked.report.errors()
    assert error.kind == kind
    assert words in error.message
    with pytest.raises(BoundariesRefused):
        commit_boundaries(checked, by="tests", now=timezone.now())


def test_a_number_like_12_1_is_a_code_of_a_district_with_a_page(world: World, tmp_path: Path, client: Client) -> None:
    file = labelled(tmp_path / "n.geojson", code="12/1", name="Дванадцята")
    call_command("import_boundaries", str(file), city="kvadraty", commit=True, activate=True)
    assert 'href="/kvadraty/12/1/"' in client.get("/kvadraty/").content.decode()
    assert client.get("/kvadraty/12/1/").status_code == 200


@pytest.mark.parametrize(
    ("residents", "rural", "known_rural", "told"),
    [
        (99_999, False, False, ["99,999 residents, more than the 7,000"]),
        (7_000, False, False, []),
        (6_001, True, False, ["6,001 residents, more than the 6,000"]),
        (6_001, False, True, ["6,001 residents, more than the 6,000"]),
    ],
)
def test_residents_are_read_checked_by_the_limit_of_the_district_and_kept(
    world: World, tmp_path: Path, residents: int, rural: bool, known_rural: bool, told: list[str]
) -> None:
    District.objects.filter(code="1").update(rural=known_rural)
    file = write(tmp_path / "people.geojson", {"1": square(25.0, 49.99), "9": square(25.01, 49.99)})
    file.write_text(
        file.read_text().replace('"code": "1"', f'"code": "1", "Населення": {residents}, "rural": {int(rural)}')
    )
    checked = check_file(world.city, file, ImportOptions(), now=timezone.now())
    found = [one.message for one in checked.report.findings if one.kind == "too_populous"]
    assert [words in message for message, words in zip(found, told, strict=True)] == [True] * len(told)
    edition = commit_boundaries(checked, by="tests", now=timezone.now())
    assert dict(edition.boundaries.values_list("district__code", "population")) == {"1": residents, "9": None}
    assert checked.report.source["population_field"] == "Населення"


def test_the_field_of_residents_can_be_named(world: World, tmp_path: Path) -> None:
    file = labelled(tmp_path / "l.geojson", code="9", adults=99_999)
    call_command("import_boundaries", str(file), city="kvadraty", population_field="adults", commit=True)
    assert BoundaryEdition.objects.get(number=2).boundaries.get().population == 99_999


def test_districts_of_villages_are_created_as_such(world: World, tmp_path: Path) -> None:
    file = labelled(tmp_path / "l.geojson", code="9", rural=True)
    call_command("import_boundaries", str(file), city="kvadraty", commit=True)
    assert District.objects.get(code="9").rural


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


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("--repair=0", "більша за 0 і менша за 1000"),
        ("--repair=nan", "більша за 0 і менша за 1000"),
        ("--tolerance=wide", "більша за 0 і менша за 1000"),
        (f"--source={'д' * 301}", "щонайбільше 300"),
        (f"--licence={'д' * 201}", "щонайбільше 200"),
        ("--valid-from=0001-01-01", "не є датою"),
    ],
)
def test_an_argument_that_cannot_be_is_told(world: World, clean_file: Path, argument: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_boundaries", str(clean_file), "--city=kvadraty", "--commit", "--activate", argument)
    assert BoundaryEdition.objects.count() == 1


def test_a_long_file_name_is_kept_in_part(world: World, clean_file: Path) -> None:
    file = clean_file.rename(clean_file.with_name(f"{'d' * 230}.geojson"))
    call_command("import_boundaries", str(file), city="kvadraty", commit=True)
    assert BoundaryEdition.objects.get(number=2).recorded_by.startswith("import_boundaries dddd")


def test_a_dry_run_with_errors_exits_with_1(world: World, gap_file: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("import_boundaries", str(gap_file), city="kvadraty")
    assert ended.value.code == 1


def test_the_report_is_written_as_json(world: World, clean_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    call_command("import_boundaries", str(clean_file), city="kvadraty", report=target)
    assert BoundaryReport.from_data(json.loads(target.read_text())).counts["districts"] == 2


def test_check_boundaries_checks_what_is_in_force_again(world: World, capsys) -> None:
    call_command("check_boundaries", city="kvadraty")
    assert "Помилок: 0" in capsys.readouterr().out


def test_add_city_refuses_a_slug_that_hides_a_page_of_the_site(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("add_city", "staff", name_uk="Стаф")
    assert not City.objects.exists()
