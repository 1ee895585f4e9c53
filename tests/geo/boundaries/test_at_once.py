"""Two people decide on one edition at once, each on a connection of their own: one of them is told no."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from geo.boundaries.activation import ActivationRefused, activate_edition
from geo.boundaries.importing import reject_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import BoundaryEdition
from tests.world import World, square

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition(world: World) -> BoundaryEdition:
    return record_edition(
        city=world.city,
        districts=[DrawnDistrict("1", "", square(25.0, 49.99))],
        source="tests",
        recorded_at=timezone.now(),
        recorded_by="tests",
    )


@pytest.fixture
def begin() -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """Begin a deed on another connection, and go on once it waits for a lock or is done."""
    with ThreadPoolExecutor(1) as pool:

        def begun(deed: Callable[[], object]) -> Future[object]:
            def on_its_own_connection() -> object:
                try:
                    return deed()
                finally:
                    connection.close()

            future = pool.submit(on_its_own_connection)
            with connection.cursor() as cursor:
                for _ in range(500):
                    cursor.execute(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                        "AND wait_event_type = 'Lock'"
                    )
                    if future.done() or cursor.fetchone()[0]:
                        break
                    time.sleep(0.02)
            return future

        yield begun


Begin = Callable[[Callable[[], object]], Future[object]]


def is_in_force(edition: BoundaryEdition) -> bool:
    return BoundaryEdition.objects.in_force_at(timezone.now()).filter(pk=edition.pk).exists()


def test_an_edition_that_is_being_rejected_cannot_be_put_in_force(edition: BoundaryEdition, begin: Begin) -> None:
    theirs = BoundaryEdition.objects.get(pk=edition.pk)
    with transaction.atomic():
        reject_edition(edition, by="one", now=timezone.now())
        other = begin(lambda: activate_edition(theirs, by="other", now=timezone.now()))
        assert not other.done()
    with pytest.raises(ActivationRefused):
        other.result(timeout=10)
    assert not is_in_force(edition)
    assert BoundaryEdition.objects.get(pk=edition.pk).rejected_by == "one"


def test_an_edition_that_is_being_put_in_force_cannot_be_rejected(edition: BoundaryEdition, begin: Begin) -> None:
    theirs = BoundaryEdition.objects.get(pk=edition.pk)
    with transaction.atomic():
        activate_edition(edition, by="one", now=timezone.now())
        other = begin(lambda: reject_edition(theirs, by="other", now=timezone.now()))
        assert not other.done()
    with pytest.raises(ValueError):
        other.result(timeout=10)
    assert is_in_force(edition)
    assert BoundaryEdition.objects.get(pk=edition.pk).rejected_at is None
