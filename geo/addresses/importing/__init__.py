"""Bringing addresses in from a file: read, staged, counted, and only then recorded, all or nothing.

report = import_addresses(city, path, commit=False)     # a preview: nothing is changed
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from geo.addresses.importing.matching import match_streets
from geo.addresses.importing.namesakes import namesakes
from geo.addresses.importing.osm import read_osm
from geo.addresses.importing.recording import (
    Counts,
    known_streets,
    new_settlements,
    point_to_streets,
    record_drawing,
    record_houses,
    record_streets,
)
from geo.addresses.importing.rows import Item, Refusal, UnreadableAddresses
from geo.addresses.importing.staging import Staging
from geo.addresses.importing.tables import read_csv, read_geojson
from geo.models import City

__all__ = ["AddressReport", "Counts", "Refusal", "UnreadableAddresses", "import_addresses"]

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class AddressReport:
    """What a file brings to a city. `refusals` are the first of `refused`; `outside` counts what lies elsewhere."""

    counts: Counts
    refused: int
    refusals: tuple[Refusal, ...]
    outside: int
    namesakes: tuple[tuple[str, str], ...] = ()
    """New streets that may be known ones, with these."""

    @property
    def found(self) -> int:
        """How many houses and streets the file names that are addresses."""
        counts = self.counts
        return counts.new_houses + counts.moved_houses + counts.unchanged_houses + counts.new_streets

    def lines(self) -> list[tuple[str, int]]:
        """What there is to say, with its number; what is none of the file's business is left out."""
        counts = self.counts
        said = [
            (ngettext("new house", "new houses", counts.new_houses), counts.new_houses),
            (
                ngettext(
                    "house with another place or spelling", "houses with another place or spelling", counts.moved_houses
                ),
                counts.moved_houses,
            ),
            (ngettext("house as it is", "houses as they are", counts.unchanged_houses), counts.unchanged_houses),
            (ngettext("house said once more", "houses said once more", counts.repeated_houses), counts.repeated_houses),
            (ngettext("new street", "new streets", counts.new_streets), counts.new_streets),
            (ngettext("street that changes", "streets that change", counts.changed_streets), counts.changed_streets),
            (ngettext("new other name", "new other names", counts.new_names), counts.new_names),
            (ngettext("new settlement", "new settlements", counts.new_settlements), counts.new_settlements),
            (_("outside the city"), self.outside),
            (ngettext("row that is no address", "rows that are no address", self.refused), self.refused),
        ]
        return [(label, count) for label, count in said if count] or said[:1]


def import_addresses(
    city: City, path: Path, *, commit: bool, say: Callable[[int], None] = lambda _rows: None
) -> AddressReport:
    """Read a file of addresses and record it, or without `commit` only tell what recording it does.

    Repeatable: a house or street that is known is changed, never doubled. `say` hears how many rows were read. Raises
    UnreadableAddresses; then, and after any other error, nothing has changed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gazetteer'), %s)", [city.pk])
        staged = Staging(city).take(read_items(city, path), say=say)
        matches = match_streets(staged.asked, known_streets(city))
        targets = point_to_streets(staged, matches)
        settlements = len(new_settlements(city, staged))
        fuller = {street: number for street, number in matches.fuller.items() if number in targets}
        streets = record_streets(city, staged, fuller, targets)
        new_streets = {streets[number] for number, target in targets.items() if target < 0}
        changed, new_names = record_drawing(cursor, staged, streets)
        new, moved, different = record_houses(cursor, staged, streets, new_streets, commit=commit)
        alike = namesakes(city, new_streets)
        transaction.set_rollback(not commit)
    return AddressReport(
        counts=Counts(
            new_houses=new,
            moved_houses=moved,
            unchanged_houses=different - new - moved,
            repeated_houses=len(staged.houses) - different,
            new_streets=len(new_streets),
            changed_streets=len(changed - new_streets | set(fuller)),
            new_names=new_names,
            new_settlements=settlements,
        ),
        refused=staged.refused,
        refusals=tuple(staged.refusals),
        outside=staged.outside,
        namesakes=alike,
    )


def read_items(city: City, path: Path) -> Iterator[Item]:
    """Yield what a file says; its first bytes tell what it is. Raises UnreadableAddresses."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableAddresses(
            _("“%(path)s” cannot be read: %(reason)s.") % {"path": path.name, "reason": error.strerror}
        ) from error
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"OSMHeader" in head[:64] or (text.startswith(b"<") and b"<osm" in head):
        return read_osm(city, path)
    if text.startswith(b"{"):
        return read_geojson(path)
    return read_csv(path)
