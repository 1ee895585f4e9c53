"""What a moderator's two queues hold: letters to be published, and suspected spam that wants a second look.

Where a letter stands is asked of tables with policies of their own, letter by letter: keys are put in order first, then
the rows of one page are loaded.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from appeals.listed import by_key
from appeals.models import Appeal, AppealQuerySet
from appeals.models.questions import UNLISTED
from geo.models import City
from geo.prepared_queries import PreparedQuery, each_given, given
from people.models import User

TOLD_TO: Final = 100
"""More are not counted of a queue that is only pointed to."""


Letters = AppealQuerySet
Step = Callable[[Letters], Letters]


class ModeratedQueue:
    """Letters that a moderator may look at, some of which wait for them.

    `theirs` returns those of a moderator, `waiting` leaves those that wait, in order; `told` says where each stands,
    where its own columns do not.
    """

    def __init__(self, theirs: Callable[[Any], Letters], waiting: Step, told: Step | None = None) -> None:
        def asked() -> Letters:
            of_city = theirs(given("moderator", "bigint")).filter(city=given("city", "bigint"))
            return told(of_city) if told else of_city

        number = {"year": given("year", "int"), "number": given("number", "int")}
        self._keys = PreparedQuery(lambda: waiting(asked()).values_list("pk", flat=True))
        self._some = PreparedQuery(lambda: waiting(asked()).values_list("pk", flat=True).order_by()[: TOLD_TO + 1])
        self._one = PreparedQuery(lambda: asked().filter(**number).with_names().with_key().order_by())
        some = {"pk__in": each_given("keys", "bigint")}
        self._listed = PreparedQuery(
            lambda: asked().filter(**some).select_related("district", "category").defer(*UNLISTED).order_by()
        )

    def keys(self, *, city: City, moderator: User) -> list[int]:
        """Return the keys of all that wait in a city, the first to be done first."""
        return self._keys.rows(city=city.pk, moderator=moderator.pk)

    def count_some(self, *, city: City, moderator: User) -> int:
        """Count what waits in a city: one more than `TOLD_TO` where there are more."""
        return len(self._some.rows(city=city.pk, moderator=moderator.pk))

    def rows(self, keys: Sequence[int], *, city: City, moderator: User) -> list[Appeal]:
        """Return those of a moderator's letters that have some keys, in that order, with where they stand."""
        return by_key(self._listed, keys, city=city.pk, moderator=moderator.pk)

    def letter(self, *, city: City, moderator: User, year: int, number: int) -> Appeal | None:
        """Return a letter by its number, waiting or not, with names and key."""
        found = self._one.rows(city=city.pk, moderator=moderator.pk, year=year, number=number)
        return found[0] if found else None


TO_PUBLISH: Final = ModeratedQueue(
    Appeal.objects.publishable_in_cities_of,
    Letters.awaiting_text,
    Letters.with_publishing,
)
SUSPECTED: Final = ModeratedQueue(
    Appeal.objects.suspected_in_cities_of,
    Letters.awaiting_second_look,
)
