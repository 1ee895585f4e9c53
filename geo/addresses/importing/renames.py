"""Bring renames of streets in from a table: old and new type and name, the houses concerned, date and source."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from geo.addresses.dictionary import Found, KnownName, StreetDictionary
from geo.addresses.folding import fold
from geo.addresses.houses import HouseNumber
from geo.addresses.importing.staging import in_full
from geo.addresses.ranges import EVERYTHING, HouseSet
from geo.addresses.search import LIKELY_TYPO
from geo.addresses.streets import StreetName as ReadName
from geo.models import City, House, Street, StreetName
from geo.models.addresses import street_key
from geo.moments import is_plausible
from geo.tables import FileRefused, Headings, Row, Table, read_table

RENAME_COLUMNS: Headings = {
    "old_type": ("old kind", "старий тип", "тип старий", "колишній тип", "попередній тип"),
    "old_name": ("old", "former name", "стара назва", "колишня назва", "попередня назва", "назва до перейменування"),
    "new_type": ("new kind", "новий тип", "тип новий", "тип", "сучасний тип"),
    "new_name": ("new", "name", "нова назва", "сучасна назва", "назва", "назва після перейменування"),
    "scope": ("houses", "будинки", "номери будинків", "межі", "частина"),
    "date": ("renamed on", "until", "дата", "дата рішення", "дата перейменування"),
    "source": ("decision", "джерело", "рішення", "підстава"),
}
NEEDED = {"old_name": pgettext_lazy("column", "old_name"), "new_name": pgettext_lazy("column", "new_name")}
"""The columns that a table must have, as the reader's language calls them."""
_ALL_NUMBERS = range(1, 1_000)


class Outcome(StrEnum):
    """What becomes of one rename."""

    RENAMED = "renamed"
    SPLIT = "split"
    NAMED = "named"
    KNOWN = "known"
    QUESTION = "question"
    REFUSED = "refused"


CHANGES = frozenset({Outcome.RENAMED, Outcome.SPLIT, Outcome.NAMED})
OPEN = frozenset({Outcome.QUESTION, Outcome.REFUSED})


@dataclass(frozen=True, slots=True)
class Renamed:
    """One row: what became of it, in a sentence, and how many houses go to another street."""

    row: int
    old: str
    new: str
    outcome: Outcome
    sentence: str
    houses: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look at it."""
        return self.outcome in OPEN


@dataclass(frozen=True, slots=True)
class RenameReport:
    """What became of every row."""

    rows: tuple[Renamed, ...]

    @property
    def changes(self) -> list[Renamed]:
        """The rows that change something."""
        return [row for row in self.rows if row.outcome in CHANGES]

    @property
    def open(self) -> list[Renamed]:
        """The rows that are not carried out: somebody has to look."""
        return [row for row in self.rows if row.is_open]


@dataclass(frozen=True, slots=True)
class _Rename:
    """One row, read."""

    row: int
    old: str
    new: str
    houses: HouseSet
    scope: str
    until: datetime.date | None
    source: str


class BadRename(Exception):
    """A row cannot be read; the message says why."""


def read_renames(content: bytes, *, name: str) -> Table:
    """Read a CSV or XLSX file of renames. Raises FileRefused."""
    table = read_table(content, name=name, headings=RENAME_COLUMNS)
    missing = [str(name) for column, name in NEEDED.items() if column not in table.columns]
    if missing:
        raise FileRefused(
            _("%(file)s has no column %(columns)s; it needs old_name and new_name.")
            % {"file": name, "columns": ", ".join(missing)}
        )
    return table


def import_renames(city: City, table: Table, *, commit: bool) -> RenameReport:
    """Give streets their new names and remember the old ones; without `commit` only tell what would become of them.

    Repeatable. A street is found by its new name, or by its old one, which then is renamed. Nothing is guessed: what
    is only alike is a question, and nothing is done about it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gazetteer'), %s)", [city.pk])
        renaming = _Renaming(city)
        rows = [renaming.carry_out(row) for row in table.rows]
        renaming.close()
        transaction.set_rollback(not commit)
    return RenameReport(tuple(rows))


def _read(row: Row) -> _Rename:
    old, new = (in_full(" ".join(f"{row[f'{which}_type']} {row[f'{which}_name']}".split())) for which in ("old", "new"))
    for name, own in ((old, row["old_name"]), (new, row["new_name"])):
        if not fold(own) or len(name) > 160:
            raise BadRename(_("A name is missing or too long."))
    if street_key(old) == street_key(new):
        raise BadRename(_("Both names are the same."))
    houses = HouseSet.parse(row["scope"])
    if houses.unread or len(str(houses)) > 300:
        raise BadRename(
            _("Which houses is not understood: “%(text)s”.") % {"text": ", ".join(houses.unread) or row["scope"]}
        )
    everything = houses == HouseSet((EVERYTHING,))
    return _Rename(
        row=row.number,
        old=old,
        new=new,
        houses=houses,
        scope="" if everything else str(houses),
        until=_day(row["date"]),
        source=row["source"][:300],
    )


def _day(text: str) -> datetime.date | None:
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
        if is_plausible(day):
            return day
    raise BadRename(_("“%(text)s” is not a day such as 2026-01-31.") % {"text": text})


class _Renaming:
    """The streets of a city while they are renamed, row after row."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._split: dict[int, list[tuple[_Rename, Street]]] = defaultdict(list)
        self._learn()

    def _learn(self) -> None:
        self._streets = {street.pk: street for street in self._city.streets.defer("line").order_by("pk")}
        self._dictionary = StreetDictionary(
            KnownName(street.pk, ReadName.parse(street.name_uk)) for street in self._streets.values()
        )

    def carry_out(self, row: Row) -> Renamed:
        """Do what one row says, if it says it clearly."""
        try:
            rename = _read(row)
        except BadRename as error:
            return Renamed(row.number, row["old_name"], row["new_name"], Outcome.REFUSED, str(error))
        present, alike = self._find(rename.new)
        former, _alike = self._find(rename.old)
        if len(present) > 1 or (not present and len(former) > 1):
            some = ", ".join(street.name_uk for street in present or former)
            return self._said(rename, Outcome.QUESTION, _("Several streets may be meant: %(names)s.") % {"names": some})
        if not present and not former:
            text = _("Not known; is it “%(name)s”?") % {"name": alike[0].name_uk} if alike else ""
            return self._said(rename, Outcome.QUESTION, text or _("Neither name is known in this city."))
        if not former or present == former:
            return self._former_name_of(present[0], rename)
        if not present and not rename.scope:
            return self._rename(former[0], rename)
        new = present[0] if present else Street(city=self._city, name_uk=rename.new)
        if not present:
            new.settlement_id = former[0].settlement_id
            new.save()
        return self._divide(former[0], new, rename)

    def _find(self, name: str) -> tuple[list[Street], list[Street]]:
        """The streets that a name means, and those that are only alike."""
        asked = ReadName.parse(name)
        found = self._dictionary.find(asked)
        exact = [one for one in found if one.exact and _one_kind(one, asked)]
        key = street_key(name)
        streets = [self._streets[one.known.street] for one in exact]
        streets = [street for street in streets if street.key == key] or streets
        streets = [street for street in streets if street.settlement_id is None] or streets
        alike = [self._streets[one.known.street] for one in found if one.score >= LIKELY_TYPO]
        return streets, alike

    def _rename(self, street: Street, rename: _Rename) -> Renamed:
        street.name_uk, street.name_en = rename.new, ""
        street.save()
        self._remember(street, rename)
        self._learn()
        return self._said(rename, Outcome.RENAMED, _("The street is renamed."))

    def _former_name_of(self, street: Street, rename: _Rename) -> Renamed:
        """The street is known under its new name, or under both: they differ in first names only."""
        if street.key == street_key(rename.old):
            return self._rename(street, rename)
        if self._remember(street, rename):
            text = _("“%(name)s” gets this former name.") % {"name": street.name_uk}
            return self._said(rename, Outcome.NAMED, text)
        return self._said(rename, Outcome.KNOWN, _("Known already."))

    def _divide(self, old: Street, new: Street, rename: _Rename) -> Renamed:
        """Let the houses concerned go from one street to another; the rest stay until a row names them."""
        self._remember(new, rename)
        self._split[old.pk].append((rename, new))
        there = set(new.houses.values_list("key", flat=True))
        concerned = [
            house
            for house in old.houses.all()
            if not rename.scope or ((read := HouseNumber.parse(house.number)) and read in rename.houses)
        ]
        moving = [house.pk for house in concerned if house.key not in there]
        House.objects.filter(pk__in=moving).update(street=new)
        House.objects.filter(pk__in=[house.pk for house in concerned]).filter(street=old).delete()
        self._learn()
        return self._said(
            rename, Outcome.SPLIT, _("Its houses go to “%(name)s”.") % {"name": new.name_uk}, houses=len(concerned)
        )

    def _remember(self, street: Street, rename: _Rename) -> bool:
        """Keep the old name; return whether that is news."""
        facts = {"name": rename.old, "houses": rename.scope, "until": rename.until, "source": rename.source}
        kept = street.other_names.filter(kind=StreetName.Kind.FORMER, key=street_key(rename.old)).first()
        if kept is None:
            StreetName.objects.create(street=street, kind=StreetName.Kind.FORMER, **facts)
            return True
        if all(getattr(kept, name) == value for name, value in facts.items()):
            return False
        for name, value in facts.items():
            setattr(kept, name, value)
        kept.save()
        return True

    def close(self) -> None:
        """Remove streets all of whose houses went to others; what else was known of them goes to the first of these."""
        for pk, parts in self._split.items():
            old = Street.objects.get(pk=pk)
            if old.houses.exists() or not _cover([rename for rename, _new in parts]):
                continue
            heir = Street.objects.get(pk=parts[0][1].pk)
            known = set(heir.other_names.values_list("kind", "key")) | {("", heir.key)}
            for name in old.other_names.all():
                if (name.kind, name.key) not in known:
                    StreetName.objects.filter(pk=name.pk).update(street=heir)
            if heir.line is None and old.line is not None:
                Street.objects.filter(pk=heir.pk).update(line=old.line)
            old.delete()

    def _said(self, rename: _Rename, outcome: Outcome, sentence: str, houses: int = 0) -> Renamed:
        new = f"{rename.new} ({rename.scope})" if rename.scope else rename.new
        return Renamed(rename.row, rename.old, new, outcome, sentence, houses)


def _one_kind(found: Found, asked: ReadName) -> bool:
    """Whether both are of one kind, as far as it is said."""
    kind = found.known.name.kind
    return not kind or not asked.kind or kind == asked.kind


def _cover(renames: Sequence[_Rename]) -> bool:
    """Whether every number a street may have is concerned by some row."""
    return all(any(HouseNumber(number) in rename.houses for rename in renames) for number in _ALL_NUMBERS)
