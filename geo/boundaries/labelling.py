"""Codes, names and residents: what the rows of a source say of their districts, whatever their shape."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from geo.boundaries.features import SourceFeature
from geo.boundaries.findings import CheckSettings, Kind, Notebook, Severity, code_and_name, name_codes
from geo.labels import CODE_LENGTH, NAME_LENGTH, RESERVED_CODES, is_code


def check_labels(features: Sequence[SourceFeature], notes: Notebook) -> None:
    """Note every district without a usable code of its own, or without a usable name."""
    rows: dict[str, list[SourceFeature]] = {}
    for feature in features:
        if not feature.code:
            notes.add(
                Kind.MISSING_CODE,
                Severity.ERROR,
                f"The polygon in row {feature.row} has no code. Give it one in the source, or choose another "
                "code field.",
                [f"row {feature.row}"],
                place=feature.geometry,
            )
            continue
        rows.setdefault(feature.code, []).append(feature)
        _check_name(feature, notes)
    for code, same in rows.items():
        if not is_code(code):
            _add_unusable_code(same[0], notes)
        if len(same) > 1:
            _add_duplicates(same, notes)


def _check_name(feature: SourceFeature, notes: Notebook) -> None:
    if not feature.name:
        notes.add(
            Kind.MISSING_NAME,
            Severity.WARNING,
            f"District {feature.code} has no name: people will see its code only.",
            [feature.code],
        )
    longest = max(len(feature.name), len(feature.name_en))
    # A code serves as the name where no field is one: then what is wrong with it is said of the code.
    if longest > NAME_LENGTH and feature.name != feature.code:
        notes.add(
            Kind.LONG_NAME,
            Severity.ERROR,
            f"The name of district {_short(feature.code)} has {longest} characters, and at most {NAME_LENGTH} are "
            "kept. Shorten it in the source, or choose another name field.",
            [_short(feature.code)],
            place=feature.geometry,
        )


def _add_unusable_code(feature: SourceFeature, notes: Notebook) -> None:
    notes.add(
        Kind.UNUSABLE_CODE,
        Severity.ERROR,
        f"The code {_short(feature.code)!r} in row {feature.row} cannot stand in the address of a page. Use at most "
        f"{CODE_LENGTH} characters without ; , ? # \\ and line breaks, a / only once and before a digit (12/1), and "
        f"none of the words {', '.join(sorted(RESERVED_CODES))}. Change it in the source, or choose another field.",
        [_short(feature.code)],
        place=feature.geometry,
    )


def _add_duplicates(same: Sequence[SourceFeature], notes: Notebook) -> None:
    code = same[0].code
    notes.add(
        Kind.DUPLICATE_CODE,
        Severity.ERROR,
        f"The code {code} stands {len(same)} times (rows {name_codes(str(feature.row) for feature in same)}). If they "
        "are parts of one district, import with --merge-same-code; if not, give each its own code.",
        [code],
        place=shapely.MultiPolygon([part for feature in same for part in shapely.get_parts(feature.geometry)]),
    )


def _short(code: str) -> str:
    return code if len(code) <= CODE_LENGTH else f"{code[:CODE_LENGTH]}…"


def check_population(features: Sequence[SourceFeature], notes: Notebook, settings: CheckSettings) -> None:
    """Note every district with more residents than one officer may serve, there where it lies."""
    for feature in features:
        limit = settings.rural_population_limit if feature.is_rural else settings.population_limit
        if limit is not None and feature.population is not None and feature.population > limit:
            notes.add(
                Kind.TOO_POPULOUS,
                Severity.WARNING,
                f"District {code_and_name(feature.code, feature.name)} has {feature.population:,} residents, more than "
                f"the {limit:,} that one officer may serve. Check the number, or divide the district.",
                [feature.code],
                facts={"name": feature.name, "residents": feature.population, "limit": limit},
            )
