"""Mail that did not arrive, as those who look after a city's notices see it: how much there is, and which."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q

from appeals.models import Appeal, Notice, NoticeQuerySet, reads_letters_in, rights_given
from geo.models import City
from geo.prepared_queries import PreparedList, PreparedQuery, Slices, given
from people.models import User

SHOWN: Final = (
    "state", "kind", "trouble", "side", "tries", "settled_at", "report",
    "appeal__year", "appeal__number", "reader__first_name", "reader__last_name", "reader__email",
)  # fmt: skip


def _of_city() -> NoticeQuerySet:
    notices: NoticeQuerySet = Notice.objects.of_city(given("city", "bigint"))
    return notices


def _of_readable_letters() -> NoticeQuerySet:
    letters = Appeal.objects.open_to_rights_given().filter(pk=OuterRef("appeal"))
    return _of_city().filter(Q(appeal__isnull=True) | Exists(letters))


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
