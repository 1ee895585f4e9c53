"""What the check found is told in the reader's language, on pages and on a terminal alike, the worst first."""

import ast
import inspect
import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from geo.boundaries import archives, crs, faces, fields, parsing, reading, repair
from geo.boundaries.findings import DraftKind, Finding, Kind, Severity
from geo.boundaries.refusals import refusal_text
from geo.boundaries.report import BoundaryReport
from geo.boundaries.telling import report_text
from geo.boundaries.topology import check_coverage
from geo.boundaries.words import WORDS, codes_text, finding_sentence
from tests.geo.boundaries.shapes import UTM, cell, district, districts

ENGLISH_WORD = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture
def report() -> BoundaryReport:
    features = districts(cell(0, 0, 520, 500), cell(500, 0, 1000, 500), cell(1000.4, 0, 1500, 500))
    checked = check_coverage([*features, district("A", cell(3000, 0, 3500, 500))], crs=UTM)
    return BoundaryReport(
        source={"file": "межі.geojson", "crs": "EPSG:4326", "code_field": "номер"},
        settings={"tolerance_m": 1.0},
        counts={"districts": 4, "vertices": 1200},
        findings=checked.findings,
        comparison=[
            {"code": "A", "kind": "added", "area_m2": 12.4, "share": 1.0},
            {"code": "B", "kind": "moved", "area_m2": 1.5, "share": 0.1},
        ],
        moved=[{"code": "B", "gained_m2": 20.4, "lost_m2": 0.0, "max_shift_m": 0.413}],
    )


def test_errors_come_first_in_the_text(report: BoundaryReport) -> None:
    with translation.override("en"):
        text = report_text(report)
    assert text.index("ERROR: Codes given") < text.index("ERROR: Overlaps") < text.index("warning: Cracks")
    assert "Errors: 2, warnings: 1, to know: 0." in text
    assert "Source: file межі.geojson, coordinate system EPSG:4326, field of codes номер" in text
    assert "A: added, 12\N{NO-BREAK SPACE}m²" in text
    assert "B: gained 20\N{NO-BREAK SPACE}m², lost less than 0.01 m²; its border moved by at most 0.41 m" in text


def test_the_text_is_ukrainian_for_whoever_runs_the_site(report: BoundaryReport) -> None:
    with translation.override("uk"):
        text = report_text(report)
    assert "Помилок: 2, попереджень: 1" in text
    told = re.sub(r"\[[0-9a-f]+\]|geojson|EPSG:\d+|--repair METRES", "", text)
    assert ENGLISH_WORD.findall(told) == []


def test_an_accepted_error_is_told_as_such_and_last(report: BoundaryReport) -> None:
    accepted = {found.key: {"by": "a", "reason": "b"} for found in report.errors()}
    with translation.override("en"):
        assert report_text(report, accepted=accepted).count("  - accepted: ") == 2


def test_long_lists_end_with_how_many_more() -> None:
    notes = [Finding("no_officer", Severity.WARNING, f"District {n} has no officer.", (str(n),)) for n in range(15)]
    with translation.override("en"):
        text = report_text(BoundaryReport(findings=notes), lines=10)
    assert "Districts without an officer (15)" in text
    assert "… and 5 more" in text


def test_every_kind_of_finding_has_words() -> None:
    assert {kind.value for kind in (*Kind, *DraftKind)} <= set(WORDS)
    for kind in WORDS:
        for codes in (["1"], ["1", "2"], ["row 3"], [str(n) for n in range(9)]):
            found = {"kind": kind, "severity": "error", "codes": codes, "area_m2": 1234.5, "width_m": 2.25}
            found["facts"] = {"name": "Центр", "residents": 7001, "limit": 7000}
            assert "%(" not in finding_sentence(found)
    unknown = {"kind": "new_kind", "severity": "note", "codes": [], "message": "As it is."}
    assert finding_sentence(unknown) == "As it is."


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        (
            Kind.TOO_POPULOUS,
            {"name": "Центр", "residents": 7500, "limit": 7000},
            "District 3 (Центр) has 7,500 residents, one officer may serve at most 7,000.",
        ),
        (Kind.TOO_POPULOUS, {}, "As it was told."),
        (Kind.INVALID_RING, {}, "District 3: the outline encloses no area."),
    ],
)
def test_sentence_about_one_district_carries_code_name_and_number(
    kind: str, facts: dict[str, object], told: str
) -> None:
    found = {"kind": kind, "severity": "warning", "codes": ["3"], "area_m2": None, "width_m": None, "facts": facts}
    with translation.override("en"):
        assert finding_sentence(found | {"message": "As it was told."}) == told


def test_every_sentence_of_a_finding_is_translated() -> None:
    with translation.override("en"):
        english = {kind: [str(words.title), str(words.advice), str(words.one)] for kind, words in WORDS.items()}
    with translation.override("uk"):
        same = [kind for kind, words in WORDS.items()
                if {str(words.title), str(words.advice), str(words.one)} & set(english[kind])]  # fmt: skip
    assert same == []


def test_many_codes_are_cut() -> None:
    with translation.override("en"):
        assert codes_text(["1", "2"]) == "1 and 2"
        assert codes_text([str(n) for n in range(1, 10)]) == "1, 2, 3, 4, 5, 6 and 3 more"


def sentences_of(module: object) -> Iterator[str]:
    """The text of every refusal that a module writes down, with 7 for what is filled in."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    refusals = {"UnreadableBoundaries", "FieldUnknown", "RepairMovesTooMuch", "TooTangled"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in refusals:
            if isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                yield filled(node.args[0])
        elif isinstance(node, ast.Dict):
            values = [value for value in node.values if isinstance(value, ast.Constant | ast.JoinedStr)]
            yield from (text for value in values if (text := filled(value)).endswith("."))


def filled(text: ast.Constant | ast.JoinedStr) -> str:
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


PUT_TOGETHER = {
    "7: 7": "a.csv: There is no field 'kod' (--code-field). The file has: x.",
    "7: 7. Give its EPSG number with --crs.": "a: states a CRS that cannot be read. Give its EPSG number.",
    "There is no field 7 (7). The file has: 7.": "There is no field 'kod' (--name-field). The file has: x.",
}
"""Sentences that are put together of others, as people see them."""


@pytest.mark.parametrize(
    "module", [reading, archives, parsing, crs, fields, repair, faces], ids=lambda module: module.__name__
)
def test_every_refusal_is_told_in_ukrainian(module: object) -> None:
    sentences = [PUT_TOGETHER.get(text, text) for text in sentences_of(module)]
    assert sentences
    with translation.override("uk"):
        assert [text for text in sentences if refusal_text(Exception(text)) == text] == []


def test_a_refusal_names_what_stands_in_the_file() -> None:
    with translation.override("en"):
        refusal = refusal_text(Exception("a.zip: There is no field 'kod' (--code-field). The file has: x (1, 2); y."))
    assert refusal == "There is no field “kod” (--code-field). The file has: x (1, 2); y."
