"""The demonstration's published questions: plainly made up, by the way of all others, the same when loaded again."""

import datetime

from django.test import Client

from appeals.access import as_task
from appeals.models import Event, PublicQuestion
from mapui.demo_questions import MARK, QUESTIONS, publish_demo_questions
from tests.appeals.towns import build_town
from tests.world import NOON


def test_a_fresh_pilot_shows_questions_and_answers_once(db: None, client: Client) -> None:
    town, now = build_town("ternopil"), NOON + datetime.timedelta(days=30)
    assert publish_demo_questions(town.world.city, now=now) == len(QUESTIONS["ternopil"])
    assert publish_demo_questions(town.world.city, now=now) == 0
    shown = PublicQuestion.objects.of_city(town.world.city)
    assert len(shown) == len(QUESTIONS["ternopil"])
    assert all(one.question.startswith(MARK) and one.answer.startswith(MARK) for one in shown)
    assert all(one.district in (town.world.north, town.world.mid, town.world.south) for one in shown)
    with as_task("test"):
        told = Event.objects.filter(appeal=shown[0].appeal_id).order_by("pk").values_list("kind", flat=True)
        assert list(told) == ["sent", "accept", "answer", "publish_allowed", "publish_offered", "published"]
    assert client.get("/ternopil/questions/").content.decode().count("Демонстрація.") >= len(shown)
