"""Why a file of boundaries was not taken, in the reader's language.

The reader, the checks and the repair are pure and speak English; here their sentences are recognised.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: tuple[tuple[str, str | Promise], ...] = (
    (
        r"No field looks like .* The file has: (?P<fields>.*)\.$",
        _("No field looks like the district's code. Name it with --code-field. The file has: %(fields)s."),
    ),
    (
        r"There is no field '(?P<field>.*)' \((?P<option>--[a-z-]+)\)\. The file has: (?P<fields>.*)\.$",
        _("There is no field “%(field)s” (%(option)s). The file has: %(fields)s."),
    ),
    (r"There is no file (?P<name>.*)\. Check", _("There is no file “%(name)s”.")),
    (
        "is not a file of a known kind|holds 0 files of districts",
        _("This is no file of boundaries. Choose GeoJSON, TopoJSON, GeoPackage, KML or a zipped Shapefile."),
    ),
    (r"holds \d+ files of districts", _("The zip holds several files of districts. Zip exactly one of them.")),
    (
        "cannot be unzipped|unpacks to far more|holds more than .* files",
        _("The zip is broken, or holds much else. Zip the files of the boundaries again, and nothing beside them."),
    ),
    ("is too large|too large to read", _("The file is too large. Leave out attributes and vertices nobody needs.")),
    (
        "does not say which CRS",
        _(
            "The file does not say which coordinate system it uses. Type its EPSG number under “Options” "
            "(--crs on the command line)."
        ),
    ),
    (
        "they look like metres|do not fit the CRS|states a CRS that cannot be read",
        _(
            "The coordinates do not fit their coordinate system. Type the right EPSG number under “Options” "
            "(--crs on the command line)."
        ),
    ),
    (
        "is not a CRS that a map is drawn in",
        _(
            "No map is drawn in this coordinate system. Type the EPSG number of another one under “Options” "
            "(--crs on the command line)."
        ),
    ),
    (
        r"population in row (?P<n>\d+) \((?P<field>.*)\) is",
        _("The number of residents in row %(n)s (field %(field)s) is not a whole number."),
    ),
    (r"EPSG:(?P<n>\d+) is not a CRS", _("There is no coordinate system EPSG:%(n)s. Check the number.")),
    (
        r"several layers: (?P<names>.*)\. Choose",
        _(
            "The file has several layers: %(names)s. Type the name of one under “Options” "
            "(--layer on the command line)."
        ),
    ),
    (
        r"no such layer\. The file has: (?P<names>.*)\. Choose",
        _("There is no such layer. The file has: %(names)s."),
    ),
    ("no layer with shapes|has no features", _("The file holds no districts. Save them as polygons.")),
    (
        r"feature in row (?P<n>\d+) is a",
        _("The feature in row %(n)s is not a polygon. Delete it, or save the polygons alone."),
    ),
    (
        r"in row (?P<n>\d+) (has no|has an empty)",
        _("The feature in row %(n)s has no outline. Draw it, or delete the row."),
    ),
    (r"shape in row (?P<n>\d+)", _("The outline in row %(n)s is broken. Redraw it.")),
    ("took longer than", _("Reading took too long and was stopped. Save the districts alone, as GeoJSON.")),
    (
        "cannot be read|broke its reader|confined to one format",
        _("The file is broken. Open it in QGIS and save it again as GeoJSON."),
    ),
    (
        "would move|would vanish|move a border",
        _("Closing the slivers would move a border further than you allow. Choose fewer metres."),
    ),
    (
        "polygons lie over one another",
        _("So many polygons lie over one another that this is no set of districts. Each must stand in the file once."),
    ),
)
"""A pattern of the English sentence, and what is said instead."""


def refusal_text(refusal: Exception) -> str:
    """Return why something was refused in the language that is active; an unknown sentence stays as it is."""
    for pattern, sentence in SENTENCES:
        if match := re.search(pattern, str(refusal), re.DOTALL):
            named = match.groupdict()
            return str(sentence) % named if named else str(sentence)
    return str(refusal)
