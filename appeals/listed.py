"""Letters as lists show them: ordered by their keys alone, then loaded with the names that stand beside them.

To order two thousand letters with names and sealed words takes the database three times as long as to order keys.
"""

from typing import Final

from appeals.models import Appeal, AppealQuerySet
from geo.prepared_queries import PreparedQuery, each_given

UNSHOWN: Final = (
    "text_sealed", "writer_sealed", "place_sealed", "registration_sealed", "building_hash", "receipt_hash",
    "content_hash",
)  # fmt: skip
"""What no list shows."""
BY_KEYS: Final = PreparedQuery(
    lambda: Appeal.objects.filter(pk__in=each_given("keys", "bigint")).with_names().defer(*UNSHOWN).order_by()
)


def listed(letters: AppealQuerySet) -> list[Appeal]:
    """Return ordered letters, or a slice of them, as `with_names` loads them, without what rests sealed."""
    keys = list(letters.values_list("pk", flat=True))
    found = {letter.pk: letter for letter in BY_KEYS.rows(keys=keys)} if keys else {}
    return [found[key] for key in keys if key in found]
