"""Letters as lists show them: ordered by their keys alone, then loaded with the names that stand beside them.

To order two thousand letters with names and sealed words takes the database three times as long as to order keys.
"""

from collections.abc import Sequence
from typing import Any, Final

from appeals.models import Appeal, AppealQuerySet, rights_by_key
from geo.models import City
from geo.prepared_queries import PreparedList, PreparedQuery, Slices, each_given, given
from people.models import User

BY_KEYS: Final = PreparedQuery(lambda: Appeal.objects.filter(pk__in=each_given("keys", "bigint")).for_list())


def _waiting(letters: AppealQuerySet) -> Any:
    theirs = letters.filter(city=given("city", "bigint")).not_kept_from(given("user", "bigint"))
    return theirs.waiting().soonest_due_first().values_list("pk", flat=True)


OF_CITY: Final[PreparedList[int]] = PreparedList(lambda: _waiting(Appeal.objects.all()))
OF_DISTRICTS: Final[PreparedList[int]] = PreparedList(
    lambda: _waiting(Appeal.objects.of_districts_or_cities(each_given("own", "bigint"), []))
)


def waiting_keys(user: User, city: City) -> Slices[int]:
    """Return the keys of the letters of a city that wait and that a person may read, no administrator, as
    `soonest_due_first` puts them: of all of it for its supervisors, else of the districts that are their own today.
    """
    own, supervised = rights_by_key(user)
    of_mine = OF_CITY if city.pk in supervised else OF_DISTRICTS
    return of_mine.of(city=city.pk, user=user.pk, own=own)


def listed(letters: AppealQuerySet | list[int]) -> list[Appeal]:
    """Return ordered letters, or a slice of them or of their keys, as `for_list` loads them."""
    keys = letters if isinstance(letters, list) else list(letters.values_list("pk", flat=True))
    return by_key(BY_KEYS, keys)


def by_key(shown: PreparedQuery[Appeal], keys: Sequence[int], **values: object) -> list[Appeal]:
    """Return the letters of some keys, in that order, as a question of `keys` (and other values) loads them.

    What the question, or a policy, does not show any more is left out.
    """
    found = {letter.pk: letter for letter in shown.rows(keys=list(keys), **values)} if keys else {}
    return [found[key] for key in keys if key in found]
