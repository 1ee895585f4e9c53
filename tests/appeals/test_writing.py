"""What a writer does after sending: each deed once, under the receipt, with its clock."""

import datetime
import itertools
import uuid
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appeals import errors, services
from appeals.models import AnswerBy, Appeal, Lane, Rating, Writer
from appeals.services import Submitted
from appeals.workflow import OPEN_STATES, State
from tests.appeals.conftest import Office
from tests.appeals.letters import later, new_letter
from tests.world import NOON, TODAY

WRITER = Writer(name="Тестова Особа", residence="вул. Перша, 5", email="person@example.org")


def answered(office: Office, sent: Submitted) -> Appeal:
    """Answer a letter on its day."""
    services.reply(appeal=sent.appeal, author=office.officer, body="Done.", sent_at=NOON, key=uuid.uuid4())
    return refreshed(sent)


def refreshed(sent: Submitted) -> Appeal:
    """The letter as its receipt opens it now."""
    return services.appeal_by_receipt(sent.receipt)


def test_a_formal_appeal_runs_by_the_laws_clock(office: Office) -> None:
    appeal = new_letter(
        office.world, lane=Lane.FORMAL, name=WRITER.name, residence=WRITER.residence, email=WRITER.email
    ).appeal
    assert (appeal.answer_due_on - TODAY).days == 15
    assert appeal.writer == WRITER


@pytest.mark.parametrize("missing", ["name", "residence", "email"])
def test_a_formal_appeal_without_identity_is_refused(office: Office, missing: str) -> None:
    said = {"name": "Тестова Особа", "residence": "вул. Перша, 5", "email": "person@example.org"} | {missing: " "}
    with pytest.raises(errors.NeedsIdentity):
        new_letter(office.world, lane=Lane.FORMAL, **said)


@pytest.mark.parametrize("way", [AnswerBy.EMAIL, AnswerBy.PHONE])
def test_a_way_to_answer_without_its_contact_is_refused(office: Office, way: str) -> None:
    with pytest.raises(errors.NeedsIdentity):
        new_letter(office.world, answer_by=way)


def test_a_contact_that_may_not_be_used_is_not_kept(office: Office) -> None:
    letter = new_letter(office.world, email="person@example.org", phone="+380501112233", residence="вул. Перша").appeal
    assert letter.writer == Writer()


@pytest.mark.parametrize("field", ["lane", "stance", "answer_by", "keep_from"])
def test_a_choice_that_does_not_exist_is_refused_by_name(office: Office, field: str) -> None:
    with pytest.raises(errors.BadDraft, match="nonsense"):
        new_letter(office.world, **{field: "nonsense"})


def test_a_message_becomes_a_formal_appeal_with_a_clock_of_its_own(office: Office) -> None:
    sent = new_letter(office.world)
    with pytest.raises(errors.NeedsIdentity):
        services.upgrade(receipt=sent.receipt, writer=Writer(name="Тестова Особа"), at=later(days=1))
    services.upgrade(receipt=sent.receipt, writer=WRITER, at=later(days=1))
    appeal = refreshed(sent)
    assert (appeal.lane, appeal.state, appeal.writer, appeal.answer_by) == ("formal", State.RECEIVED, WRITER, "email")
    assert appeal.answer_due_on == TODAY + datetime.timedelta(days=16)
    with pytest.raises(errors.NotPossibleNow):
        services.upgrade(receipt=sent.receipt, writer=WRITER, at=later(days=1))


def test_upgrading_a_protected_letter_does_not_let_mail_go_out(office: Office) -> None:
    sent = new_letter(office.world, category="domestic-violence")
    services.upgrade(receipt=sent.receipt, writer=WRITER, at=NOON)
    assert refreshed(sent).answer_by == AnswerBy.RECEIPT


@pytest.mark.parametrize("category", ["domestic-violence", "noise"])
def test_another_mailbox_for_the_law_is_not_the_one_that_a_protected_letter_called_safe(
    office: Office, category: str
) -> None:
    chosen = {"answer_by": AnswerBy.EMAIL, "email": "safe@example.org", "category": category}
    kept, other = new_letter(office.world, **chosen), new_letter(office.world, **chosen)
    services.upgrade(receipt=kept.receipt, writer=replace(WRITER, email="", phone="+380501112233"), at=NOON)
    services.upgrade(receipt=other.receipt, writer=WRITER, at=NOON)
    assert refreshed(kept).answer_by == AnswerBy.EMAIL
    assert refreshed(other).answer_by == (AnswerBy.RECEIPT if refreshed(other).protected else AnswerBy.EMAIL)


def test_a_letter_is_withdrawn_before_its_answer_and_not_after(office: Office) -> None:
    sent = new_letter(office.world)
    services.withdraw(receipt=sent.receipt, at=NOON)
    assert refreshed(sent).state == State.CLOSED
    with pytest.raises(errors.NotPossibleNow):
        services.reopen(receipt=sent.receipt, body="Again.", sent_at=NOON, key=uuid.uuid4())


def test_a_correction_stands_beside_the_letter(office: Office) -> None:
    sent = new_letter(office.world)
    services.correct(receipt=sent.receipt, body="It was the 5th.", sent_at=NOON, key=uuid.uuid4())
    appeal = refreshed(sent)
    assert appeal.text == "Music every night after eleven."
    assert [(one.body, one.corrects) for one in appeal.messages.all()] == [("It was the 5th.", True)]
    answered(office, sent)
    with pytest.raises(errors.NotPossibleNow):
        services.correct(receipt=sent.receipt, body="No, the 6th.", sent_at=NOON, key=uuid.uuid4())


@pytest.mark.parametrize(("days", "opens"), [(0, True), (14, True), (15, False)])
def test_a_closed_letter_is_reopened_within_fourteen_days(office: Office, days: int, opens: bool) -> None:
    sent = new_letter(office.world)
    answered(office, sent)
    services.close(appeal=sent.appeal, by=office.officer, at=NOON, reason="Answered.")
    key = uuid.uuid4()
    if not opens:
        with pytest.raises(errors.NotPossibleNow, match="14"):
            services.reopen(receipt=sent.receipt, body="Again.", sent_at=later(days=days), key=key)
        return
    for _ in range(2):
        services.reopen(receipt=sent.receipt, body="Again.", sent_at=later(days=days), key=key)
    appeal = refreshed(sent)
    assert (appeal.state, appeal.clock_from) == (State.REOPENED, TODAY + datetime.timedelta(days=days))
    assert [one.body for one in appeal.messages.all()] == ["Done.", "Again."]


def test_an_answer_is_rated_with_one_word_that_may_change(office: Office) -> None:
    sent = new_letter(office.world)
    with pytest.raises(errors.NotPossibleNow):
        services.rate(receipt=sent.receipt, rating=Rating.YES, at=NOON)
    answered(office, sent)
    services.rate(receipt=sent.receipt, rating=Rating.NO, at=NOON)
    services.rate(receipt=sent.receipt, rating=Rating.PARTLY, at=later(hours=1))
    assert refreshed(sent).rating == Rating.PARTLY
    with pytest.raises(errors.NotPossibleNow):
        services.rate(receipt=sent.receipt, rating="great", at=NOON)


def test_each_side_learns_when_the_other_read(office: Office) -> None:
    sent = new_letter(office.world)
    services.open_letter(appeal=sent.appeal, user=office.officer, at=later(hours=1))
    services.open_letter(appeal=sent.appeal, user=office.officer, at=later(hours=2))
    assert refreshed(sent).first_read_at == later(hours=1)
    answered(office, sent)
    assert [one.read_at for one in refreshed(sent).messages.all()] == [None]
    services.read_by_writer(receipt=sent.receipt, at=later(hours=3))
    assert [one.read_at for one in refreshed(sent).messages.all()] == [later(hours=3)]


DEEDS = {
    "write": lambda sent, at: services.add_writer_message(receipt=sent.receipt, body="x", sent_at=at, key=uuid.uuid4()),
    "correct": lambda sent, at: services.correct(receipt=sent.receipt, body="x", sent_at=at, key=uuid.uuid4()),
    "withdraw": lambda sent, at: services.withdraw(receipt=sent.receipt, at=at),
    "reopen": lambda sent, at: services.reopen(receipt=sent.receipt, body="x", sent_at=at, key=uuid.uuid4()),
    "complete": lambda sent, at: services.complete(receipt=sent.receipt, body="x", sent_at=at, key=uuid.uuid4()),
    "rate": lambda sent, at: services.rate(receipt=sent.receipt, rating=Rating.NO, at=at),
    "upgrade": lambda sent, at: services.upgrade(receipt=sent.receipt, writer=WRITER, at=at),
    "answer": lambda sent, at: services.reply(
        appeal=sent.appeal, author=Appeal.objects.get(pk=sent.appeal.pk).officer.user, body="x", sent_at=at,
        key=uuid.uuid4(),
    ),
    "close": lambda sent, at: services.close(
        appeal=sent.appeal, by=Appeal.objects.get(pk=sent.appeal.pk).officer.user, at=at, reason="x"
    ),
}  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(DEEDS)), max_size=12))
def test_no_sequence_of_deeds_breaks_the_history_or_stops_a_clock(office: Office, deeds: list[str]) -> None:
    sent = new_letter(office.world)
    for hour, deed in enumerate(deeds):
        before = Appeal.objects.get(pk=sent.appeal.pk)
        try:
            DEEDS[deed](sent, later(hours=hour))
        except errors.LetterRefused:
            assert Appeal.objects.filter(pk=before.pk, state=before.state, answer_due_on=before.answer_due_on).exists()
        letter = Appeal.objects.get(pk=sent.appeal.pk)
        assert letter.answer_due_on >= letter.clock_from
        assert letter.state not in OPEN_STATES or letter.answer_due_on > TODAY
    steps = [(one.state_before, one.state_after) for one in sent.appeal.events.order_by("pk")]
    assert all(after == before for (_, after), (before, _) in itertools.pairwise(steps))
    assert steps[-1][1] == Appeal.objects.get(pk=sent.appeal.pk).state
