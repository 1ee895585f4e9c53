"""The demonstration's letters: made up, in training cities alone, counted and released like any others."""

import datetime
import random

import pytest
from django.core.management import CommandError, call_command

from analysis.models import CellCount, Release
from appeals.access import as_task
from appeals.models import Appeal
from mapui.demo_letters import NothingToDraw, write_demo_letters
from tests.analysis.letters import give_houses
from tests.appeals.conftest import Office, build_office
from tests.world import NOON, World


@pytest.fixture
def office(db: None) -> Office:
    """A training city whose gazetteer knows some houses."""
    office = build_office()
    give_houses(office.world, 20)
    return office


def test_letters_are_marked_answered_counted_and_released(office: Office) -> None:
    now = NOON + datetime.timedelta(days=70)
    written = write_demo_letters(office.world.city, letters=40, days=90, now=now, chance=random.Random(1))
    with as_task("test"):
        letters = list(Appeal.objects.with_key())
        assert len(letters) == written > 30
        assert all(letter.text.startswith("Демонстрація") for letter in letters)
        assert {letter.state for letter in letters} <= {"answered", "received"}
    assert CellCount.objects.letters() == sum(letter.state == "answered" for letter in letters)
    assert Release.objects.filter(city=office.world.city, kind="ordinary").exists()


def test_only_a_training_city_takes_them(world: World) -> None:
    with pytest.raises(CommandError, match="not a training city"):
        call_command("load_demo_letters", "--city", world.city.slug)


def test_without_houses_there_is_nothing_to_draw(db: None) -> None:
    city = build_office().world.city
    with pytest.raises(NothingToDraw, match="houses"):
        write_demo_letters(city, letters=1, days=1, now=NOON, chance=random.Random(1))
