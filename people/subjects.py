"""What the public reads and staff may propose to change: for each kind a closed set of fields, and who decides.

What is no row of its own is registered by its module (pages of text: `people.page_proposals`), and what belongs to a
room above by that room (categories: `appeals.apps`).
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model

from geo.models import City, District
from people.models import Membership, Officer, Proposal, Station, User

Role = Membership.Role
Kind = Proposal.Kind
CHECKED_ON: Final = "checked_on"
"""The day on which somebody made sure of a card: it changes with one press, whatever else changes."""
Values = dict[str, Any]
"""Fields of a card or text by name, as JSON holds them: dates as YYYY-MM-DD, a station as its key, a photo as its file.
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of card or text. `fields`: what is written down when it changes; `open_fields`: what may be proposed.

    `deciders` are roles in its city; nobody but an administrator decides about what belongs to every city.
    """

    kind: Kind
    model: type[Model]
    open_fields: tuple[str, ...]
    closed_fields: tuple[str, ...] = ()
    deciders: tuple[Role, ...] = (Role.COORDINATOR,)
    proposers: tuple[Role, ...] = (Role.MODERATOR,)
    is_of_city: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field whose change is written down."""
        return (*self.open_fields, *self.closed_fields)

    def row(self, pk: int, city: City | None) -> Model | None:
        """The card or text of that number as it stands now, for whoever asks in a city; None where there is none."""
        row: Model | None = self.model._default_manager.filter(pk=pk).first()
        return row

    def locked(self, row: Model) -> Model | None:
        """A card or text as it is now, held until the deed is done; None where it is gone."""
        locked: Model | None = self.model._default_manager.select_for_update().filter(pk=row.pk).first()
        return locked

    def save(self, row: Model, names: Iterable[str], *, by: User, at: datetime.datetime) -> None:
        """Let everybody read what was set in those fields."""
        row.save(update_fields=list(names))


OFFICER: Final = Subject(
    kind=Kind.OFFICER,
    model=Officer,
    open_fields=(
        "name_uk", "name_en", "kind", "rank_uk", "rank_en", "photo", "phone", "email", "languages", "station",
        "reception_uk", "reception_en", CHECKED_ON,
    ),
    deciders=(Role.COORDINATOR, Role.SUPERVISOR),
)  # fmt: skip
STATION: Final = Subject(
    kind=Kind.STATION,
    model=Station,
    open_fields=("name_uk", "name_en", "address_uk", "address_en", "phone", "hours_uk", "hours_en"),
    closed_fields=("is_duty",),
    deciders=(Role.COORDINATOR, Role.SUPERVISOR),
)
DISTRICT: Final = Subject(
    kind=Kind.DISTRICT, model=District, open_fields=("name_uk", "name_en"), closed_fields=("rural",)
)
_SUBJECTS: Final = {each.kind: each for each in (OFFICER, STATION, DISTRICT)}


def register(subject: Subject) -> None:
    """Take another kind in: of a room above, or of this one."""
    _SUBJECTS[subject.kind] = subject


def subjects() -> Iterable[Subject]:
    """Every kind that there is."""
    return _SUBJECTS.values()


def subject_of(row: Model) -> Subject:
    """The kind of a card or text. Raises KeyError."""
    return next(each for each in subjects() if isinstance(row, each.model))


def subject_called(kind: str) -> Subject | None:
    """The kind of that name, if there is one."""
    return next((each for each in subjects() if each.kind == kind), None)


def found(proposal: Proposal) -> Model | None:
    """The card or text that a change is about, as it stands now; None where it is gone."""
    return _SUBJECTS[Kind(proposal.kind)].row(proposal.subject_pk, proposal.city)


def city_of(row: Model) -> City | None:
    """The city that a card or text belongs to; None: to every city."""
    city: City | None = getattr(row, "city", None)
    return city


def values_of(row: Model, names: Iterable[str] | None = None) -> Values:
    """Fields of a card or text as JSON holds them: those named, else all that its kind writes down."""
    return {name: _plain(row, name) for name in (subject_of(row).fields if names is None else names)}


def put(row: Model, values: Mapping[str, Any]) -> None:
    """Set fields of a card or text, and check it. Raises ValidationError; saves nothing."""
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        setattr(row, field.attname, field.to_python(value))
    row.full_clean(exclude=[each.name for each in row._meta.concrete_fields if each.name not in values])


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    """What is otherwise in the second."""
    return {name: value for name, value in after.items() if before.get(name) != value}


def fingerprint(row: Model) -> str:
    """What tells whether a card or text is still as it was when somebody looked at it."""
    told = json.dumps(values_of(row), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _plain(row: Model, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    value = field.get_prep_value(getattr(row, field.attname))
    return value.isoformat() if isinstance(value, datetime.date) else value
