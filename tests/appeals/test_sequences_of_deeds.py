"""Whatever the staff try, in whatever order: no deed without sight of the letter, and no step beside the table."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from appeals import errors, workflow
from appeals.access import as_staff, as_task
from appeals.models import Appeal, Event, KeepFrom
from appeals.services.history import side_of
from appeals.workflow import Lane, Move, State
from people.models import User
from tests.appeals.conftest import build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.appeals.test_deciding import FORMAL, deeds
from tests.world import NOON

ROLES = ("north", "mid", "supervisor", "foreign", "moderator", "coordinator", "admin")
DEEDS = (
    "accept", "start_work", "study", "mark_spam", "not_spam", "reply", "close", "return", "extend", "transfer",
    "hand_up", "forward", "category", "register", "note",
)  # fmt: skip
ATTEMPTS = st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(ROLES)), min_size=1, max_size=8)
LETTERS = st.sampled_from([{}, FORMAL, {"keep_from": KeepFrom.OFFICER}, {"category": "domestic-violence"}])


@pytest.mark.usefixtures("db")
class TestSequences(TestCase):
    """Each example begins with a letter of its own, in a transaction that is rolled back."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(attempts=ATTEMPTS, letter=LETTERS)
    def test_no_deed_without_sight_and_no_step_beside_the_table(
        self, attempts: list[tuple[str, str]], letter: dict[str, Any]
    ) -> None:
        office = build_office()
        mid = user_with_role(office.world, "officer", "mid@example.org")
        office.world.acting.user = mid
        office.world.acting.save()
        who: dict[str, User] = {
            "north": office.officer,
            "mid": mid,
            "supervisor": office.supervisor,
            "foreign": build_office("chuzhi", west=26.0).supervisor,
            "moderator": user_with_role(office.world, "moderator", "moderator@example.org"),
            "coordinator": user_with_role(office.world, "coordinator", "coordinator@example.org"),
            "admin": User.objects.create_superuser("admin@example.org"),
        }
        sent = new_letter(office.world, **letter).appeal
        for name, role in attempts:
            self._try(sent.pk, who[role], lambda one, name=name: deeds(office, one)[name])

    def _try(self, pk: int, by: User, deed_of: Any) -> None:
        with as_task("test"):
            before = Appeal.objects.with_key().get(pk=pk)
            was, events = before.state, Event.objects.filter(appeal=pk).count()
            sees = Appeal.objects.visible_to(by, on=NOON.date()).filter(pk=pk).exists()
            deed = deed_of(before)
        try:
            with as_staff(by, on=NOON.date()):
                deed(by)
            done = True
        except errors.LetterRefused:
            done = False
        with as_task("test"):
            after = Appeal.objects.get(pk=pk)
            added = list(Event.objects.filter(appeal=pk).order_by("pk"))[events:]
            assert sees or not done, (by, was)
            assert done or not added, "what was refused left a trace"
            assert done or after.state == was
            state = was
            for event in added:
                assert event.by == by
                if event.kind in set(Move):
                    lane, side = Lane(after.lane), side_of(by, after)
                    steps = [step for step in workflow.TABLE if step.move == event.kind and state in step.sources]
                    steps = [step for step in steps if side in step.by and lane in step.lanes]
                    assert event.state_after in {step.leads_to(State(state)) for step in steps}
                    state = event.state_after
            assert after.state == state
