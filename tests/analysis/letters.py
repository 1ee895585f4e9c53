"""Many accepted letters at once, as they lie in the table, and houses for a gazetteer."""

import datetime
import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.gis.geos import Point

from appeals.models import Appeal, Category, LetterKey, Place, key_ring
from appeals.sealing import new_key
from geo.models import House, Street
from tests.appeals.conftest import Office
from tests.world import NOON, TODAY, World

SPAM = {"state": "spam", "suspected_at": NOON}
COUNTED = {"state": "accepted", "suspected_at": None}
"""What an accepted letter says of itself as it is set aside, and as it comes back past the services."""
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted letter: where (None: no place), when, about what, how it came, from whom it is kept."""

    place: tuple[float, float] | None = (25.005, 49.995)
    at: datetime.datetime = NOON
    category: str = "noise"
    source: str = "web"
    district: str = "1"
    kept: bool = False


def accepted(office: Office, letters: Iterable[Sent]) -> list[Appeal]:
    """Insert accepted letters with their keys, past the services, which would take a transaction for each."""
    world, ring = office.world, key_ring()
    categories = {each.slug: each for each in Category.objects.all()}
    districts = {each.code: each for each in world.city.districts.all()}
    rows = []
    for sent in letters:
        category, number = categories[sent.category], next(_numbers)
        kept = {"addressee": "supervisor", "recused_officer": world.officer, "why": "kept"}
        appeal = Appeal(
            city=world.city, year=2026, number=number, district=districts[sent.district], edition=world.edition,
            rule="polygon" if sent.place else "chosen", lane="message", answer_by="receipt", category=category,
            protected=category.protected, source=sent.source, text_sealed=b"sealed", writer_sealed=b"sealed",
            received_at=sent.at, clock_from=TODAY, answer_due_on=TODAY, state="accepted", accepted_at=sent.at,
            receipt_hash=f"sent{number}",
            **(kept if sent.kept else {"officer": world.officer, "why": "main"}),
        )  # fmt: skip
        appeal.letter_key = new_key()
        appeal.put_place(Place(*sent.place) if sent.place else Place(), building="")
        rows.append(appeal)
    Appeal.objects.bulk_create(rows)
    LetterKey.objects.bulk_create(
        LetterKey(appeal=row, wrapped=ring.wrap(row.letter_key, row=str(row.pk)), wrapped_by=ring.current)
        for row in rows
    )
    return rows


def give_houses(world: World, per_district: int, *, seed: int = 1, west: float = 25.0) -> None:
    """Let the city know so many houses in each of its three squares."""
    chance = random.Random(seed)
    street = Street.objects.create(city=world.city, name_uk=f"вулиця Перша {seed}")
    House.objects.bulk_create(
        House(
            street=street,
            number=str(number),
            key=str(number),
            location=Point(
                west + 0.01 * (number % 3) + chance.uniform(0.0002, 0.0098), 49.99 + chance.uniform(0.0002, 0.0098),
                srid=4326,
            ),
        )
        for number in range(3 * per_district)
    )  # fmt: skip
