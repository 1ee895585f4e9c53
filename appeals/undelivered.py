"""Mail that did not arrive, as those who look after a city's notices see it: how much there is, and which."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q

from appeals.models import Appeal, Notice, NoticeQuerySet, reads_letters_in, rights_given
from geo.models import City
from geo.prepared_queries import PreparedList, PreparedQuery, Slices, answers_of, each_given, given
from people.models import User

SHOWN: Final = (
    "state", "kind", "trouble", "side", "tries", "settled_at", "report",
    "appeal__year", "appeal__number", "reader__first_name", "reader__last_name", "reader__email",
)  # fmt: skip


def _of_city() -> NoticeQuerySet:
    notices: NoticeQuerySet = Notice.objects.of_city(given("city", "bigint"))
    return notices


def _of_readable_letters() -> NoticeQuerySet:
    return _of_city().filter(_readable())


def _readable() -> Q:
    letters = Appeal.objects.open_to_rights_given().filter(pk=OuterRef("appeal"))
    return Q(appeal__isnull=True) | Q(Exists(letters))


def _counted(notices: NoticeQuerySet) -> Any:
    return notices.unsettled().order_by().values_list("state").annotate(count=Count("pk"))


def _listed(notices: NoticeQuerySet) -> NoticeQuerySet:
    return notices.undelivered().select_related("appeal", "reader").only(*SHOWN)


@dataclass(frozen=True, slots=True)
class Mail:
    """The notices of a city that a person may look after, as `NoticeQuerySet.shown_to` tells them.

    `by_state` counts those that are not settled; `undelivered` are read by slices; `is_of_readable` says that the
    person may read each letter that one of them is about.
    """

    by_state: dict[str, int]
    undelivered: Slices[Notice]
    is_of_readable: bool


COUNTS: Final = {
    True: PreparedQuery(lambda: _counted(_of_readable_letters())),
    False: PreparedQuery(lambda: _counted(_of_city())),
}
ROWS: Final = {
    True: PreparedList(lambda: _listed(_of_readable_letters())),
    False: PreparedList(lambda: _listed(_of_city())),
}
"""By whether the person reads letters of the city."""


def mail_of(city: City, *, shown_to: User) -> Mail:
    """Return the mail of a city that is shown to a person."""
    reads = reads_letters_in(shown_to, city)
    values = {"city": city.pk, **(rights_given(shown_to) if reads else {})}
    return Mail(dict(COUNTS[reads].rows(**values)), ROWS[reads].of(**values), reads)


def _by_city(city: str, *, is_to_staff: bool) -> Any:
    """Count undelivered ones by one of the `cities`, in the `others` of which the person reads no letters."""
    others, cities = each_given("others", "bigint"), each_given("cities", "bigint")
    shown = Notice.objects.undelivered().filter(  # in one: of a reader's memberships the same is meant in both
        _readable() | Q(**{f"{city}__in": others}), city__isnull=is_to_staff, **{f"{city}__in": cities}
    )
    return shown.order_by().values_list(city).annotate(count=Count("pk", distinct=True))


BY_CITY: Final = (
    PreparedQuery(lambda: _by_city("city", is_to_staff=False)),
    PreparedQuery(lambda: _by_city("reader__memberships__city", is_to_staff=True)),
)


def undelivered_by_city(user: User, cities: Collection[int], *, reads: Collection[int]) -> Mapping[int, int]:
    """Count, for each of some cities, the undelivered ones that a person may look after (see `mail_of`).

    `reads` are the keys of the cities whose letters they read.
    """
    counts: Counter[int] = Counter()
    if cities:
        values = rights_given(user) | {"cities": list(cities), "others": list(set(cities) - set(reads))}
        for rows in answers_of(*(query.asked(**values) for query in BY_CITY)):
            counts.update(dict(rows))
    return counts
