"""What a moderator's two queues hold: letters to be published, and suspected spam that wants a second look.

Where a letter stands is asked of tables with policies of their own, letter by letter: keys are put in order first, then
the rows of one page are loaded.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from appeals.listed import by_key
from appeals.models import Appeal, AppealQuerySet
from geo.models import City
from geo.prepared_queries import PreparedQuery, each_given, given
from people.models import User

TOLD_TO: Final = 100
"""No more are counted of a queue that is only pointed to."""


class ModeratedQueue:
    """The letters of a queue that wait for a moderator: `ask` returns those of one, `tell` says where they stand."""

    def __init__(self, ask: Callable[[Any], AppealQuerySet], tell: Callable[[AppealQuerySet], AppealQuerySet]) -> None:
        self._all = PreparedQuery(lambda: _keys(ask(given("moderator", "bigint"))))
        self._some = PreparedQuery(lambda: _keys(ask(given("moderator", "bigint"))).order_by()[:TOLD_TO])
        self._shown = PreparedQuery(lambda: tell(Appeal.objects.filter(pk__in=each_given("keys", "bigint"))).for_list())

    def keys(self, *, city: City, moderator: User) -> list[int]:
        """Return the keys of all that wait in a city, the first to be done first."""
        return self._all.rows(city=city.pk, moderator=moderator.pk)

    def count_some(self, *, city: City, moderator: User) -> int:
        """Count what waits in a city, as far as `TOLD_TO`."""
        return len(self._some.rows(city=city.pk, moderator=moderator.pk))

    def rows(self, keys: Sequence[int]) -> list[Appeal]:
        """Return letters by their keys, in that order, with where they stand."""
        return by_key(self._shown, keys)


def _keys(letters: AppealQuerySet) -> Any:
    return letters.filter(city=given("city", "bigint")).values_list("pk", flat=True)


TO_PUBLISH: Final = ModeratedQueue(
    lambda moderator: Appeal.objects.publishable_in_cities_of(moderator).with_publishing().awaiting_text(),
    lambda letters: letters.with_publishing(),
)
SUSPECTED: Final = ModeratedQueue(
    lambda moderator: Appeal.objects.suspected_in_cities_of(moderator).with_second_look().awaiting_second_look(),
    lambda letters: letters.with_second_look(),
)
