"""How a city answers: letters of a period, counted by district and by officer, read for the pure sums of
`appeals.answer_times`.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, Generic, TypeVar

from django.db.models import Case, Count, DateField, F, Func, IntegerField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from appeals.answer_times import Figures, Sums, working_days
from appeals.calendar import Calendar
from appeals.models import Appeal, AppealQuerySet, clock_of, rights_by_key
from appeals.workflow import OPEN_STATES, State
from geo.models import City, District
from geo.moments import start_of_local_day
from geo.prepared_queries import PreparedQuery, each_given, given
from people.models import Officer, User

Whose = TypeVar("Whose", District, Officer)
KEPT = Q(recused_officer__isnull=False) | Q(recused_supervisor__isnull=False)
DETAILED: Final = Case(When(KEPT | Q(protected=True), then=False), default=True)
"""Whether a letter is told of in a row: not a protected one, nor one that is kept from somebody."""


def _named(model: type[Model], *names: str) -> Any:
    return model._base_manager.order_by().only(*names).filter(pk__in=each_given("keys", "bigint"))


NAMED: Final[Mapping[type[Model], PreparedQuery[Any]]] = {
    District: PreparedQuery(partial(_named, District, "code", "name_uk", "name_en")),
    Officer: PreparedQuery(partial(_named, Officer, "name_uk", "name_en")),
}
"""Whose rows are told, by their keys: with their names alone."""


@dataclass(frozen=True, slots=True)
class Statistics(Generic[Whose]):
    """Letters received from `first` to `last`, as they stood at the end of `on`: all, and by district or officer.

    Protected letters, and those kept from somebody, are in the total alone: a row of few would tell of them. Those that
    were `withdrawn` by their writers before an answer are counted nowhere else.
    """

    first: datetime.date
    last: datetime.date
    on: datetime.date
    total: Figures
    rows: tuple[tuple[Whose, Figures], ...]
    withdrawn: int


class _Groups:
    """Letters of a period in groups that are told of alike: by some rows, of those that a question is narrowed to."""

    def __init__(self, *rows: Any, narrowed: Callable[[AppealQuerySet, Any], AppealQuerySet] = lambda all_, _: all_):
        self._rows, self._narrowed = rows, narrowed
        self._of_city: PreparedQuery[tuple[Any, ...]] = PreparedQuery(self._given)

    def read_by(
        self,
        user: User,
        city: City,
        *,
        first: datetime.date,
        last: datetime.date,
        on: datetime.date,
        district: int | None = None,
    ) -> Iterable[tuple[Any, ...]]:
        """Yield the values of the rows, whether withdrawn, and what `Sums.add` takes."""
        days, moments = _working_days(clock_of(city).calendar, first, on)
        span = {"since": start_of_local_day(first), "until": start_of_local_day(last + datetime.timedelta(days=1))}
        if city.pk in rights_by_key(user, on=on)[1]:
            asked = {"city": city.pk, "user": user.pk, "on": on, "days": days, "moments": moments, "district": district}
            return self._of_city.rows(**span, **asked)
        letters = Appeal.objects.visible_to(user, on=on).filter(city=city)
        listed = {"days": RawSQL("%s::date[]", (days,)), "moments": RawSQL("%s::timestamptz[]", (moments,))}
        return self._told(letters, **span, on=Value(on), **listed, district=district)

    def _given(self) -> "QuerySet[Any, tuple[Any, ...]]":
        letters = Appeal.objects.filter(city=given("city", "bigint")).not_kept_from(given("user", "bigint"))
        return self._told(
            letters,
            since=given("since", "timestamptz"),
            until=given("until", "timestamptz"),
            on=given("on", "date"),
            days=given("days", "date[]"),
            moments=given("moments", "timestamptz[]"),
            district=given("district", "bigint"),
        )

    def _told(
        self, letters: AppealQuerySet, *, since: Any, until: Any, on: Any, days: Any, moments: Any, district: Any
    ) -> "QuerySet[Any, tuple[Any, ...]]":
        told_until = Coalesce("first_word_on", on, output_field=DateField())
        due_on = Case(When(first_word_on__isnull=True, then=F("answer_due_on")), default=F("first_due_on"))
        alike = {
            "is_withdrawn": Q(first_word_on__isnull=True) & ~Q(state__in=OPEN_STATES),
            "waited": _begun(told_until, days) - _begun(F("received_at"), moments),
            "is_answered": Q(first_word_on__isnull=False),
            "is_asked": Q(answered_on__isnull=False),
            "is_late": LessThan(due_on, told_until),
        }
        letters = self._narrowed(letters, district).filter(received_at__gte=since, received_at__lt=until)
        rows = {f"row_{n}": row for n, row in enumerate(self._rows)}
        groups = letters.exclude(state=State.SPAM).order_by().values(**rows, **alike).annotate(n=Count("pk"))
        told: QuerySet[Any, tuple[Any, ...]] = groups.values_list(*rows, *alike, "rating", "n")
        return told


BY: Final[Mapping[type[Model], _Groups]] = {
    District: _Groups(F("district"), DETAILED),
    Officer: _Groups(F("officer"), DETAILED),
}
# Whoever a letter is kept from reads the report too: its rating or its lateness must not show there.
TOGETHER: Final = _Groups(narrowed=lambda letters, _district: letters.kept_from_nobody())
OF_DISTRICT: Final = _Groups(
    narrowed=lambda letters, district: letters.kept_from_nobody().filter(district=district, protected=False)
)


def statistics_of(
    city: City,
    read_by: User,
    *,
    by: type[Whose],
    first: datetime.date,
    last: datetime.date,
    on: datetime.date,
) -> Statistics[Whose]:
    """Count the letters of a city received from one local day to another, both included, seen on a later one.

    The letters are those that a person may read; `by` says whose rows are told, with the names of their districts or
    officers alone. Suspected spam is left out. Two questions, however many letters.
    """
    withdrawn, rest = 0, Sums()
    rows: defaultdict[int, Sums] = defaultdict(Sums)
    groups = BY[by].read_by(read_by, city, first=first, last=last, on=on)
    for key, detailed, is_withdrawn, *alike in groups:
        if is_withdrawn:
            withdrawn += alike[-1]
        else:
            (rest if key is None or not detailed else rows[key]).add(*alike)
    named: dict[int, Whose] = {each.pk: each for each in NAMED[by].rows(keys=list(rows))}
    told: dict[int, Figures] = {key: sums.figures for key, sums in rows.items()}
    return Statistics(
        first=first,
        last=last,
        on=on,
        total=Figures.of_all([rest.figures, *told.values()]),
        rows=tuple((named[key], figures) for key, figures in told.items()),
        withdrawn=withdrawn,
    )


def figures_to_report(
    city: City,
    read_by: User,
    *,
    district: int | None,
    first: datetime.date,
    last: datetime.date,
    on: datetime.date,
) -> Figures:
    """Return the figures of all letters of a period together that nobody keeps from anybody, in some dozens of groups.

    Of one district, by its key, those that are not protected.
    """
    sums, groups = Sums(), TOGETHER if district is None else OF_DISTRICT
    for is_withdrawn, *alike in groups.read_by(read_by, city, first=first, last=last, on=on, district=district):
        if not is_withdrawn:
            sums.add(*alike)
    return sums.figures


def _begun(moment: Any, sorted_days: Any) -> Func:
    """Return how many of some days have begun."""
    return Func(moment, sorted_days, function="width_bucket", output_field=IntegerField())


@lru_cache(maxsize=64)
def _working_days(calendar: Calendar, first: datetime.date, last: datetime.date) -> tuple[str, str]:
    """Return the working days of a span, and the moments at which they begin, as PostgreSQL writes lists."""
    days = working_days(calendar, first, last)
    return _listed(days), _listed(map(start_of_local_day, days))


def _listed(values: Iterable[object]) -> str:
    return f"{{{','.join(map(str, values))}}}"
