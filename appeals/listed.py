"""Letters as lists show them: ordered by their keys alone, then loaded with the names that stand beside them.

To order two thousand letters with names and sealed words takes the database three times as long as to order keys.
"""

from collections.abc import Sequence
from typing import Final

from appeals.models import Appeal, AppealQuerySet
from geo.prepared_queries import PreparedQuery, each_given

BY_KEYS: Final = PreparedQuery(lambda: Appeal.objects.filter(pk__in=each_given("keys", "bigint")).for_list())


def listed(letters: AppealQuerySet) -> list[Appeal]:
    """Return ordered letters, or a slice of them, as `for_list` loads them."""
    return by_key(BY_KEYS, list(letters.values_list("pk", flat=True)))


def by_key(shown: PreparedQuery[Appeal], keys: Sequence[int]) -> list[Appeal]:
    """Return the letters of some keys, in that order, as a question of `keys` loads them."""
    found = {letter.pk: letter for letter in shown.rows(keys=list(keys))} if keys else {}
    return [found[key] for key in keys if key in found]
