"""What is missing in who serves a city: districts where nobody answers, cards that nobody has checked for long."""

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from geo.boundaries.findings import Finding, Severity, code_and_name
from geo.boundaries.words import KindWords
from geo.models import City, District
from geo.models.districts import DistrictQuerySet
from geo.moments import end_of_local_day
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given
from people.models import Leave, Officer, Posting

STALE_AFTER_DAYS = 90
"""What nobody has made sure of for so many days may be wrong: a card, the phone of a station, a help line, texts."""

NO_OFFICER = "no_officer"
"""`Finding.kind` in the report on boundaries."""
NO_OFFICER_WORDS = KindWords(
    _("Districts without an officer"),
    _("People will see the duty station until an officer is posted there."),
    _("District %(codes)s has no officer."),
    with_fact={"away": _("District %(codes)s: %(away)s is away and nobody acts.")},
)


class Vacancy(StrEnum):
    """Why nobody answers for a district."""

    NOBODY = "nobody"
    ON_LEAVE = "on_leave"


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who answers for a district on a day: `answering` is empty when nobody does; `away` are those on leave."""

    district: District
    answering: tuple[Posting, ...]
    away: tuple[Posting, ...]
    on: datetime.date

    @property
    def vacancy(self) -> Vacancy | None:
        """Why nobody answers, or None."""
        if self.answering:
            return None
        return Vacancy.ON_LEAVE if self.away else Vacancy.NOBODY

    @property
    def stale(self) -> bool:
        """Whether a card shown for the district has not been checked for long."""
        return any(posting.officer.checked_on < stale_before(self.on) for posting in (*self.answering, *self.away))


def stale_before(on: datetime.date) -> datetime.date:
    """Return the day before which a check is too long ago to count on a local day."""
    return on - datetime.timedelta(days=STALE_AFTER_DAYS)


class Served(NamedTuple):
    """A district that is to be served: whether somebody answers there, and whether a card it shows is stale."""

    pk: int
    code: str
    is_served: bool
    is_stale: bool


def _of_city(districts: DistrictQuerySet) -> DistrictQuerySet:
    return districts.filter(city=given("city", "bigint")).order_by("code")


def _told(districts: DistrictQuerySet) -> Any:
    """Vacancies first, then by code."""
    posted = Posting.objects.on(given("on", "date")).filter(district=OuterRef("pk")).order_by()
    away = Leave.objects.filter(officer=OuterRef("officer"), during__contains=given("on", "date"))
    told: Any = _of_city(districts).annotate(
        is_served=Exists(posted.filter(~Exists(away))),
        is_stale=Exists(posted.filter(officer__checked_on__lt=given("before", "date"))),
    )
    return told.order_by("is_served", "code").values_list(*Served._fields)


def _to_serve(tell: Callable[[DistrictQuerySet], Any]) -> tuple[PreparedQuery[Any], PreparedQuery[Any]]:
    """The districts of a city in force at a moment, `at`; all there are."""
    return (
        PreparedQuery(
            lambda: tell(District.objects.in_force_at(given("at", "timestamptz"), city=given("city", "bigint")))
        ),
        PreparedQuery(lambda: tell(District.objects.all())),
    )


TO_SERVE: Final = _to_serve(_of_city)
SERVED: Final = _to_serve(_told)


def _rows_to_serve(
    asked: tuple[PreparedQuery[Any], PreparedQuery[Any]], city: City, day: datetime.date, **values: object
) -> list[Any]:
    """Return the districts in force at the end of a local day, else (no edition yet) all of them."""
    in_force, every = asked
    return in_force.rows(city=city.pk, at=end_of_local_day(day), **values) or every.rows(city=city.pk, **values)


def served(city: City, on: datetime.date) -> list[Served]:
    """Return the districts that are to be served on a local day, vacancies first, then by code."""
    return [Served(*row) for row in _rows_to_serve(SERVED, city, on, on=on, before=stale_before(on))]


def called_like(districts: DistrictQuerySet, part: str, on: datetime.date) -> DistrictQuerySet:
    """The ones of some districts whose name, code or officer on a local day is called like a part of a name."""
    officers = Posting.objects.on(on).filter(
        Q(officer__name_uk__icontains=part) | Q(officer__name_en__icontains=part), district__in=districts.values("pk")
    )
    own = Q(name_uk__icontains=part) | Q(name_en__icontains=part) | Q(code=part)
    return districts.filter(own | Q(pk__in=officers.values("district")))


def _posted() -> QuerySet[Posting]:
    at = Posting.objects.on(given("on", "date")).filter(district__in=each_given("districts", "bigint"))
    # A phone is parsed when it is loaded, and few who ask show any.
    at = at.select_related("officer").defer("officer__phone")
    at = at.annotate(phone=ExpressionWrapper(F("officer__phone"), CharField()))
    return at.order_by("-role", "pk")  # main before acting


POSTED: Final = PreparedQuery(_posted)
AWAY: Final = PreparedQuery(
    lambda: (
        Leave.objects.filter(officer__city=given("city", "bigint"), during__contains=given("on", "date"))
        .order_by()
        .values_list("officer_id", flat=True)
    )
)


def staffing(city: City, on: datetime.date, codes: Collection[str] | None = None) -> list[Staffing]:
    """Who answers for each district on a local day, vacancies first, then by code; `phone` of a posting as it rests.

    The districts are those of `codes`, else those that are to be served that day.
    """
    if codes is not None:
        districts = list(District.objects.filter(city=city, code__in=codes).order_by("code"))
    else:
        districts = _rows_to_serve(TO_SERVE, city, on)
    away, postings = answers_of(
        AWAY.asked(city=city.pk, on=on), POSTED.asked(on=on, districts=[each.pk for each in districts])
    )
    away_ids = set(away)
    posted: dict[int, list[Posting]] = {}
    for posting in postings:
        posted.setdefault(posting.district_id, []).append(posting)
    found = [
        Staffing(
            district=district,
            answering=tuple(each for each in posted.get(district.pk, []) if each.officer_id not in away_ids),
            away=tuple(each for each in posted.get(district.pk, []) if each.officer_id in away_ids),
            on=on,
        )
        for district in districts
    ]
    return sorted(found, key=lambda each: each.vacancy is None)


def districts_without_officer(city: City, on: datetime.date, codes: Collection[str] | None = None) -> list[Staffing]:
    """The districts for which nobody, main or acting, answers on a local day."""
    return [each for each in staffing(city, on, codes) if each.vacancy]


def vacancy_findings(city: City, on: datetime.date, names: Mapping[str, str]) -> list[Finding]:
    """Districts that nobody answers for, as warnings for the report on boundaries.

    `names` are the codes and names of the edition that is checked. A code that the city does not know yet has nobody
    either; a district that it knows keeps its own name.
    """
    known = {each.district.code: each for each in staffing(city, on, names)}
    return [
        _vacancy_finding(code, names[code], known.get(code))
        for code in sorted(names)
        if code not in known or known[code].vacancy
    ]


def _vacancy_finding(code: str, name: str, staffed: Staffing | None) -> Finding:
    name = staffed.district.name_uk if staffed else name
    district, facts = code_and_name(code, name), {"name": name}
    message = f"District {district} has no officer."
    if staffed and staffed.away:
        facts["away"] = staffed.away[0].officer.name_uk
        message = f"District {district}: {facts['away']} is away and nobody acts."
    return Finding(kind=NO_OFFICER, severity=Severity.WARNING, message=message, codes=(code,), facts=facts)


def cards_checked_before(day: datetime.date, *, posted_on: datetime.date) -> QuerySet[Officer]:
    """Officers posted on a local day or later whose cards were confirmed before another one."""
    posted = Posting.objects.on_or_after(posted_on)
    return Officer.objects.filter(checked_on__lt=day, pk__in=posted.values("officer"))
