"""The demonstration: somebody of every role signs in, an officer's line says where, and a letter can be forwarded."""

from pathlib import Path
from typing import Any

from appeals.models import Body
from geo.models import City
from mapui.demo import _load_bodies, _load_users, sign_ins
from people.models import Membership, Posting
from tests.world import NOON, TODAY, build_world


def test_officers_of_both_cities_sign_in_and_their_lines_say_where(db: None, settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    for slug, stage, west in (("ternopil", "pilot", 25.0), ("ternopil-training", "training", 26.0)):
        build_world(slug, stage=stage, west=west)
    _load_users()
    cities = Membership.objects.filter(role="officer").values_list("city__slug", flat=True)
    assert set(cities) == {"ternopil", "ternopil-training"}
    assert set(Membership.objects.values_list("role", flat=True)) == set(Membership.Role), "somebody of every role"
    for one in sign_ins(NOON):
        codes = (
            Posting.objects.on(TODAY).filter(officer__user__email=one.email).values_list("district__code", flat=True)
        )
        assert all(f"№ {code}" in one.role for code in codes)
        assert ("Квадрати: " in one.role) == bool(codes)


def test_a_letter_of_the_demonstration_can_be_forwarded_to_its_council(db: None) -> None:
    build_world("ternopil-training", stage="training")
    for _time in range(2):
        _load_bodies(NOON)
    city = City.objects.get()
    assert [body.purpose for body in Body.objects.of(city).filter(city=city)] == ["municipal"]
