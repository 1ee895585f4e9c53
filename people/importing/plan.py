"""What an import would do, as data that a person reads before anything happens."""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from geo.tables import Table
from people.importing.cells import BadCell


class Noun(StrEnum):
    """What a step writes, in the order of writing."""

    STATION = "station"
    OFFICER = "officer"
    POSTING = "posting"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as a person reads it, before and after; `old` is empty where it is new."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Target:
    """What `applying` writes: `pk` is None for what is new; `values` are fields of the model.

    `officer_key` and `station_key` name what may not exist before the import.
    """

    pk: int | None
    values: dict[str, Any]
    officer_key: str = ""
    station_key: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One addition or change. `rows` are the rows of the file that ask for it, `why` says what the file does not."""

    noun: Noun
    subject: str
    changes: tuple[FieldChange, ...]
    target: Target
    rows: tuple[int, ...] = ()
    why: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the step adds something."""
        return self.target.pk is None

    @property
    def noun_text(self) -> str:
        """The noun in the active language."""
        return {
            Noun.STATION: _("station"),
            Noun.OFFICER: _("officer"),
            Noun.POSTING: _("posting"),
            Noun.LEAVE: _("leave"),
        }[self.noun]


@dataclass(frozen=True, slots=True)
class RowError:
    """Why the file is refused: the row and column, what is wrong, what to do."""

    file: str
    row: int
    column: str
    problem: str
    advice: str

    def __str__(self) -> str:
        return _("%(file)s, row %(row)d, %(column)s: %(problem)s %(advice)s") % {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "problem": self.problem,
            "advice": self.advice,
        }


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something to know about a row that is not an error."""

    row: int
    text: str

    def __str__(self) -> str:
        return _("row %(row)d: %(text)s") % {"row": self.row, "text": self.text}


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import would do to a city, and why it may be refused."""

    steps: tuple[Step, ...]
    errors: tuple[RowError, ...]
    notes: tuple[RowNote, ...]
    unchanged: tuple[str, ...]
    not_in_file: tuple[str, ...]

    @property
    def additions(self) -> tuple[Step, ...]:
        """Steps that add something."""
        return tuple(step for step in self.steps if step.is_new)

    @property
    def changes(self) -> tuple[Step, ...]:
        """Steps that change something."""
        return tuple(step for step in self.steps if not step.is_new)

    @property
    def fingerprint(self) -> str:
        """The same for two plans that would do the same: what was previewed is what is committed."""
        said = [
            (s.noun.value, s.subject, s.target.pk, [(c.label, c.old, c.new) for c in s.changes]) for s in self.steps
        ]
        return hashlib.sha256(repr((said, self.errors)).encode()).hexdigest()

    def lines(self) -> Iterator[str]:
        """The plan as text."""
        if self.errors:
            yield _("Refused. To mend:")
            yield from (f"  ✗ {error}" for error in self.errors)
        for title, steps in ((_("To add:"), self.additions), (_("To change:"), self.changes)):
            if steps:
                yield title
            for step in steps:
                yield f"  {step.noun_text}: {step.subject}" + (f" — {step.why}" if step.why else "")
                for change in step.changes:
                    new = change.new or "—"
                    yield f"      {change.label}: " + (new if step.is_new else f"{change.old or '—'} → {new}")
        if self.notes:
            yield _("To know:")
            yield from (f"  {note}" for note in self.notes)
        if self.not_in_file:
            yield _("Not in the file, left as they are:")
            yield from (f"  {name}" for name in self.not_in_file)
        yield _("%(added)d to add, %(changed)d to change, %(unchanged)d unchanged, %(errors)d errors.") % {
            "added": len(self.additions),
            "changed": len(self.changes),
            "unchanged": len(self.unchanged),
            "errors": len(self.errors),
        }


@dataclass(slots=True)
class Draft:
    """A plan while it is being made."""

    file: str = ""
    headings: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)

    def read_from(self, table: Table) -> None:
        """The errors that follow speak of this file, by its own headings."""
        self.file, self.headings = table.name, table.headings

    def refuse(self, row: int, column: str, cell: BadCell) -> None:
        """Note an error of a row."""
        error = RowError(self.file, row, self.headings.get(column, column), cell.problem, cell.advice)
        if error not in self.errors:
            self.errors.append(error)


def day_text(day: datetime.date) -> str:
    """A day as both languages of the site read it without doubt."""
    return day.strftime("%d.%m.%Y")


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Days from `start` up to but without `end`; `date.min` and `date.max` stand for no bound."""

    start: datetime.date
    end: datetime.date = datetime.date.max

    @classmethod
    def between(cls, start: datetime.date | None, end: datetime.date | None) -> "Days":
        """From the bounds of a database range, None for no bound."""
        return cls(start or datetime.date.min, end or datetime.date.max)

    @property
    def bounds(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The bounds of a database range."""
        return (
            None if self.start == datetime.date.min else self.start,
            None if self.end == datetime.date.max else self.end,
        )

    @property
    def last_day(self) -> datetime.date | None:
        """The last day, or None where there is none."""
        return None if self.end == datetime.date.max else self.end - datetime.timedelta(days=1)

    def overlaps(self, other: "Days") -> bool:
        """Whether they share a day."""
        return self.start < other.end and other.start < self.end

    def start_text(self) -> str:
        """The first day as text."""
        return _("always") if self.start == datetime.date.min else day_text(self.start)

    def end_text(self) -> str:
        """The last day as text."""
        return _("no end") if self.last_day is None else day_text(self.last_day)

    def __str__(self) -> str:
        return f"{self.start_text()} – {self.end_text()}"


def days_changes(old: Days | None, new: Days) -> tuple[FieldChange, ...]:
    """What changes between two spans of days, as a person reads it."""
    changes = []
    if old is None or old.start != new.start:
        changes.append(FieldChange(_("from"), old.start_text() if old else "", new.start_text()))
    if old is None or old.end != new.end:
        changes.append(FieldChange(_("until"), old.end_text() if old else "", new.end_text()))
    return tuple(changes)
