"""What a check of boundaries found, as a page lists it and as a terminal shows it: in groups, the worst first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from geo.boundaries.comparison import ChangeKind
from geo.boundaries.findings import Severity
from geo.boundaries.report import BoundaryReport
from geo.boundaries.words import WORDS, area_text, finding_sentence, kind_title

MARKS: dict[str, str | Promise] = {
    Severity.ERROR: gettext_lazy("ERROR"),
    Severity.WARNING: gettext_lazy("warning"),
    Severity.NOTE: gettext_lazy("to know"),
}
FACTS: dict[str, str | Promise] = {  # the JSON has the others too
    "file": gettext_lazy("file"),
    "format": gettext_lazy("format"),
    "crs": gettext_lazy("coordinate system"),
    "code_field": gettext_lazy("field of codes"),
    "name_field": gettext_lazy("field of names"),
    "population_field": gettext_lazy("field of residents"),
    "edition": gettext_lazy("edition"),
    "drafted_from_list": gettext_lazy("drafted from list №"),
    "addresses": gettext_lazy("number of addresses"),
    "outline": gettext_lazy("outline"),
    "tolerance_m": gettext_lazy("slivers up to, m"),
    "repair_m": gettext_lazy("closed up to, m"),
    "districts": gettext_lazy("number of districts"),
    "vertices": gettext_lazy("number of vertices"),
    "area_km2": gettext_lazy("area, km²"),
    "sha256": "SHA-256",
}
CHANGES: dict[str, str | Promise] = {
    ChangeKind.ADDED: gettext_lazy("%(code)s: added, %(area)s"),
    ChangeKind.REMOVED: gettext_lazy("%(code)s: removed, %(area)s"),
    ChangeKind.MOVED: gettext_lazy("%(code)s: changed by %(area)s"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One finding as the page lists it."""

    key: str
    sentence: str
    has_place: bool
    is_error: bool
    accepted: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """Findings of one severity and kind, the largest first; `unlisted` are too many to list."""

    severity: str
    kind: str
    title: str
    advice: str
    shown: Sequence[Told]
    folded: Sequence[Told]
    count: int
    open_count: int
    unlisted: int = 0


def tell_findings(
    findings: Sequence[Mapping[str, Any]], accepted: Mapping[str, Any], *, shown: int = 6, listed: int = 400
) -> list[ToldGroup]:
    """Group findings by severity and kind, worst first, and tell each; those not accepted yet come first."""
    severities = [severity.value for severity in Severity]
    order = {kind: number for number, kind in enumerate(WORDS)}
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for found in findings:
        groups.setdefault((found["severity"], found["kind"]), []).append(found)

    def rank(group: tuple[str, str]) -> tuple[int, int, str]:
        severity, kind = group
        return severities.index(severity), order.get(kind, len(order)), kind

    told = []
    for severity, kind in sorted(groups, key=rank):
        several = sorted(
            groups[severity, kind],
            key=lambda found: (found["key"] in accepted, -(found["area_m2"] or 0), found["codes"]),
        )
        rows = [
            Told(
                key=found["key"],
                sentence=finding_sentence(found),
                has_place=found["geometry"] is not None,
                is_error=severity == Severity.ERROR,
                accepted=accepted.get(found["key"]),
            )
            for found in several[:listed]
        ]
        cut = shown if len(rows) > shown + 2 else len(rows)
        told.append(
            ToldGroup(
                severity=severity,
                kind=kind,
                title=kind_title(kind),
                advice=str(WORDS[kind].advice) if kind in WORDS else "",
                shown=rows[:cut],
                folded=rows[cut:],
                count=len(several),
                open_count=sum(found["key"] not in accepted for found in several),
                unlisted=len(several) - len(rows),
            )
        )
    return told


def report_text(report: BoundaryReport, *, accepted: Mapping[str, Any] = MappingProxyType({}), lines: int = 10) -> str:
    """The report, about so many lines of each kind; behind a finding stands the key by which it is accepted."""
    found = report.summary()
    said = [
        *_facts(_("Source"), report.source),
        *_facts(_("Checked with"), report.settings),
        *_facts(_("Found"), report.counts),
        _("Errors: %(errors)d, warnings: %(warnings)d, to know: %(notes)d.")
        % {"errors": found["error"], "warnings": found["warning"], "notes": found["note"]},
    ]
    for group in tell_findings(report.to_data()["findings"], accepted, shown=lines):
        said += ["", f"{MARKS[group.severity]}: {group.title} ({group.count})"]
        said += [f"  {group.advice}"] if group.advice else []
        said += [f"  - {_('accepted:') + ' ' if one.accepted else ''}{one.sentence} [{one.key}]" for one in group.shown]
        said += _more(group.count - len(group.shown))
    if report.moved:
        said += ["", _("Closing slivers moved borders of districts: %(count)d") % {"count": len(report.moved)}]
        said += [f"  - {_moved(entry)}" for entry in report.moved[:lines]]
        said += _more(len(report.moved) - lines)
    if report.comparison:
        said += [
            "",
            _("Districts that differ from the edition in force: %(count)d") % {"count": len(report.comparison)},
        ]
        said += [f"  - {_changed(entry)}" for entry in report.comparison[:lines]]
        said += _more(len(report.comparison) - lines)
    return "\n".join(said) + "\n"


def _facts(title: str, facts: Mapping[str, Any]) -> list[str]:
    told = [f"{FACTS[name]} {_value(value)}" for name, value in facts.items() if name in FACTS and value is not None]
    return [f"{title}: {', '.join(told)}"] if told else []


def _value(value: Any) -> str:
    return number_format(value, force_grouping=True) if isinstance(value, int | float) else str(value)


def _moved(entry: Mapping[str, Any]) -> str:
    return _("%(code)s: gained %(gained)s, lost %(lost)s; its border moved by at most %(shift)s m") % {
        "code": entry["code"],
        "gained": area_text(entry["gained_m2"]),
        "lost": area_text(entry["lost_m2"]),
        "shift": number_format(entry["max_shift_m"], 2),
    }


def _changed(entry: Mapping[str, Any]) -> str:
    return str(CHANGES[entry["kind"]]) % {"code": entry["code"], "area": area_text(entry["area_m2"])}


def _more(rest: int) -> list[str]:
    return ["  " + ngettext("… and %(n)d more", "… and %(n)d more", rest) % {"n": rest}] if rest > 0 else []
