"""A letter as the staff see it whole: found by its number, with all that hangs on it and what lies around it.

A letter's tables are guarded, each by policies that take longer to plan than to ask: these questions are prepared.
"""

import datetime
from typing import Any, Final

from django.contrib.gis.db.models import GeometryField
from django.db.models import Count

from appeals.models import Appeal, AppealQuerySet, Erasure, Event, Message, Note, Opening, Photo, rights_given
from appeals.models.questions import REPEATS_FOR, surroundings_of
from geo.models import City
from geo.prepared_queries import PreparedQuery, answers_of, each_given, given, keep_as_prefetched
from people.models import User

AROUND_SHOWN, OPENINGS_SHOWN = 8, 20


def _shown(letters: AppealQuerySet) -> AppealQuerySet:
    return letters.with_names().with_key().select_related("edition", "forwarded_to").order_by()


def _listed(letters: AppealQuerySet) -> AppealQuerySet:
    names = ("year", "number", "state", "received_at", "category__name_uk", "category__name_en")
    return letters.select_related("category").only(*names).order_by("-received_at")[: AROUND_SHOWN + 1]


LETTER: Final = PreparedQuery(
    lambda: _shown(Appeal.objects.open_to_rights_given()).filter(
        city=given("city", "bigint"), year=given("year", "int"), number=given("number", "int")
    )
)
AROUND: Final = PreparedQuery(
    lambda: _listed(
        Appeal.objects.open_to_rights_given()
        .filter(city=given("city", "bigint"))
        .near(
            letter=given("letter", "bigint"),
            squares=each_given("squares", "bigint"),
            point=given("point", "geometry", GeometryField(srid=4326)),
            first=given("first", "timestamptz"),
            last=given("last", "timestamptz"),
        )
    )
)
ABOUT_BUILDING: Final = PreparedQuery(
    lambda: (
        Appeal.objects.open_to_rights_given()
        .of_building(city=given("city", "bigint"), building=given("building", "text"))
        .since(given("moment", "timestamptz"))
        .order_by()
        .values("city")
        .annotate(count=Count("pk"))
        .values_list("count", flat=True)
    )
)
OF_LETTER: Final[dict[str, PreparedQuery[Any]]] = {
    "messages": PreparedQuery(
        lambda: Message.objects.filter(appeal=given("letter", "bigint")).select_related("author")
    ),
    "events": PreparedQuery(lambda: Event.objects.filter(appeal=given("letter", "bigint")).select_related("by")),
    "photos": PreparedQuery(lambda: Photo.objects.filter(appeal=given("letter", "bigint"))),
    "erasures": PreparedQuery(lambda: Erasure.objects.filter(appeal=given("letter", "bigint"))),
    "notes": PreparedQuery(lambda: Note.objects.filter(appeal=given("letter", "bigint")).select_related("author")),
}
"""What hangs on a letter, by the names of its managers."""
OPENINGS: Final = PreparedQuery(
    lambda: (
        Opening.objects.filter(appeal=given("letter", "bigint"))
        .select_related("user")
        .order_by("-opened_at")[:OPENINGS_SHOWN]
    )
)


def letter_read_by(user: User, *, city: City, year: int, number: int) -> Appeal | None:
    """Return a letter by its number, with names and key, where a person may read it today."""
    if user.is_superuser:
        return _shown(Appeal.objects.visible_to(user)).filter(city=city, year=year, number=number).first()
    found = LETTER.rows(**rights_given(user), city=city.pk, year=year, number=number)
    return found[0] if found else None


def letters_around(letter: Appeal, *, read_by: User) -> list[Appeal]:
    """Return the latest letters near a letter in place and time that a person may read: one more than are shown."""
    if letter.location is None:
        return []
    if read_by.is_superuser:
        return list(_listed(Appeal.objects.visible_to(read_by).similar_to(letter)))
    return AROUND.rows(**rights_given(read_by), **surroundings_of(letter), city=letter.city_id)


def count_repeats(letter: Appeal, *, read_by: User, at: datetime.datetime) -> int:
    """Count the letters about the same building in the 12 months before a moment that a person may read."""
    if not letter.building_hash or read_by.is_superuser:
        return 0
    building = {"city": letter.city_id, "building": letter.building_hash, "moment": at - REPEATS_FOR}
    return sum(ABOUT_BUILDING.rows(**rights_given(read_by), **building))


def load_whole(letter: Appeal) -> None:
    """Load all that hangs on a letter, as `prefetch_related` does, with whoever wrote it."""
    answers = answers_of(*(query.asked(letter=letter.pk) for query in OF_LETTER.values()))
    for name, rows in zip(OF_LETTER, answers, strict=True):
        keep_as_prefetched(letter, name, [_of(letter, row) for row in rows])


def load_messages(letter: Appeal) -> None:
    """Load what was said since the letter, as `load_whole` does."""
    rows = OF_LETTER["messages"].rows(letter=letter.pk)
    keep_as_prefetched(letter, "messages", [_of(letter, row) for row in rows])


def openings_of(letter: Appeal) -> list[Opening]:
    """Return who opened a letter last."""
    return [_of(letter, opening) for opening in OPENINGS.rows(letter=letter.pk)]


def _of(letter: Appeal, row: Any) -> Any:
    row.appeal = letter
    return row
