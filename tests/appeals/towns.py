"""A pilot city whose letters may be published: its moderator, its officer, and homes around the usual place."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point

from appeals import services
from appeals.access import as_staff
from appeals.models import PublicVersion
from appeals.services.publishing import HOMES_MIN
from geo.models import City, House, Street
from people.models import User
from tests.appeals.conftest import user_with_role
from tests.appeals.letters import later, new_letter
from tests.world import NOON, World, build_world

QUESTION, ANSWER = "Music every night.", "We spoke to them."


@dataclass(frozen=True)
class Town:
    """A pilot city with letters switched on, its officer, a moderator, and homes around the usual place."""

    world: World
    officer: User
    moderator: User


def build_town(slug: str = "misto", west: float = 25.0, homes: int = HOMES_MIN) -> Town:
    """Create it; `homes` stand in the cell of the usual place of letters."""
    world = build_world(slug, west=west)
    City.objects.filter(pk=world.city.pk).update(takes_letters=True)
    world.city.refresh_from_db()
    officer = user_with_role(world, "officer", f"officer@{slug}.example.org")
    world.officer.user = officer
    world.officer.save()
    user_with_role(world, "supervisor", f"supervisor@{slug}.example.org")
    street = Street.objects.create(city=world.city, name_uk="вулиця Тиха")
    for n in range(homes):
        place = Point(world.in_north.x + n * 1e-5, world.in_north.y, srid=4326)
        House.objects.create(street=street, number=str(n + 1), location=place)
    return Town(world, officer, user_with_role(world, "moderator", f"moderator@{slug}.example.org"))


def allowed(town: Town, **letter: Any) -> services.Submitted:
    """A letter whose writer lets it be published."""
    sent = new_letter(town.world, **letter)
    services.allow_publishing(receipt=sent.receipt, at=NOON)
    return sent


def offered(town: Town, sent: services.Submitted, question: str = QUESTION, answer: str = "") -> PublicVersion:
    """A version before the writer."""
    with as_staff(town.moderator):
        return services.offer_version(
            appeal=sent.appeal, by=town.moderator, question=question, answer=answer, answers=99, at=later(hours=1)
        )


def published(town: Town, **letter: Any) -> services.Submitted:
    """A letter that is public."""
    sent = allowed(town, **letter)
    version = offered(town, sent)
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=2))
    return sent


def answered(town: Town, sent: services.Submitted, body: str = ANSWER) -> None:
    """The officer answers."""
    with as_staff(town.officer, on=NOON.date()):
        services.reply(appeal=sent.appeal, author=town.officer, body=body, sent_at=later(days=1), key=uuid.uuid4())
