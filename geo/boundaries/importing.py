"""Bring a city's boundaries in: read the file, check it, compare it with what is in force, and record an edition.

`check_file` changes nothing and gives everything there is to know; `commit_boundaries` records it as an edition.
"""

import dataclasses
import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from geo.boundaries.activation import activate_edition
from geo.boundaries.comparison import compare
from geo.boundaries.features import SourceFeature, geometry_array, merge_same_code
from geo.boundaries.findings import CheckSettings, Finding, Kind, worst_first
from geo.boundaries.reading import read_boundaries
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.boundaries.repair import Moved, repair_coverage
from geo.boundaries.report import BoundaryReport
from geo.boundaries.rings import check_rings
from geo.boundaries.topology import CoverageFindings, check_coverage
from geo.boundaries.unreadable import ReadLimits
from geo.models import BoundaryEdition, City, District, DistrictBoundary, EditionPeriod
from geo.moments import local_day

ExtraCheck = Callable[[City, datetime.date, dict[str, str]], list[Finding]]
"""A check of an app above: city, local day, code -> name in the new boundaries; returns findings for the report."""

EXTRA_CHECKS: list[ExtraCheck] = []


class BoundariesRefused(Exception):
    """The boundaries cannot be recorded as they are; `report` says why. Nothing was changed."""

    def __init__(self, message: str, report: BoundaryReport) -> None:
        super().__init__(message)
        self.report = report


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to read and check a file: see `import_boundaries --help`. `repair_m` is None when nothing is repaired."""

    code_field: str | None = None
    name_field: str | None = None
    population_field: str | None = None
    layer: str | None = None
    crs_epsg: int | None = None
    merge_same_code: bool = False
    tolerance_m: float = 1.0
    repair_m: float | None = None
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class CheckedBoundaries:
    """Boundaries that were read and checked for a city: what would be recorded, and the report on it."""

    city: City
    districts: list[DrawnDistrict]
    report: BoundaryReport
    source: str
    licence: str
    sha256: str


def check_file(city: City, path: Path, options: ImportOptions, *, now: datetime.datetime) -> CheckedBoundaries:
    """Read and check a file for a city; nothing is changed.

    Raises UnreadableBoundaries (the file, a field, the CRS), RepairMovesTooMuch, TooTangled.
    """
    source = read_boundaries(
        path,
        code_field=options.code_field,
        name_field=options.name_field,
        population_field=options.population_field,
        layer=options.layer,
        crs_epsg=options.crs_epsg,
        limits=replace(ReadLimits(), file_bytes=settings.IMPORT_MAX_BYTES),
    )
    report = BoundaryReport(
        source={
            "file": source.file_name,
            "format": source.driver,
            "crs": source.crs_label,
            "code_field": source.code_field,
            "name_field": source.name_field,
            "population_field": source.population_field,
            "sha256": source.sha256,
        }
    )
    checked, moved = check_features(city, source.features, crs_wkt=source.crs_wkt, options=options)
    districts = drawn_districts(checked.features, source.to_wgs84(geometry_array(checked.features)))
    complete_report(report, city, checked, districts, moved, options, now=now)
    return CheckedBoundaries(
        city=city,
        districts=districts,
        report=report,
        source=options.source or source.file_name,
        licence=options.licence,
        sha256=source.sha256,
    )


def check_features(
    city: City, features: list[SourceFeature], *, crs_wkt: str, options: ImportOptions
) -> tuple[CoverageFindings, list[Moved]]:
    """Check features in their own CRS against the city's outline, having joined and repaired them as the options say.

    Rings come first: joined or repaired, an outline no longer tells what was wrong with it. While one of them is
    refused nothing is repaired, since its borders are a guess.
    """
    outline = shapely.from_wkb(bytes(city.outline.wkb)) if city.outline else None
    settings = CheckSettings(
        tolerance_m=options.tolerance_m,
        population_limit=District.MAX_RESIDENTS_URBAN,
        rural_population_limit=District.MAX_RESIDENTS_RURAL,
    )
    rural = set(District.objects.filter(city=city, rural=True).values_list("code", flat=True))
    features = [replace(feature, is_rural=feature.is_rural or feature.code in rural) for feature in features]
    rings = check_rings(features, crs=crs_wkt, settings=settings)
    features = merge_same_code(rings.features) if options.merge_same_code else rings.features
    moved: list[Moved] = []
    if options.repair_m is not None and rings.are_sound:
        repair = repair_coverage(features, tolerance_m=options.repair_m, crs=crs_wkt)
        features, moved = repair.features, repair.moved
    checked = check_coverage(features, crs=crs_wkt, outline=outline, settings=settings)
    return replace(checked, findings=worst_first([*rings.findings, *checked.findings])), moved


def drawn_districts(features: list[SourceFeature], geometries: np.ndarray | None = None) -> list[DrawnDistrict]:
    """Name the polygons as the edition draws them; an English name is taken where the file has one.

    `geometries` are theirs in EPSG:4326, where the features stand in another CRS. Reprojection can cross a hair's
    breadth of a ring: such a ring is made valid here.
    """
    geometries = geometry_array(features) if geometries is None else geometries
    broken = ~shapely.is_valid(geometries)
    geometries = geometries.copy()
    geometries[broken] = shapely.make_valid(geometries[broken], method="structure", keep_collapsed=False)
    return [
        DrawnDistrict(
            code=feature.code,
            name_uk=feature.name or feature.code,
            name_en=feature.name_en,
            geometry=geometry,
            population=feature.population,
            rural=feature.is_rural,
        )
        for feature, geometry in zip(features, geometries, strict=True)
    ]


def complete_report(
    report: BoundaryReport,
    city: City,
    checked: CoverageFindings,
    districts: list[DrawnDistrict],
    moved: list[Moved],
    options: ImportOptions,
    *,
    now: datetime.datetime,
) -> None:
    """Fill the report: settings, counts, findings of this room and of those above, and the comparison."""
    report.settings = {
        "tolerance_m": options.tolerance_m,
        "repair_m": options.repair_m,
        "working_crs": checked.working_crs,
    }
    report.counts = {
        "districts": len(districts),
        "vertices": int(shapely.get_num_coordinates([district.geometry for district in districts]).sum()),
        "area_km2": round(checked.area_m2 / 1e6, 3),
    }
    report.moved = [dataclasses.asdict(one) for one in moved]
    report.findings = list(checked.findings)
    names = {district.code: district.name_uk for district in districts}
    for extra_check in EXTRA_CHECKS:
        report.findings += extra_check(city, local_day(now), names)
    if in_force := boundaries_in_force(city, now):
        changes = compare(in_force, {one.code: one.geometry for one in districts})
        report.comparison = [dataclasses.asdict(change) for change in changes]


def boundaries_in_force(city: City, moment: datetime.datetime) -> dict[str, shapely.Geometry]:
    """Return the polygons in force by code, EPSG:4326; empty where none are."""
    rows = (
        DistrictBoundary.objects.in_force_at(moment)
        .filter(edition__city=city)
        .values_list("district__code", "boundary")
    )
    return {code: shapely.from_wkb(bytes(boundary.wkb)) for code, boundary in rows}


def commit_boundaries(
    checked: CheckedBoundaries,
    *,
    by: str,
    now: datetime.datetime,
    activate: bool = False,
    valid_from: datetime.datetime | None = None,
) -> BoundaryEdition:
    """Record what was checked as a new edition, in force from `valid_from` (default: now) with `activate`.

    Raises BoundariesRefused where codes are missing, twice or unusable, a name is too long, or a ring is invalid: such
    a set cannot be recorded.
    Other errors are recorded with the edition and block its activation until they are accepted by name;
    with `activate` they refuse the whole act. Raises ActivationRefused for a date that cannot be.
    """
    report = checked.report
    unrecordable = [found for found in report.errors() if found.kind in UNRECORDABLE]
    if unrecordable or not checked.districts:
        raise BoundariesRefused(
            _(
                "Nothing was recorded: a code is missing, given twice or unusable, a name is too long, or an outline "
                "is not valid."
            ),
            report,
        )
    if activate and report.has_errors():
        raise BoundariesRefused(
            _("Nothing was recorded: the check found %(count)d errors.") % {"count": len(report.errors())}, report
        )
    with transaction.atomic():
        edition = record_edition(
            city=checked.city,
            districts=checked.districts,
            source=checked.source,
            licence=checked.licence,
            source_sha256=checked.sha256,
            recorded_at=now,
            recorded_by=by,
            report=report.to_data(),
            errors=len(report.errors()),
        )
        if activate:
            activate_edition(edition, by=by, now=now, starts_at=valid_from)
    return edition


UNRECORDABLE = frozenset(
    {Kind.INVALID_RING, Kind.MISSING_CODE, Kind.DUPLICATE_CODE, Kind.UNUSABLE_CODE, Kind.LONG_NAME}
)
"""Findings that the database's own constraints refuse: no edition can hold them, whatever an operator accepts."""


def accept_finding(
    edition: BoundaryEdition, key: str, *, by: str, reason: str, now: datetime.datetime
) -> BoundaryEdition:
    """Accept one named error of an edition on record, so that it no longer blocks activation.

    Raises KeyError for a key that the report does not have, ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError(_("Say why this is accepted: it stays on record."))
    with transaction.atomic():
        edition = BoundaryEdition.objects.select_for_update().get(pk=edition.pk)
        report = BoundaryReport.from_data(edition.report)
        if key not in {found.key for found in report.errors()}:
            raise KeyError(key)
        edition.accepted[key] = {"by": by, "at": now.isoformat(), "reason": reason.strip()}
        edition.errors = len(report.errors(accepted_keys=edition.accepted.keys()))
        edition.save(update_fields=["accepted", "errors"])
    return edition


def reject_edition(edition: BoundaryEdition, *, by: str, now: datetime.datetime) -> BoundaryEdition:
    """Reject an edition that was never in force, so that it cannot be activated by mistake. Raises ValueError."""
    with transaction.atomic():
        # The city first, as every deed that changes what is in force: one of two at once sees what the other did.
        City.objects.select_for_update().get(pk=edition.city_id)
        edition = BoundaryEdition.objects.select_for_update().get(pk=edition.pk)
        if EditionPeriod.objects.filter(edition=edition).exists():
            raise ValueError(_("An edition that is or was in force stays on record: put another one in force."))
        edition.rejected_at, edition.rejected_by = now, by
        edition.save(update_fields=["rejected_at", "rejected_by"])
    return edition


def recheck_edition(edition: BoundaryEdition, *, tolerance_m: float = 1.0, now: datetime.datetime) -> BoundaryReport:
    """Check the recorded polygons of an edition again, in EPSG:4326, and return the report; nothing is changed."""
    features = recorded_features(edition)
    options = ImportOptions(tolerance_m=tolerance_m)
    checked, moved = check_features(edition.city, features, crs_wkt="EPSG:4326", options=options)
    report = BoundaryReport(source={"edition": str(edition), "crs": "EPSG:4326"})
    districts = drawn_districts(checked.features, geometry_array(checked.features))
    complete_report(report, edition.city, checked, districts, moved, options, now=now)
    return report


def recorded_features(edition: BoundaryEdition) -> list[SourceFeature]:
    """Return the polygons of an edition as a file in EPSG:4326 would give them, in the order of codes."""
    rows = edition.boundaries.select_related("district").order_by("district__code")
    return [
        SourceFeature(
            code=row.district.code,
            name=row.district.name_uk,
            geometry=shapely.from_wkb(bytes(row.boundary.wkb)),
            row=number,
            population=row.population,
            name_en=row.district.name_en,
        )
        for number, row in enumerate(rows, start=1)
    ]
