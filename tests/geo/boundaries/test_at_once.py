"""Two people decide on one edition at once, each on a connection of their own: one of them is told no."""

import pytest
from django.db import transaction
from django.utils import timezone

from geo.boundaries.activation import ActivationRefused, activate_edition
from geo.boundaries.importing import reject_edition
from geo.boundaries.recording import DrawnDistrict, record_edition
from geo.models import BoundaryEdition
from tests.connections import Begin
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
