"""What is to be said of a list of streets on a terminal, in the language of the site."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from geo.territories.adding import NewPlaces
from geo.territories.report import Finding, Kind, TerritoryReport

TITLES = {
    Kind.CLAIMED_TWICE: gettext_lazy("Claimed by two districts"),
    Kind.RULE_AND_POLYGON: gettext_lazy("The list and the polygon disagree"),
    Kind.UNREAD: gettext_lazy("What could not be read"),
    Kind.UNKNOWN_STREET: gettext_lazy("Streets the gazetteer does not know"),
    Kind.SEVERAL_STREETS: gettext_lazy("Several streets have this name."),
    Kind.SPLIT_STREET: gettext_lazy("Streets of several districts"),
    Kind.UNCOVERED: gettext_lazy("Addresses that no rule covers"),
    Kind.NARROWER_DECIDES: gettext_lazy("Houses within what another district claims: the narrower rule decides"),
    Kind.REMARK: gettext_lazy("Remarks that no rule can follow"),
    Kind.WITHOUT_POLYGON: gettext_lazy("Districts without a polygon in force: found by address, not on the map"),
    Kind.WITHOUT_RULES: gettext_lazy("Districts in force that the list does not name"),
}
HOUSES_NAMED = 12


def report_text(report: TerritoryReport, *, limit: int = 20) -> str:
    """The report: at most `limit` findings of a kind, the rest counted."""
    lines = [
        _("Entries: %(entries)d, rules among them: %(rules)d.") % {"entries": report.entries, "rules": report.rules},
        _("Known addresses: %(houses)d, given to one district: %(decided)d.")
        % {"houses": report.houses, "decided": report.decided},
    ]
    for kind in Kind:
        if found := report.of(kind):
            lines += ["", f"{str(TITLES[kind]).rstrip('.')}: {len(found)}"]
            lines += [f"  {_line(finding)}" for finding in found[:limit]]
            if more := len(found[limit:]):
                lines.append(_("  … and %(count)d more (--report FILE.json has all)") % {"count": more})
    return "\n".join(lines)


def places_text(places: NewPlaces) -> str:
    """Every street and settlement that is new, and how many names may be no streets."""
    lines = [_("New settlements: %(count)d") % {"count": len(places.settlements)}]
    lines += [f"  {name}" for name in places.settlements]
    lines += [_("New streets: %(count)d") % {"count": len(places.streets)}]
    lines += [f"  {street}{_guess(street.guesses)}" for street in places.streets]
    if places.left:
        lines.append(
            _("Names left out: %(count)d. They may be no streets: write «вул.» before those that are.")
            % {"count": len(places.left)}
        )
        lines += [f"  {name}" for name in places.left]
    return "\n".join([*lines, ""])


def _line(finding: Finding) -> str:
    place = ""
    if span := finding.span:
        place = (
            _("row %(number)s") % {"number": span.row}
            if span.row
            else _("characters %(start)d–%(end)d") % {"start": span.start, "end": span.end}
        ) + ": "
    houses = ", ".join(finding.houses[:HOUSES_NAMED])
    if more := len(finding.houses[HOUSES_NAMED:]):
        houses = ngettext("%(houses)s and %(n)d more", "%(houses)s and %(n)d more", more) % {
            "houses": houses,
            "n": more,
        }
    if finding.kind == Kind.SPLIT_STREET and houses:
        houses = _("no rule covers %(houses)s") % {"houses": houses}
    districts = (
        ngettext("district %(codes)s", "districts %(codes)s", len(finding.districts))
        % {"codes": ", ".join(finding.districts)}
        if finding.districts
        else ""
    )
    what = _("“%(text)s”") % {"text": finding.text} if finding.text else finding.street
    return place + " · ".join(part for part in (what, houses, districts) if part) + _guess(finding.guesses)


def _guess(names: tuple[str, ...]) -> str:
    return " " + _("(is it %(names)s?)") % {"names": ", ".join(names)} if names else ""
