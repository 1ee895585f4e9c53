"""Live counts stay true while many people change letters of one square at one time."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from analysis.counting import differences
from analysis.models import CellCount
from appeals.access import as_task
from appeals.models import Appeal, Category
from tests.analysis.letters import COUNTED, SPAM, Sent, accepted
from tests.appeals.conftest import build_office

PEOPLE, DEEDS = 4, 40


@pytest.mark.django_db(transaction=True)
def test_crossing_changes_neither_wait_in_a_circle_nor_lose_a_letter() -> None:
    """Everybody moves letters of their own to and fro between the same topics, accepted ones and spam."""
    office = build_office()
    categories = list(Category.objects.filter(protected=False))
    each = [Sent(category=category.slug) for category in categories for _ in range(3)]
    letters = [[row.pk for row in accepted(office, each)] for _ in range(PEOPLE)]

    def change(mine: list[int], seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(DEEDS):
                some = Appeal.objects.filter(pk__in=chance.sample(mine, 15))
                with as_task("test"):
                    some.update(category=chance.choice(categories), **chance.choice([COUNTED, SPAM]))
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as people:
        for done in [people.submit(change, mine, seed) for seed, mine in enumerate(letters)]:
            done.result()
    assert differences() == []
    assert CellCount.objects.letters() == Appeal.objects.filter(state="accepted").count()
