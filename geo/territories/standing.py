"""Answers that are made of all houses of a city, kept while nothing changes of which they are made.

Of 16,000 houses an answer takes a quarter of a second, and its page is opened again and again.
"""

import datetime
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar, cast

from django.db import connection

from geo.models import BoundaryEdition, City, TerritoryList
from geo.prepared_queries import PreparedQuery, answers_of, given

Answer = TypeVar("Answer")
KEPT: Final = 16
"""Answers that a process keeps, the latest asked for: of a city of 16,000 houses some megabytes at the most."""
GAZETTEER: Final = PreparedQuery(
    lambda: (
        City.objects.filter(pk=given("city", "bigint"))
        .order_by()
        .values_list("gazetteer_version", "houses_version", "outline")
    )
)
LISTS: Final = PreparedQuery(lambda: _in_force(TerritoryList.objects.all()))
EDITIONS: Final = PreparedQuery(lambda: _in_force(BoundaryEdition.objects.all()))
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_looking = Lock()


def as_it_stands(question: str, city: City, at: datetime.datetime, make: Callable[[], Answer]) -> Answer:
    """Return the answer to a question about the houses, streets, list and polygons of a city in force at a moment.

    Names and houses count up versions of the city (triggers do), lists and editions are never changed
    once they are recorded. Within a transaction nothing is kept: what it has written may be given up again.
    """
    if connection.in_atomic_block:
        return make()
    made_of = (question, city.pk, *_standing(city, at))
    with _looking:
        if made_of in _kept:
            _kept.move_to_end(made_of)
            return cast(Answer, _kept[made_of])
    answer = make()  # others are answered meanwhile
    with _looking:
        _kept[made_of] = answer
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return answer


def _standing(city: City, at: datetime.datetime) -> tuple[Hashable, ...]:
    """What is in force. Asked before the answer is made: of something newer it is given to nobody who asks later."""
    of_city = {"city": city.pk}
    [(names, houses, outline)], lists, editions = answers_of(
        GAZETTEER.asked(**of_city), LISTS.asked(**of_city, at=at), EDITIONS.asked(**of_city, at=at)
    )
    return names, houses, outline.wkb.tobytes() if outline else None, tuple(lists), tuple(editions)


def _in_force(rows: Any) -> Any:
    in_force = rows.in_force_at(given("at", "timestamptz")).filter(city=given("city", "bigint"))
    return in_force.order_by().values_list("pk", flat=True)
