"""Planning the cards of officers from a file: one row a posting, several rows may speak of one officer."""

import datetime
import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from geo.models import City, District
from geo.tables import Row, Table
from people.importing.cards import Field, as_text, changes_of, stated_fields
from people.importing.cells import (
    CLEAR,
    BadCell,
    DistrictCodes,
    key_from_name,
    read_codes,
    read_day,
    read_email,
    read_key,
    read_kind,
    read_languages,
    read_phone,
    read_role,
    text_up_to,
)
from people.importing.plan import Days, Draft, FieldChange, Noun, Step, Target
from people.models import Officer, Posting

FIELDS = (
    Field("kind", "kind", read_kind, clearable=False),
    Field("rank_uk", "rank_uk", text_up_to(80)),
    Field("rank_en", "rank_en", text_up_to(80)),
    Field("name_uk", "name_uk", text_up_to(160), clearable=False),
    Field("name_en", "name_en", text_up_to(160)),
    Field("phone", "phone", read_phone),
    Field("email", "email", read_email),
    Field("reception_uk", "reception_uk", text_up_to(200)),
    Field("reception_en", "reception_en", text_up_to(200)),
    Field("languages", "languages", read_languages, empty=[]),
    Field("checked_on", "checked_on", read_day, clearable=False),
)


@dataclass(frozen=True, slots=True)
class WantedPosting:
    """A posting that a row asks for; `start` None: since the import, or as it is; `end` (not included) None: no end."""

    row: int
    officer_key: str
    officer_name: str
    district: District
    role: Posting.Role
    start: datetime.date | None
    end: datetime.date | None


@dataclass(frozen=True, slots=True)
class WantedLeave:
    """Days away that a row asks for."""

    row: int
    officer_key: str
    officer_name: str
    days: Days


@dataclass(slots=True)
class OfficerInFile:
    """Everything the rows of a file say of one officer."""

    key: str
    old: Officer | None
    stated: dict[str, Any] = field(default_factory=dict)
    stated_in: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)

    @property
    def station_key(self) -> str | None:
        """The key of the station that the file states, "" for none, None where it does not say."""
        return self.stated.get("station")

    @property
    def fields(self) -> dict[str, Any]:
        """What the file states of the card's own fields."""
        return {name: value for name, value in self.stated.items() if name != "station"}

    @property
    def name(self) -> str:
        """The name after the import."""
        return str(self.stated.get("name_uk") or (self.old.name_uk if self.old else "") or self.key)


@dataclass(slots=True)
class OfficersInFile:
    """What a file of officers asks for."""

    officers: dict[str, OfficerInFile] = field(default_factory=dict)
    postings: list[WantedPosting] = field(default_factory=list)
    leaves: list[WantedLeave] = field(default_factory=list)


def read_officers(
    city: City, table: Table, draft: Draft, *, stations: Mapping[str, str], today: datetime.date
) -> OfficersInFile:
    """Understand the rows; what cannot be understood goes to the draft's errors. `stations`: key -> name."""
    draft.read_from(table)
    held = list(Officer.objects.filter(city=city).select_related("station"))
    codes = DistrictCodes(District.objects.filter(city=city))
    wanted = OfficersInFile()
    for row in table.rows:
        officer = _officer_of(row, held, wanted, draft)
        if officer is None:
            continue
        _state(officer, row, stations, draft, today)
        districts = _districts(row, codes, draft)
        role, days = _role_and_days(row, draft)
        wanted.postings += [
            WantedPosting(row.number, officer.key, officer.name, district, role, *days) for district in districts
        ]
        leave = _leave(row, draft)
        if leave:
            wanted.leaves.append(WantedLeave(row.number, officer.key, officer.name, leave))
    for officer in wanted.officers.values():
        _require(officer, draft)
    return wanted


def plan_cards(wanted: OfficersInFile, stations: Mapping[str, str], today: datetime.date) -> list[Step]:
    """The steps that add or change cards of officers."""
    steps = []
    for officer in wanted.officers.values():
        stated = (
            officer.fields if officer.old else officer.fields | {"checked_on": officer.fields.get("checked_on", today)}
        )
        changes = list(changes_of(Officer, officer.old, stated))
        old_station = officer.old.station if officer.old else None
        if officer.station_key is not None and officer.station_key != (old_station.key if old_station else ""):
            label = str(Officer._meta.get_field("station").verbose_name)
            changes.append(
                FieldChange(label, old_station.name_uk if old_station else "", stations.get(officer.station_key, ""))
            )
        if officer.old is None or changes:
            target = Target(
                officer.old.pk if officer.old else None,
                stated if officer.old else {"key": officer.key} | stated,
                officer_key=officer.key,
                station_key=officer.station_key,
            )
            steps.append(Step(Noun.OFFICER, officer.name, tuple(changes), target, rows=tuple(officer.rows)))
    return steps


def _officer_of(row: Row, held: Collection[Officer], wanted: OfficersInFile, draft: Draft) -> OfficerInFile | None:
    """Whom a row speaks of: by key, else by the name as the city knows it, else by a key made from the name."""
    name = " ".join(row["name_uk"].split())
    try:
        if row["officer_key"]:
            key = read_key(row["officer_key"])
        elif name and name not in CLEAR:
            same_name = [officer.key for officer in held if officer.name_uk.casefold() == name.casefold()]
            key = same_name[0] if len(same_name) == 1 else read_key(key_from_name(name))
        else:
            raise BadCell(_("The cell is empty."), _("Write the officer's full name."))
    except BadCell as cell:
        draft.refuse(row.number, "officer_key" if row["officer_key"] else "name_uk", cell)
        return None
    officer = wanted.officers.get(key)
    if officer is None:
        officer = OfficerInFile(key, next((each for each in held if each.key == key), None))
        wanted.officers[key] = officer
    officer.rows.append(row.number)
    return officer


def _state(officer: OfficerInFile, row: Row, stations: Mapping[str, str], draft: Draft, today: datetime.date) -> None:
    stated = stated_fields(row, FIELDS, draft)
    if stated.get("checked_on", today) > today:
        draft.refuse(
            row.number, "checked_on", BadCell(_("The day is in the future."), _("Write the day of the last check."))
        )
    station_key = _station_key(row, stations, draft)
    if station_key is not None:
        stated["station"] = station_key
    for name, value in stated.items():
        before = officer.stated.setdefault(name, value)
        earlier_row = officer.stated_in.setdefault(name, row.number)
        if before != value:
            draft.refuse(
                row.number,
                name,
                BadCell(
                    _("Row %(row)d says “%(other)s” of the same officer.")
                    % {"row": earlier_row, "other": as_text(before)},
                    _("Write the same in both, or give two people different keys in the column officer_key."),
                ),
            )


def _station_key(row: Row, stations: Mapping[str, str], draft: Draft) -> str | None:
    """The key of the station, "" for none, None where the row does not say."""
    text = row["station"]
    if not text:
        return None
    if text in CLEAR:
        return ""
    found = [key for key, name in stations.items() if text.casefold() in {key.casefold(), name.casefold()}]
    if len(found) == 1:
        return found[0]
    near = difflib.get_close_matches(text, [*stations, *stations.values()], n=3, cutoff=0.4)
    advice = (
        _("The nearest are %(stations)s.") % {"stations": ", ".join(near)}
        if near
        else _("Bring in the stations too, with a file of their own.")
    )
    draft.refuse(row.number, "station", BadCell(_("There is no station “%(text)s”.") % {"text": text}, advice))
    return None


def _districts(row: Row, codes: DistrictCodes, draft: Draft) -> list[District]:
    districts: list[District] = []
    texts = read_codes(row["districts"])
    if not texts:
        draft.refuse(
            row.number,
            "districts",
            BadCell(_("The cell is empty."), _("Write the code of the district, several with “;” between.")),
        )
    for text in texts:
        try:
            district = codes.read(text)
        except BadCell as cell:
            draft.refuse(row.number, "districts", cell)
        else:
            if district not in districts:
                districts.append(district)
    return districts


def _role_and_days(row: Row, draft: Draft) -> tuple[Posting.Role, tuple[datetime.date | None, datetime.date | None]]:
    role = Posting.Role.MAIN
    if row["role"] and row["role"] not in CLEAR:
        try:
            role = read_role(row["role"])
        except BadCell as cell:
            draft.refuse(row.number, "role", cell)
    return role, _span(row, "from", "until", draft)


def _leave(row: Row, draft: Draft) -> Days | None:
    start, end = _span(row, "leave_from", "leave_until", draft)
    if start is None and end is not None:
        draft.refuse(
            row.number, "leave_from", BadCell(_("The leave has an end but no beginning."), _("Write its first day."))
        )
    return Days.between(start, end) if start else None


def _span(row: Row, first: str, last: str, draft: Draft) -> tuple[datetime.date | None, datetime.date | None]:
    """First day, and the day after the last: a person writes the last day, the database the first day without."""
    days: dict[str, datetime.date | None] = {first: None, last: None}
    for column in days:
        if row[column] and row[column] not in CLEAR:
            try:
                days[column] = read_day(row[column])
            except BadCell as cell:
                draft.refuse(row.number, column, cell)
    start, end = days[first], days[last]
    if start and end and end < start:
        draft.refuse(
            row.number,
            last,
            BadCell(
                _("The last day is before the first, %(day)s.") % {"day": as_text(start)},
                _("Swap them or correct one; the last day is included."),
            ),
        )
        return start, None
    return start, end + datetime.timedelta(days=1) if end else None


def _require(officer: OfficerInFile, draft: Draft) -> None:
    """A card needs a name, and a phone or an e-mail, from the file or from before."""
    row = officer.rows[0]
    names = {heading: column for column, heading in draft.headings.items()}
    failed = {names.get(error.column, error.column) for error in draft.errors if error.row in officer.rows}

    def value(name: str) -> object:
        return officer.stated.get(name, getattr(officer.old, name, ""))

    if not value("name_uk") and "name_uk" not in failed:
        draft.refuse(row, "name_uk", BadCell(_("The cell is empty."), _("Write the officer's full name.")))
    if not value("phone") and not value("email") and not failed & {"phone", "email"}:
        draft.refuse(
            row,
            "phone",
            BadCell(
                _("There is neither a phone nor an e-mail."),
                _("Write at least one of them: people must be able to reach the officer."),
            ),
        )
