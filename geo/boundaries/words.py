"""What a check of boundaries found, in the reader's language: a sentence for each kind of finding.

`Finding.message` is English, for whoever reads the JSON; here the sentence is made again from kind, codes, sizes and
facts, for pages and for the terminal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from geo.boundaries.findings import DraftKind, Kind, Severity, code_and_name
from geo.names import short_name

CODES_NAMED = 6


@dataclass(frozen=True, slots=True)
class KindWords:
    """How one kind of finding is told: a title and an advice for the group, a sentence for one code and for several.

    `with_fact` has the sentence that tells a fact, by the fact's name, for findings that have it.
    """

    title: str | Promise
    advice: str | Promise
    one: str | Promise
    several: str | Promise = ""
    with_fact: Mapping[str, str | Promise] = field(default_factory=dict)


WORDS: dict[str, KindWords] = {
    Kind.INVALID_RING: KindWords(
        _("Outlines that are not valid"),
        _("The outline crosses itself, and mending it would change too much. Redraw it in the source."),
        _("District %(codes)s: the outline crosses itself; mending it would change %(area)s."),
    ),
    Kind.MISSING_CODE: KindWords(
        _("Polygons without a code"),
        _("Give each polygon a code in the source, or choose another code field."),
        _("The polygon in %(codes)s has no code."),
    ),
    Kind.DUPLICATE_CODE: KindWords(
        _("Codes given more than once"),
        _("If they are parts of one district, tick “Join parts with the same code”; if not, give each its own code."),
        _("The code %(codes)s stands more than once."),
    ),
    Kind.UNUSABLE_CODE: KindWords(
        _("Codes that cannot stand in an address"),
        _(
            "A code stands in the address of the district's page: at most 40 characters without ; , ? # \\ in it, "
            "a / only before a digit (12/1), and not the word lookup, mistake, questions, streets or write. Change "
            "it in the source, or choose another code field."
        ),
        _("The code %(codes)s cannot stand in an address."),
    ),
    Kind.LONG_NAME: KindWords(
        _("Names that are too long"),
        _("A name has at most 160 characters. Shorten it in the source, or choose another name field."),
        _("District %(codes)s: the name is too long."),
    ),
    Kind.OVERLAP: KindWords(
        _("Overlaps"),
        _(
            "Two districts claim the same ground: nobody can say which officer serves it. Redraw the border; a narrow"
            " overlap is mended by “Close slivers” at the next upload (--repair METRES on the command line)."
        ),
        _("Two polygons of district %(codes)s overlap: %(size)s."),
        _("Districts %(codes)s overlap: %(size)s."),
    ),
    Kind.GAP: KindWords(
        _("Gaps inside the city"),
        _("Ground that belongs to no district. Draw it into one of them, or accept it if nobody is served there."),
        _("A gap beside district %(codes)s: %(size)s."),
        _("A gap between districts %(codes)s: %(size)s."),
    ),
    Kind.OPEN_GAP: KindWords(
        _("Gaps at the edge of the city"),
        _("Ground that belongs to no district. Draw it into one of them, or accept it if nobody is served there."),
        _("A gap at the edge, beside district %(codes)s: %(size)s."),
        _("A gap at the edge, between districts %(codes)s: %(size)s."),
    ),
    Kind.UNCOVERED_OUTLINE: KindWords(
        _("Parts of the city in no district"),
        _("Draw a district there, correct the city's outline, or accept it if nobody is served there."),
        _("A part of the city beside district %(codes)s lies in no district: %(size)s."),
        _("A part of the city beside districts %(codes)s lies in no district: %(size)s."),
    ),
    Kind.OUTSIDE_OUTLINE: KindWords(
        _("Districts outside the city's outline"),
        _("Check that the city's outline is the right one, and the district's border."),
        _("District %(codes)s reaches outside the city: %(size)s."),
    ),
    Kind.ENCLAVE: KindWords(
        _("Lakes and enclaves"),
        _("A lake, an enclave, or a place left out by mistake. If people live there, draw a district for it."),
        _("A hole in district %(codes)s: %(area)s."),
        _("A hole beside districts %(codes)s, outside the city: %(area)s."),
    ),
    Kind.REPAIRED_RING: KindWords(
        _("Outlines that were mended"),
        _("The outline crossed itself and has been mended. Look at the place and correct the source."),
        _("District %(codes)s: the outline has been mended; its area changed by %(area)s."),
    ),
    Kind.SLIVER_OVERLAP: KindWords(
        _("Slivers where districts overlap"),
        _("Narrower than the tolerance: they come from drawing. “Close slivers” mends them at the next upload."),
        _("Two polygons of district %(codes)s overlap in a sliver: %(size)s."),
        _("Districts %(codes)s overlap in a sliver: %(size)s."),
    ),
    Kind.SLIVER_GAP: KindWords(
        _("Slivers between districts"),
        _("Narrower than the tolerance: they come from drawing. “Close slivers” mends them at the next upload."),
        _("A sliver beside district %(codes)s: %(size)s."),
        _("A sliver between districts %(codes)s: %(size)s."),
    ),
    Kind.CRACK: KindWords(
        _("Cracks at the edge of the city"),
        _("Narrower than the tolerance: they come from drawing. “Close slivers” mends them at the next upload."),
        _("A crack beside district %(codes)s: %(size)s."),
        _("A crack between districts %(codes)s: %(size)s."),
    ),
    Kind.TINY_PART: KindWords(
        _("Tiny parts"),
        _("Delete the part in the source if it is left over from drawing."),
        _("District %(codes)s has a separate part of only %(area)s."),
    ),
    Kind.MISSING_NAME: KindWords(
        _("Districts without a name"),
        _("People will see the code only."),
        _("District %(codes)s has no name."),
    ),
    Kind.TOO_POPULOUS: KindWords(
        _("Districts with too many residents"),
        _("One officer may serve at most 7,000 residents in a city and 6,000 in villages."),
        _("District %(codes)s has %(residents)s residents, one officer may serve at most %(limit)s."),
    ),
    Kind.UNMATCHED_BORDER: KindWords(
        _("Borders with different vertices"),
        _("They leave no gap today, but may after any later change. “Close slivers” gives them the same vertices."),
        _("District %(codes)s: borders run together without sharing their vertices."),
        _("Districts %(codes)s: borders run together without sharing their vertices."),
    ),
    DraftKind.OUTSIDE_DISTRICT: KindWords(
        _("Houses outside their own district"),
        _("The border was drawn on the wrong side of the house: move it."),
        _("A house of district %(codes)s lies outside it."),
    ),
    DraftKind.NO_ADDRESS: KindWords(
        _("Districts that could not be drafted"),
        _("The city's addresses hold no house of the list there. Bring more addresses in, or draw the district."),
        _("District %(codes)s has no known address: it is not drawn."),
    ),
    DraftKind.FEW_ADDRESSES: KindWords(
        _("Districts drafted from few addresses"),
        _("Their borders are hardly more than a guess. Bring more addresses in, or correct them in the editor."),
        _("District %(codes)s is drawn from few addresses: %(addresses)s."),
    ),
    DraftKind.ONE_POINT: KindWords(
        _("One point, several districts"),
        _(
            "Houses of several districts stand at one and the same point, which no border can part. "
            "Correct the addresses."
        ),
        _("Houses of districts %(codes)s stand at one point."),
    ),
    DraftKind.OUTSIDE_CITY: KindWords(
        _("Houses outside the city"),
        _("Correct the city's outline or the point of the house: nothing was drawn from it."),
        _("A house of district %(codes)s lies outside the city's outline."),
    ),
}
"""Every kind that the checks of this room know, in the order of `Kind`. A room above adds the words of its own kinds,
as it adds its checks to `EXTRA_CHECKS`."""


def kind_title(kind: str) -> str:
    """Return the title of a group; an unknown kind by its own name."""
    return str(WORDS[kind].title) if kind in WORDS else kind.replace("_", " ").capitalize()


def area_text(area_m2: float | None) -> str:
    """Return an area in words: m² below 0.1 km², else km²."""
    if area_m2 is None:
        return ""
    if area_m2 >= 100_000:
        return _unbroken(gettext("%(n)s km²") % {"n": number_format(area_m2 / 1e6, 2)})
    if area_m2 >= 1:
        return _unbroken(gettext("%(n)s m²") % {"n": number_format(round(area_m2), force_grouping=True)})
    if area_m2 < 0.01:
        return gettext("less than 0.01 m²")
    return _unbroken(gettext("%(n)s m²") % {"n": number_format(area_m2, 2)})


def _unbroken(text: str) -> str:
    """Keep a number and its unit on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def size_text(area_m2: float | None, width_m: float | None) -> str:
    """Return area and widest place in words."""
    area = area_text(area_m2)
    if width_m is None:
        return area
    digits = 2 if width_m < 1 else (1 if width_m < 100 else 0)
    width = _unbroken(gettext("%(n)s m") % {"n": number_format(width_m, digits, force_grouping=True)})
    return gettext("%(area)s, at most %(width)s wide") % {"area": area, "width": width}


def codes_text(codes: Sequence[str]) -> str:
    """Return codes as a sentence names them: at most six, then how many more."""
    named = [
        gettext("row %(number)s") % {"number": code.removeprefix("row ")} if code.startswith("row ") else code
        for code in codes
    ]
    if len(named) > CODES_NAMED:
        rest = len(named) - CODES_NAMED
        return ngettext("%(codes)s and %(rest)d more", "%(codes)s and %(rest)d more", rest) % {
            "codes": ", ".join(named[:CODES_NAMED]),
            "rest": rest,
        }
    if len(named) < 2:
        return "".join(named)
    return gettext("%(codes)s and %(last)s") % {"codes": ", ".join(named[:-1]), "last": named[-1]}


def finding_sentence(found: Mapping[str, Any]) -> str:
    """Return the sentence of one finding of a report's data (`BoundaryReport.to_data`)."""
    words, codes, facts = WORDS.get(found["kind"]), found["codes"], found.get("facts", {})
    if words is None or (found["kind"] == Kind.TOO_POPULOUS and not facts):
        return str(found["message"])
    if not codes:
        return f"{words.title}: {size_text(found['area_m2'], found['width_m'])}"
    sentence = words.several if len(codes) > 1 and words.several else words.one
    if found["kind"] == Kind.ENCLAVE and found["severity"] == Severity.NOTE:
        sentence = (
            words.several if len(codes) > 1 else _("A hole beside district %(codes)s, outside the city: %(area)s.")
        )
    if found["kind"] == Kind.INVALID_RING and not found["area_m2"]:
        sentence = _("District %(codes)s: the outline encloses no area.")
    sentence = next((words.with_fact[fact] for fact in facts if fact in words.with_fact), sentence)
    return str(sentence) % {
        "codes": code_and_name(codes_text(codes), short_name(facts.get("name", ""))),
        "area": area_text(found["area_m2"]),
        "size": size_text(found["area_m2"], found["width_m"]),
        "residents": number_format(facts.get("residents", 0), force_grouping=True),
        "limit": number_format(facts.get("limit", 0), force_grouping=True),
        "away": facts.get("away", ""),
        "addresses": facts.get("addresses", 0),
    }
