"""What a city owes its writers today, by district and by whoever answers there: the supervisor's board."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from django.db.models import Count, Q

from appeals.models import Addressee, Appeal, AppealQuerySet, rights_by_key
from appeals.models.questions import days_soon_after, soon_after
from geo.labels import in_counting_order
from geo.models import City, District
from geo.prepared_queries import PreparedQuery, given
from people.findings import Staffing, staffing
from people.models import Officer, User


@dataclass(frozen=True, slots=True)
class Load:
    """Letters that wait for an answer: all of them, and those overdue, due today, due within SOON_DAYS after it."""

    waiting: int = 0
    overdue: int = 0
    today: int = 0
    soon: int = 0

    def __add__(self, other: Self) -> "Load":
        return Load(
            self.waiting + other.waiting, self.overdue + other.overdue, self.today + other.today, self.soon + other.soon
        )


NOTHING = Load()


@dataclass(frozen=True, slots=True)
class DistrictLoad:
    """What waits for the officers of a district, and who answers there that day: nobody where `officer` is None."""

    district: District
    officer: Officer | None
    is_acting: bool = False
    load: Load = NOTHING


@dataclass(frozen=True, slots=True)
class OfficerLoad:
    """What waits for one officer, in every district where they answer that day."""

    officer: Officer
    districts: tuple[District, ...]
    load: Load


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Letters that name an officer who is not posted to their district any more."""

    officer: Officer
    letters: int


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board. `above` is what the supervisors answer themselves; it stands in no district's row."""

    districts: tuple[DistrictLoad, ...]
    officers: tuple[OfficerLoad, ...]
    left_behind: tuple[LeftBehind, ...]
    above: Load
    total: Load

    @property
    def unassigned(self) -> list[DistrictLoad]:
        """Districts where nobody answers that day, with what waits there or without."""
        return [each for each in self.districts if each.officer is None]


@dataclass(slots=True)
class _Sums:
    """The groups that the database counted, added up."""

    by_district: dict[int, Load] = field(default_factory=dict)
    named: dict[tuple[int, int], int] = field(default_factory=dict)
    above: Load = NOTHING

    @classmethod
    def of(cls, groups: Iterable[Mapping[str, Any]]) -> Self:
        sums = cls()
        for group in groups:
            load = Load(group["waits"], group["overdue"], group["today"], group["soon"])
            district, officer = group["district"], group["officer"]
            if group["addressee"] == Addressee.SUPERVISOR:
                sums.above += load
                continue
            sums.by_district[district] = sums.by_district.get(district, NOTHING) + load
            if officer is not None:
                sums.named[officer, district] = sums.named.get((officer, district), 0) + load.waiting
        return sums


def board(city: City, read_by: User, *, on: datetime.date) -> Board:
    """Count the letters of a city that wait on a local day and that a person may read.

    A letter stands with whoever answers in its district that day, acting before main, as the public card names them;
    not with the officer of the day on which it came. The number of questions asked does not grow with the city.
    """
    sums = _Sums.of(_groups(city, read_by, on=on))
    staffed = staffing(city, on)
    rows = _rows(staffed, sums)
    return Board(
        districts=tuple(sorted(rows, key=lambda row: in_counting_order(row.district.code))),
        officers=_by_officer(rows),
        left_behind=_left_behind(sums, _posted(staffed)),
        above=sums.above,
        total=sum(sums.by_district.values(), sums.above),
    )


def left_behind(city: City, letters: Iterable[Appeal], *, on: datetime.date) -> list[Appeal]:
    """Return those of some letters that name an officer who is not posted to their district on a local day."""
    posted = _posted(staffing(city, on))
    named = (each for each in letters if each.officer_id and each.addressee != Addressee.SUPERVISOR)
    return [each for each in named if (each.officer_id, each.district_id) not in posted]


def _counted(letters: AppealQuerySet, *, on: Any, soon: Q) -> Any:
    return (
        letters.waiting()
        .order_by()
        .values("district", "addressee", "officer")
        .annotate(
            waits=Count("pk"),
            overdue=Count("pk", filter=Q(answer_due_on__lt=on)),
            today=Count("pk", filter=Q(answer_due_on=on)),
            soon=Count("pk", filter=soon),
        )
    )


OF_SUPERVISED: Final = PreparedQuery(
    lambda: _counted(
        Appeal.objects.filter(city=given("city", "bigint")).not_kept_from(given("user", "bigint")),
        on=given("on", "date"),
        soon=Q(answer_due_on__range=(given("first_soon", "date"), given("last_soon", "date"))),
    )
)


def _groups(city: City, read_by: User, *, on: datetime.date) -> Iterable[Mapping[str, Any]]:
    if city.pk in rights_by_key(read_by, on=on)[1]:
        first, last = days_soon_after(on)
        return OF_SUPERVISED.rows(city=city.pk, user=read_by.pk, on=on, first_soon=first, last_soon=last)
    counted: Iterable[Mapping[str, Any]] = _counted(
        Appeal.objects.visible_to(read_by, on=on).filter(city=city), on=on, soon=soon_after(on)
    )
    return counted


def _posted(staffed: Iterable[Staffing]) -> set[tuple[int, int]]:
    """Return every (officer, district) that is posted, away or not."""
    return {(one.officer_id, each.district.pk) for each in staffed for one in (*each.answering, *each.away)}


def _rows(staffed: Iterable[Staffing], sums: _Sums) -> list[DistrictLoad]:
    """Return a row for each district in force or with letters."""
    rows = []
    for each in staffed:
        acting = next((one for one in each.answering if one.role == "acting"), None)
        answers = acting or (each.answering[0] if each.answering else None)
        load = sums.by_district.get(each.district.pk, NOTHING)
        rows.append(DistrictLoad(each.district, answers.officer if answers else None, acting is not None, load))
    # A district that is in no edition any more may still hold letters; nobody answers there.
    gone = District.objects.in_bulk(sums.by_district.keys() - {row.district.pk for row in rows})
    rows += [DistrictLoad(district, None, load=sums.by_district[district.pk]) for district in gone.values()]
    return rows


def _by_officer(rows: Iterable[DistrictLoad]) -> tuple[OfficerLoad, ...]:
    served: dict[int, OfficerLoad] = {}
    for row in rows:
        if row.officer is None:
            continue
        known = served.get(row.officer.pk, OfficerLoad(row.officer, (), NOTHING))
        districts = tuple(sorted((*known.districts, row.district), key=lambda one: in_counting_order(one.code)))
        served[row.officer.pk] = OfficerLoad(row.officer, districts, known.load + row.load)
    return tuple(sorted(served.values(), key=lambda each: (each.officer.name, each.officer.pk)))


def _left_behind(sums: _Sums, posted: set[tuple[int, int]]) -> tuple[LeftBehind, ...]:
    left: dict[int, int] = {}
    for (officer, district), letters in sums.named.items():
        if (officer, district) not in posted:
            left[officer] = left.get(officer, 0) + letters
    officers = Officer.objects.in_bulk(left)
    behind = [LeftBehind(officers[key], letters) for key, letters in left.items()]
    return tuple(sorted(behind, key=lambda each: each.officer.name))
