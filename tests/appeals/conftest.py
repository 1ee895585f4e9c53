"""A training city with staff of every role."""

from dataclasses import dataclass

import pytest

from people.models import Membership, User
from tests.world import World, build_world


@dataclass(frozen=True)
class Office:
    """The training city, and its people who sign in."""

    world: World
    officer: User
    supervisor: User


def user_with_role(world: World, role: str, email: str) -> User:
    """Return a new user with one role in the city."""
    user = User.objects.create_user(email)
    Membership.objects.create(user=user, city=world.city, role=role)
    return user


def build_office(slug: str = "navchannia", west: float = 25.0) -> Office:
    """Create a training city; its officer of the north and its supervisor can sign in."""
    world = build_world(slug, stage="training", west=west)
    officer = user_with_role(world, "officer", f"officer@{slug}.example.org")
    world.officer.user = officer
    world.officer.save()
    return Office(world, officer, user_with_role(world, "supervisor", f"supervisor@{slug}.example.org"))


@pytest.fixture
def office(db: None) -> Office:
    """A training city whose officer of the north and supervisor can sign in."""
    return build_office()
