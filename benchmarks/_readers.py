"""Who may look at a benchmark's city: the demonstration's own supervisor and analyst."""

from geo.models import City
from mapui.demo import MAIL_HOST
from people.models import Membership, User


def give_readers(city: City) -> None:
    """Let the demonstration's supervisor and analyst read a city too; `./dev` says how they sign in."""
    for role in (Membership.Role.SUPERVISOR, Membership.Role.ANALYST):
        Membership.objects.create(user=User.objects.get(email=f"{role}@{MAIL_HOST}"), city=city, role=role)
