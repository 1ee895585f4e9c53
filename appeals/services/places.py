"""Where sealed letters are, for counting alone: opened one by one by a task of the server, and not kept."""

import datetime
from collections.abc import Iterator

from appeals.access import as_task
from appeals.models import Appeal
from geo.models import City


def sealed_places(*, city: City, first: datetime.date, last: datetime.date) -> Iterator[tuple[int, str, float, float]]:
    """Yield district, category's key, longitude and latitude of each protected letter received between two local days.

    Of those that count for everybody and name a place. Whoever asks keeps a sum, never a row.
    Raises appeals.sealing.CannotUnseal where the server lacks a key.
    """
    with as_task("count sealed places"):
        letters = Appeal.objects.counted_for_everybody().received_between(first, last).with_key()
        letters = letters.filter(city=city, protected=True, place_sealed__isnull=False, sealed_by__isnull=False)
        read = letters.select_related("category").only(
            "district", "category__slug", "place_sealed", "receipt_hash", "sealed_by__wrapped", "sealed_by__wrapped_by"
        )
        for letter in read.order_by("pk").iterator(chunk_size=1_000):
            place = letter.place
            if place.lon is not None and place.lat is not None:
                yield letter.district_id, letter.category.slug, place.lon, place.lat
