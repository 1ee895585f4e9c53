"""Erasing a letter takes it out of no count: it loses its square alone."""

import uuid

from django.db.models import Sum

from analysis.models import CellCount, HourCount
from appeals import services
from appeals.access import as_task
from appeals.models import Appeal
from appeals.services.erasing import ERASE, Why, erase_contacts, erase_letters
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import new_letter
from tests.world import NOON


def totals() -> tuple[int, int, int]:
    """Letters in all counts of days, in those with a square, and in those of hours."""
    cells = CellCount.objects
    return tuple(
        each.aggregate(n=Sum("n"))["n"] or 0 for each in (cells, cells.filter(cell__isnull=False), HourCount.objects)
    )  # type: ignore[return-value]


def test_an_erased_letter_counts_on_in_its_district(db: None) -> None:
    office: Office = build_office()
    for _ in range(2):
        new_letter(office.world)
    for letter in Appeal.objects.with_key():
        services.reply(appeal=letter, author=office.officer, body="Done.", sent_at=NOON, key=uuid.uuid4())
    assert totals() == (2, 2, 2)
    keys = [letter.pk]
    with as_task(ERASE):
        erase_contacts(keys, at=NOON, why=Why.RULE)
        assert totals() == (2, 2, 2)
        erase_letters(keys, at=NOON, why=Why.RULE)
    assert totals() == (2, 1, 2)
