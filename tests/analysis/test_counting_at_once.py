"""Live counts stay true while many people change letters of one square at one time."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from analysis.counting import differences
from analysis.models import CellCount
from appeals.access import as_task
from appeals.models import Appeal, Category
from tests.analysis.letters import Sent, accepted
from tests.appeals.conftest import build_office

PEOPLE, DEEDS = 4, 25


@pytest.mark.django_db(transaction=True)
def test_crossing_changes_neither_wait_in_a_circle_nor_lose_a_letter() -> None:
    """Everybody moves the same letters to and fro between three categories, accepts and unaccepts them."""
    letters = [row.pk for row in accepted(build_office(), [Sent()] * 12)]
    categories = list(Category.objects.filter(protected=False)[:3])

    def change(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(DEEDS):
                some = Appeal.objects.filter(pk__in=sorted(chance.sample(letters, 3)))
                with as_task("test"):
                    list(some.order_by("pk").select_for_update())
                    some.update(category=chance.choice(categories), state=chance.choice(["accepted", "spam"]))
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as people:
        for done in [people.submit(change, seed) for seed in range(PEOPLE)]:
            done.result()
    assert differences() == []
    assert CellCount.objects.letters() == Appeal.objects.filter(state="accepted").count()
